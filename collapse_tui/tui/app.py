"""The application: which screen comes first, and the actions in the command palette."""

import asyncio
import dataclasses
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import ModalScreen, Screen
from textual.worker import WorkerFailed
from typing_extensions import override

from collapse_tui.charts.spec import Marker
from collapse_tui.served import is_served
from collapse_tui.tui.commands import list_commands
from collapse_tui.tui.driver import TerminalDriver, can_stop, stop_group
from collapse_tui.tui.first_screen import FirstScreen
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.screens.help_text import leave_message
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.settings import ScreenSettings, resolve_settings
from collapse_tui.tui.terminal import follow_terminal_size, see_terminal, why_no_screen
from collapse_tui.tui.watchdog import Watchdog
from collapse_tui.visible_text import to_visible_line

MOST_THREADS = 32
"""For runs, checks and estimates; threads are started as they are needed."""

CHECK_SECONDS = 1.0
"""Between two looks at whether the terminal is still there."""


class CollapseApp(Program):
    """The screen of collapse-tui.

    Parameters
    ----------
    launcher : Launcher
    preset : str or None
        Run this at once; None: the picker.
    settings : dict of str to object
        What differs from the preset, by dotted key.
    first : callable or None
        Makes another first screen than the picker, where there is no preset.
    chosen : ScreenSettings or None
        What is in force as it starts; None: everything as at first.
    marker, theme : str or None
        Instead of what `chosen` says.
    """

    CSS_PATH = "style.tcss"
    TITLE = "collapse-tui"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "interrupt", "Leave", show=False, priority=True),
        Binding("ctrl+z", "stop", "Stop; the shell's fg continues", show=False, priority=True),
    ]

    def __init__(  # noqa: PLR0913 - all but the first three by keyword
        self,
        launcher: Launcher,
        preset: str | None = None,
        settings: Mapping[str, object] | None = None,
        *,
        first: FirstScreen | None = None,
        chosen: ScreenSettings | None = None,
        marker: Marker | None = None,
        theme: str | None = None,
    ) -> None:
        chosen = chosen or ScreenSettings()
        chosen = dataclasses.replace(
            chosen, marker=marker or chosen.marker, theme=theme or chosen.theme
        )
        super().__init__(chosen)
        self._launcher = launcher
        self._preset = preset
        self._first = first or PickerScreen
        self._settings = settings or {}
        self.watchdog = Watchdog(self._leave, lambda: list(self.running), self._abandon)

    @override
    def get_driver_class(self) -> type[Driver]:
        usual = super().get_driver_class()
        if is_served():
            from collapse_tui.tui.browser_driver import BrowserDriver  # rarely needed

            return BrowserDriver
        return TerminalDriver if usual is LinuxDriver else usual

    def on_mount(self) -> None:
        """Show the first screen."""
        # asyncio's own pool has six threads on two cores: six runs would leave none for checks
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(MOST_THREADS))
        self.renderer.start()
        if isinstance(self._driver, TerminalDriver):
            self._driver.on_loss = partial(self.watchdog.end, signal.SIGHUP)
            self.set_interval(CHECK_SECONDS, self._driver.check)
        elif is_served() and self._driver is not None:
            driver: Any = self._driver
            driver.on_loss = partial(self.watchdog.end, signal.SIGHUP)
        if self._preset is None:
            self.push_screen(self._first(self, self._launcher))
        else:
            open_run = partial(self._launcher.open, self._preset, self._settings)
            about = RunDescription(self._preset, "")
            self.push_screen(LiveScreen(self, self._launcher, open_run, about))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Return everything that can be done here: by name, with its key where it has one."""
        for command in super().get_system_commands(screen):  # pyright: ignore[reportUnknownMemberType]
            if command.title != "Screenshot" or not is_served():  # a browser has its own
                yield command
        yield from list_commands(self, self._launcher, screen)

    @property
    def fault(self) -> Exception | None:
        """The error that closed the screen, else the first one that did not; None for none."""
        error = self._exception
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        return error or self.first_fault

    def on_unmount(self) -> None:
        """End the render thread."""
        self.renderer.close()

    def _leave(self, code: int) -> None:
        """Ask the screen to close; from any thread, and from a signal's handler."""
        if code == 128 + signal.SIGHUP and isinstance(self._driver, TerminalDriver):
            self._driver.lose()
        if self._loop is not None:
            with suppress(RuntimeError):  # it is closed already
                self._loop.call_soon_threadsafe(self.exit, code)

    @override
    def show_runs(self, selected: Path | None = None) -> None:
        self._load_runs_screen(selected)

    @work(thread=True, group="runs-screen", exclusive=True)
    def _load_runs_screen(self, selected: Path | None) -> None:
        # storage takes a tenth of a second to load, in which no key would be answered
        from collapse_tui.tui.screens.runs import RunsScreen

        self.call_later(self._push_runs, RunsScreen, selected)

    def _push_runs(
        self, kind: Callable[[Program, Launcher, Path | None], Screen[None]], selected: Path | None
    ) -> None:
        screen = kind(self, self._launcher, selected)
        if not isinstance(self.screen, (ModalScreen, type(screen))):
            self.push_screen(screen)

    @override
    def expect_end(self, exit_code: int) -> None:
        self.watchdog.expect_end(exit_code)

    def _abandon(self, reason: str) -> None:
        """Leave without Textual, which waits for its threads, and without the runs."""
        for session in list(self.running):
            session.record_interruption(reason)
        if isinstance(self._driver, TerminalDriver):
            self._driver.abandon()
        live = (screen for screen in self.screen_stack if isinstance(screen, LiveScreen))
        shown = [one for screen in live if screen.runs.kept for one in screen.runs.sessions]
        _say_last(shown or self.last_sessions)

    @override
    def _fatal_error(self) -> None:
        # `run_screen` raises the error once the terminal is as it was
        self._close_messages_no_wait()

    def action_stop(self) -> None:
        """Stop as other programs do at ctrl+z, if there is a shell that can continue this one."""
        if can_stop():
            stop_group()
        else:
            self.notify("no shell would continue it: ctrl+z is left out here", severity="warning")

    def action_interrupt(self) -> None:
        """Leave the program, after a question where a run would be cut short; ctrl+c does too."""
        live = [screen for screen in self.screen_stack if isinstance(screen, LiveScreen)]
        busy = [screen for screen in live if screen.runs.is_at_stake]
        if busy and not isinstance(self.screen, ModalScreen):
            others = [screen.runs for screen in busy[:-1]]
            busy[-1].departure.ask(out=True, others=others)
        else:
            self.exit(live[-1].runs.exit_code if live else 0)


