"""Requests to a run in progress: turn a knob, stop. Safe from other threads and signals."""

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any


class Control:
    """Requests that the run reads between generations and inside long steps."""

    def __init__(self) -> None:
        self._settings: deque[dict[str, Any]] = deque()
        self._stop = threading.Event()
        self.reason: str = ""

    def set(self, settings: Mapping[str, Any]) -> None:
        """Request an intervention at the next step."""
        self._settings.append(dict(settings))

    def stop(self, reason: str = "stopped") -> None:
        """Request that the run saves its state and ends."""
        self.reason = reason
        self._stop.set()

    @property
    def stop_requested(self) -> bool:
        """Whether a stop is requested."""
        return self._stop.is_set()

    @property
    def has_requests(self) -> bool:
        """Whether any request is waiting."""
        return self.stop_requested or bool(self._settings)

    def take_settings(self) -> dict[str, Any]:
        """Return all settings requested since the last call; later ones win."""
        settings: dict[str, Any] = {}
        while self._settings:
            settings |= self._settings.popleft()
        return settings
