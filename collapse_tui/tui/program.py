"""The application as its screens know it; `app` adds which of them comes first."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate
from textual.app import App
from textual.filter import LineFilter, NoColor
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.signal import Signal
from textual.theme import Theme
from typing_extensions import override

from collapse_tui.charts.palette import palette_of_run
from collapse_tui.charts.spec import Marker
from collapse_tui.terminal_colours import Depth
from collapse_tui.tui.clipboard import copy_text
from collapse_tui.tui.driver import TerminalDriver
from collapse_tui.tui.indexed_colours import IndexedColours
from collapse_tui.tui.line_filter import ControlFilter
from collapse_tui.tui.narrow_update import NarrowUpdate
from collapse_tui.tui.render import Renderer
from collapse_tui.tui.settings import ScreenSettings
from collapse_tui.tui.themes import DARK, LIGHT, find_theme
from collapse_tui.tui.usage import UsageMeter
from collapse_tui.visible_text import to_visible, to_visible_line

if TYPE_CHECKING:
    from collapse_tui.tui.runs.session import Session


SYSTEMS: Mapping[Depth, Literal["standard", "256", "truecolor"]] = {
    "truecolor": "truecolor",
    "256": "256",
    "16": "standard",
    "none": "standard",
}
"""What rich calls so many colours; where there are none a filter takes them out."""
DEPTH_FILTERS: Mapping[Depth, tuple[LineFilter, ...]] = {
    "truecolor": (),
    "256": (IndexedColours(),),
    "16": (),
    "none": (NoColor(),),
}
"""What looks at every line last, by how many colours the terminal shows."""


def _console_of(depth: Depth, usual: Console) -> Console:
    """Return Textual's console, which knows COLORTERM and TERM alone, for so many colours."""
    return Console(
        color_system=SYSTEMS[depth], file=usual.file, highlight=False, emoji=False,
        legacy_windows=False, force_terminal=True, safe_box=False,
    )  # fmt: skip


