"""The application: which screen comes first, and the actions in the command palette."""

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from collapse_tui.charts.spec import Marker
from collapse_tui.tui.keys import LIVE_ACTIONS
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.help_text import leave_message
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.terminal import on_termination, why_no_screen


class CollapseApp(Program):
    """The screen of collapse-tui.

    Parameters
    ----------
    launcher : Launcher
    preset : str or None
        Run this at once; None: the picker.
    settings : dict of str to object
        What differs from the preset, by dotted key.
    marker, theme : str
        As in `Program`.
    """

    CSS_PATH = "style.tcss"
    TITLE = "collapse-tui"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "interrupt", "Leave", show=False, priority=True)
    ]

    def __init__(
        self,
        launcher: Launcher,
        preset: str | None = None,
        settings: Mapping[str, object] | None = None,
        *,
        marker: Marker = "braille",
        theme: str = "dark",
    ) -> None:
        super().__init__(marker, theme, has_picker=preset is None)
        self._launcher = launcher
        self._preset = preset
        self._settings = settings or {}

    def on_mount(self) -> None:
        """Show the first screen."""
        self.renderer.start()
        on_termination(self.exit)
        if self._preset is None:
            self.push_screen(PickerScreen(self, self._launcher))
        else:
            open_run = partial(self._launcher.open, self._preset, self._settings)
            about = RunDescription(self._preset, "")
            self.push_screen(LiveScreen(self, self._launcher, open_run, about))

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Add the actions of the live screen, under the sentences of the help."""
        yield from super().get_system_commands(screen)  # pyright: ignore[reportUnknownMemberType]
        if isinstance(screen, LiveScreen):
            for action in LIVE_ACTIONS:
                perform = partial(screen.run_action, action.name)
                yield SystemCommand(action.help, f"key {action.label}", perform)

    def on_unmount(self) -> None:
        """End the render thread."""
        self.renderer.close()

    async def action_interrupt(self) -> None:
        """Leave as q does, so that ctrl+c never loses a run."""
        await self.screen.run_action("leave" if isinstance(self.screen, LiveScreen) else "app.quit")


def run_screen(  # noqa: PLR0913 - all but the first two by keyword
    preset: str | None,
    settings: Mapping[str, object],
    *,
    runs: Path,
    out: Path | None = None,
    marker: Marker = "braille",
    theme: str = "dark",
    device: str = "auto",
) -> int:
    """Run the screen and return the exit code.

    Parameters
    ----------
    preset : str or None
        Name or path; None shows the picker.
    settings : dict
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
    app = CollapseApp(launcher, preset, settings, marker=marker, theme=theme)
    code = app.run()
    sys.stderr.writelines(
        f"{line}\n" for session in app.last_sessions for line in leave_message(session.snapshot)
    )
    return code or 0
