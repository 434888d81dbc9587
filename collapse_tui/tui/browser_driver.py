"""Textual's driver for a screen in a browser, which ends with the server that it serves."""

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.app import App
from textual.drivers.web_driver import WebDriver
from typing_extensions import override

ENDING = (signal.SIGINT, signal.SIGTERM)


class BrowserDriver(WebDriver):
    """The driver of a process that `collapse-tui serve` started.

    Attributes
    ----------
    on_loss : callable
        Called once when the server is gone, in any thread.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._lost = False
        self.on_loss: Callable[[], object] = lambda: None
        self._write: Any = partial(self._try_to_write, self._write)

    def lose(self) -> None:
        """Write nothing more; the first time, say so."""
        lost, self._lost = self._lost, True
        if not lost:
            self.on_loss()

    def _try_to_write(self, write: Callable[[bytes], object], data: bytes) -> None:
        if self._lost:
            return
        try:
            write(data)
        except OSError:
            self.lose()

    @override
    def start_application_mode(self) -> None:
        # Textual's handlers would take the signals from those that save the runs
        handlers = {number: signal.getsignal(number) for number in ENDING}
        pipe = signal.set_wakeup_fd(-1)
        super().start_application_mode()
        loop = asyncio.get_running_loop()
        for number, handler in handlers.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
        signal.set_wakeup_fd(pipe, warn_on_full_buffer=False)

    @override
    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.lose()