class Program(App[int]):
    """An application without screens.

    Parameters
    ----------
    settings : ScreenSettings
        What is in force as it starts.

    Attributes
    ----------
    renderer : Renderer
        The thread that draws charts.
    last_sessions : list of Session
        The runs of the live screen that was closed last, or of all that closed with the program.
    running : list of Session
        The runs whose state is not saved yet.
    layout : int
        The number key of the live screen's layout.
    marker_changed : Signal
        Published after the characters of curves have changed.
    shown_run : str
        The letter of the run that is shown, in whose hue everything of it is drawn.
    first_fault : Exception or None
        The first defect that did not close the screen: of a run, or of a chart.
    """

    def __init__(self, settings: ScreenSettings) -> None:
        # in sixteen colours those of the terminal pass as they are named
        super().__init__(ansi_color=True if settings.depth in {"16", "none"} else None)
        self.console = _console_of(settings.depth, self.console)
        self.settings: ScreenSettings = settings
        marker, theme = settings.marker, settings.theme
        self.first_fault: Exception | None = None
        self.renderer = Renderer(self.keep_fault)
        self.layout: int = settings.layout
        self.marker: Marker
        self._temporary: TemporaryDirectory[str] | None = None
        self.last_sessions: list[Session] = []
        self.running: list[Session] = []
        self.shown_run = "A"
        for own in (DARK, LIGHT):
            self.register_theme(own)
        self._chosen_theme = theme
        self.theme = find_theme(theme, settings.depth, settings.background)
        self._use_marker(marker)
        self.marker_changed: Signal[Marker] = Signal(self, "marker-changed")
        self.set_keymap({action.id: action.keys for action in settings.actions})

    def on_mount(self) -> None:
        """Remember which theme is chosen from now on."""
        self.theme_changed_signal.subscribe(self, self._remember_theme)

    def choose_theme(self, name: str) -> None:
        """Use other colours from now on, the next time too."""
        self._chosen_theme = name
        self.theme = find_theme(name, self.settings.depth, self.settings.background)

    def choose_marker(self, marker: Marker) -> None:
        """Draw curves with other characters from now on, the next time too."""
        self._use_marker(marker)
        self.settings.remembered.keep("marker", marker)
        self.marker_changed.publish(marker)

    def choose_layout(self, number: int) -> None:
        """Show the panes of the layout of a number key from now on, the next time too."""
        self.layout = number
        self.settings.remembered.keep("layout", number)

    def _use_marker(self, marker: Marker) -> None:
        self.marker = marker
        self.set_class(marker == "ascii", "-ascii")
        self._controls = ControlFilter(ascii_only=marker == "ascii")

    def _remember_theme(self, theme: Theme) -> None:
        chosen, settings = self._chosen_theme, self.settings
        is_chosen = find_theme(chosen, settings.depth, settings.background) == theme.name
        settings.remembered.keep("theme", chosen if is_chosen else theme.name)

    def set_terminal_title(self, title: str) -> None:
        """Set the title of the terminal's window, until the screen is left."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.set_title(title)

    def copy_text(self, text: str) -> str:
        """Put a text where it can be pasted from; return the sentence about where that is."""
        return copy_text(text, self.copy_to_clipboard)

    def announce_end(self, text: str) -> None:
        """Ring or notify, as the user has asked for, that a run has ended."""
        if self.settings.bell == "bell":
            self.bell()
        elif self.settings.bell == "notification" and self._driver is not None:
            # OSC 9: terminals that know it show the text on the desktop
            self._driver.write(f"\x1b]9;{to_visible_line(text)}\x07")

    @override
    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), *DEPTH_FILTERS[self.settings.depth], self._controls]

    @override
    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if type(renderable) is ChopsUpdate:
            renderable = NarrowUpdate.of(renderable)
        super()._display(screen, renderable)  # pyright: ignore[reportUnknownMemberType]

    @override
    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        # messages quote files of anybody's: a bracket in one is no markup, and no link to click
        super().notify(
            to_visible(message), title=to_visible_line(title), severity=severity,
            timeout=timeout, markup=False,
        )  # fmt: skip

    def keep_fault(self, fault: Exception) -> None:
        """Keep a defect until the screen has closed, if it is the first one."""
        self.first_fault = self.first_fault or fault

    @cached_property
    def usage_meter(self) -> UsageMeter:
        """What looks at the machine; made in the worker that asks first."""
        return UsageMeter.of_machine()

    def temporary_runs(self) -> Path:
        """Return a folder for runs that nobody will look for; it is removed with the program."""
        if self._temporary is None:
            self._temporary = TemporaryDirectory(prefix="collapse-tui-", ignore_cleanup_errors=True)
        return Path(self._temporary.name)

    def goes_back(self, screen: Screen[Any]) -> bool:
        """Return whether there is a screen below this one that its user came from."""
        stack = self.screen_stack
        return screen in stack and stack.index(screen) > 1

    def is_seen(self, screen: Screen[Any]) -> bool:
        """Return whether nothing but dialogs lies above a screen."""
        stack = self.screen_stack
        return screen in stack and all(one.is_modal for one in stack[stack.index(screen) + 1 :])

    def remember_sessions(self, sessions: Sequence["Session"]) -> None:
        """Keep the runs of a live screen that is closed, for what is said of them at the end."""
        kept = self.last_sessions if self._exit else []
        self.last_sessions = [*kept, *sessions]

    def show_runs(self, selected: Path | None = None) -> None:
        """Show the list of saved runs, with the cursor on one of them."""

    def expect_end(self, exit_code: int) -> None:
        """Wait for the runs, which were asked to stop, no longer than they may take.

        Parameters
        ----------
        exit_code : int
            What the process ends with where one takes longer.
        """

    @override
    def exit(
        self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        self.expect_end(result or 0)
        super().exit(result, return_code, message)

    @property
    def palette(self) -> str:
        """The palette that suits the theme and the run that is shown."""
        ground = "dark" if self.current_theme.dark else "light"
        depth = self.settings.depth
        if self.no_color or depth == "none":
            base = "plain"
        elif depth == "16" or self.theme.startswith("ansi"):
            base = "ansi" if ground == "dark" else "ansi-light"
        else:
            base = f"{ground}-256" if depth == "256" else ground
        return palette_of_run(base, self.shown_run)