def run_screen(  # noqa: PLR0913 - all but the first two by keyword
    preset: str | None,
    settings: Mapping[str, object],
    *,
    runs: Path,
    first: FirstScreen | None = None,
    out: Path | None = None,
    marker: Marker | None = None,
    theme: str | None = None,
    unicode: bool = True,
    device: str = "auto",
    replace: bool = False,
) -> int:
    """Run the screen and return the exit code.

    Parameters
    ----------
    preset : str or None
        Name or path; None shows the picker.
    settings : dict
    runs : Path
        Where runs are saved.
    first : callable or None
        Makes another first screen than the picker, where there is no preset.
    out : Path or None
        Folder of this run itself.
    marker, theme : str or None
        Options of the command line; None: as the user's settings say.
    unicode : bool
        Whether the terminal takes more than ASCII.
    device : str
        What new runs compute on.
    replace : bool
        Whether a run that is in `out` is deleted once this one can start.

    Returns
    -------
    int
        0; 1 if the run failed; 2 if nothing could start; 128 and the number of a signal.
    """
    # Otherwise a key would wait 5 ms for each long pure-Python stretch of an engine.
    sys.setswitchinterval(0.0005)
    chosen = resolve_settings(theme, marker, unicode=unicode)
    refusal = why_no_screen(chosen.theme)
    if refusal:
        sys.stderr.write(f"error: {to_visible_line(refusal)}\n")
        return 2
    follow_terminal_size()
    chosen = see_terminal(chosen)
    launcher = Launcher(runs, out, device, replace)
    app = CollapseApp(launcher, preset, settings, first=first, chosen=chosen)
    try:
        app.watchdog.open()
        code = app.run() or 0
    finally:
        app.watchdog.close()
    _say_last(app.last_sessions)
    if app.fault is not None:
        raise app.fault  # the command line logs it and says one sentence
    return app.watchdog.exit_code or code


def _say_last(sessions: Iterable[Session]) -> None:
    lines = (line for one in sessions for line in leave_message(one.snapshot))
    with suppress(OSError):  # a terminal that is closed needs no last words
        sys.stderr.writelines(f"{to_visible_line(line)}\n" for line in lines)
        sys.stderr.flush()
