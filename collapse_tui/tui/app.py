"""The application: themes, marker, render thread, and which screen comes first."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import App
from textual.binding import Binding, BindingType

from collapse_tui.charts import Marker
from collapse_tui.tui.command_palette import LiveCommands
from collapse_tui.tui.render import Renderer
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.launcher import Launcher, OpenRun
from collapse_tui.tui.screens.help_text import leave_message
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.terminal import on_termination, set_terminal_title, why_no_screen
from collapse_tui.tui.themes import DARK, LIGHT, THEMES

if TYPE_CHECKING:
    from collapse_tui.tui.runs.session import Session


class CollapseApp(App[int]):
    """The screen of collapse-tui.

    Parameters
    ----------
    launcher : Launcher
    preset : str or None
        Run this at once; None: the picker.
    overrides : dict of str to str
        Dotted keys, values as TOML.
    marker : str
        ``"braille"``, ``"block"`` or ``"ascii"``.
    theme : str
        ``"dark"``, ``"light"``, ``"ansi"`` or the name of a Textual theme.
    """

    CSS_PATH = "style.tcss"
    TITLE = "collapse-tui"
    COMMANDS = App.COMMANDS | {LiveCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "interrupt", "Leave", show=False, priority=True)
    ]

    def __init__(
        self,
        launcher: Launcher,
        preset: str | None = None,
        overrides: Mapping[str, str] | None = None,
        *,
        marker: Marker = "braille",
        theme: str = "dark",
    ) -> None:
        super().__init__()
        self.launcher = launcher
        self.renderer = Renderer()
        self.marker: Marker = marker
        self.last_sessions: list[Session] = []
        self._preset = preset
        self._overrides = dict(overrides or {})
        for own in (DARK, LIGHT):
            self.register_theme(own)
        self.theme = THEMES.get(theme, theme)
        self.set_class(marker == "ascii", "-ascii")

    @property
    def palette(self) -> str:
        """The palette that suits the theme."""
        if os.environ.get("NO_COLOR"):
            return "plain"
        if self.theme.startswith("ansi"):
            return "ansi"
        return "dark" if self.current_theme.dark else "light"

    @property
    def has_picker(self) -> bool:
        """Whether runs are chosen in the picker, so that a screen can go back to it."""
        return self._preset is None

    def on_mount(self) -> None:
        """Show the first screen."""
        self.renderer.start()
        on_termination(self.exit)
        if self._preset is None:
            self.push_screen(PickerScreen(self, self.launcher))
        else:
            name, overrides = self._preset, self._overrides
            self.run_live(RunDescription(name, ""), lambda: self.launcher.open(name, overrides))

    def run_live(self, about: RunDescription, open_run: Callable[[], OpenRun]) -> None:
        """Show a run."""
        set_terminal_title(f"collapse-tui · {Path(about.name).stem}")
        self.push_screen(LiveScreen(self, self.launcher, open_run, about))

    def on_unmount(self) -> None:
        """End the render thread."""
        self.renderer.close()

    async def action_interrupt(self) -> None:
        """Leave as q does, so that ctrl+c never loses a run."""
        await self.screen.run_action("leave" if isinstance(self.screen, LiveScreen) else "app.quit")


def run_screen(  # noqa: PLR0913 - all but the first two by keyword
    preset: str | None,
    overrides: Mapping[str, str],
    *,
    runs: Path,
    out: Path | None = None,
    marker: str = "braille",
    theme: str = "dark",
    device: str = "auto",
) -> int:
    """Run the screen and return the exit code.

    Parameters
    ----------
    preset : str or None
        Name or path; None shows the picker.
    overrides : dict
    runs : Path
        Where runs are saved.
    out : Path or None
        Folder of this run itself.
    marker, theme : str
    device : str
        What new runs compute on.

    Returns
    -------
    int
        0; 1 if the run failed; 2 if nothing could start; 128 and the number of a signal.
    """
    # Otherwise a key would wait 5 ms for each long pure-Python stretch of an engine.
    sys.setswitchinterval(0.0005)
    refusal = why_no_screen(theme)
    if refusal:
        sys.stderr.write(refusal + "\n")
        return 2
    launcher = Launcher(runs, out, device)
    app = CollapseApp(launcher, preset, overrides, marker=cast("Marker", marker), theme=theme)
    code = app.run()
    sys.stderr.writelines(
        f"{line}\n" for session in app.last_sessions for line in leave_message(session.snapshot)
    )
    return code or 0
