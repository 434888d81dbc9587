"""What a screen may ask of the application."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from textual.screen import Screen
from textual.signal import Signal
from textual.theme import Theme

from collapse_tui.charts import Marker
from collapse_tui.tui.render import Renderer
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.launcher import OpenRun
from collapse_tui.tui.runs.session import Session

Result = TypeVar("Result")


class Program(Protocol):
    """The application as its screens see it.

    Attributes
    ----------
    renderer : Renderer
        The thread that draws charts.
    marker : str
        ``"braille"``, ``"block"`` or ``"ascii"``.
    last_sessions : list of Session
        The runs of the live screen that was closed last.
    theme_changed_signal : Signal
    """

    renderer: Renderer
    marker: Marker
    last_sessions: list[Session]
    theme_changed_signal: Signal[Theme]

    @property
    def palette(self) -> str:
        """The name of the palette that suits the theme."""
        ...

    @property
    def has_picker(self) -> bool:
        """Whether runs are chosen in the picker, so that a screen can go back to it."""
        ...

    def run_live(self, about: RunDescription, open_run: Callable[[], OpenRun]) -> None:
        """Show a run on a new live screen."""
        ...

    def push_screen(
        self, screen: Screen[Result], callback: Callable[[Result | None], None] | None = None
    ) -> object:
        """Show a screen above the others, and give its result to `callback`."""
        ...

    def exit(self, result: int) -> None:
        """End the application with an exit code."""
        ...

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text`, also over ssh."""
        ...

    def export_screenshot(self, *, title: str) -> str:
        """Return what is on the screen as SVG."""
        ...
