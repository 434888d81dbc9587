"""Requests to a run in progress: turn a knob, stop. Safe from other threads and signals."""

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any


class Control:
    """A mailbox that the runner reads between generations and inside long fits."""

    def __init__(self) -> None:
        self._settings: deque[dict[str, Any]] = deque()
        self._stop = threading.Event()
        self.reason: str = ""

    def set(self, settings: Mapping[str, Any]) -> None:
        """Ask for an intervention at the next step not begun."""
        self._settings.append(dict(settings))

    def stop(self, reason: str = "stopped") -> None:
        """Ask the run to save its state and end."""
        self.reason = reason
        self._stop.set()

    @property
    def stop_requested(self) -> bool:
        """Whether a stop was asked for."""
        return self._stop.is_set()

    @property
    def has_requests(self) -> bool:
        """Whether anything was asked for that is not taken yet."""
        return self.stop_requested or bool(self._settings)

    def take_settings(self) -> dict[str, Any]:
        """Return all settings asked for since the last call; later ones win."""
        taken: dict[str, Any] = {}
        while self._settings:
            taken |= self._settings.popleft()
        return taken
