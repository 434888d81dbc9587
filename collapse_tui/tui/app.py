"""The application: themes, marker, the render thread, and which screen comes first."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, cast

from textual.app import App
from textual.binding import Binding, BindingType

from collapse_tui.charts import Marker
from collapse_tui.tui.commands import LiveCommands
from collapse_tui.tui.contract import About, Launcher, RunHandle
from collapse_tui.tui.explaining import farewell
from collapse_tui.tui.history import Snapshot
from collapse_tui.tui.live import LiveScreen
from collapse_tui.tui.picker import PickerScreen
from collapse_tui.tui.render import Renderer
from collapse_tui.tui.themes import DARK, LIGHT, THEMES


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
        self.last_words: list[str] = []
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
    def picking(self) -> bool:
        """Whether runs are chosen in the picker, which is then what to go back to."""
        return self._preset is None

    def on_mount(self) -> None:
        """Show the first screen."""
        self.renderer.start()
        self._listen()
        self.theme_changed_signal.subscribe(self, lambda _: self.call_later(self._repaint))
        if self._preset is None:
            self.push_screen(PickerScreen(self.launcher))
        else:
            name, overrides = self._preset, self._overrides
            self.run_live(About(name, ""), lambda: self.launcher.open(name, overrides))

    def _listen(self) -> None:
        """Leave in order when the terminal is closed or the process is asked to end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self.exit, 128 + number)

    def run_live(self, about: About, open_run: Callable[[], RunHandle]) -> None:
        """Show a run."""
        name_terminal(f"collapse-tui · {Path(about.name).stem}")
        self.push_screen(LiveScreen(self.launcher, open_run, about))

    def on_unmount(self) -> None:
        """End the render thread."""
        self.renderer.close()

    def goodbye(self, snapshot: Snapshot) -> None:
        """Keep what to say once the terminal is the shell's again."""
        self.last_words = farewell(snapshot) if snapshot.generation >= 0 else []

    async def action_interrupt(self) -> None:
        """Leave as q does: ctrl+c must never lose a run."""
        await self.screen.run_action("leave" if isinstance(self.screen, LiveScreen) else "app.quit")

    def _repaint(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, LiveScreen):
                screen.redraw()


def name_terminal(title: str) -> None:
    """Set the title of the terminal's window."""
    if sys.__stderr__ is not None and sys.__stderr__.isatty():
        sys.__stderr__.write(f"\x1b]0;{title}\x07")
        sys.__stderr__.flush()


def main(
    preset: str | None,
    overrides: Mapping[str, str],
    *,
    runs: Path,
    out: Path | None = None,
    marker: str = "braille",
    theme: str = "dark",
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

    Returns
    -------
    int
        0, or 1 if the run failed.
    """
    # Long pure-Python stretches of an engine would hold the keyboard up for 5 ms each.
    sys.setswitchinterval(0.0005)
    from collapse_tui.tui.launch import Launch

    app = CollapseApp(
        Launch(runs, out), preset, overrides, marker=cast("Marker", marker), theme=theme
    )
    code = cast("Any", app).run()
    for sentence in app.last_words:
        sys.stderr.write(sentence + "\n")
    return code or 0
