"""Requests to a run in progress: turn a knob, stop. Safe from other threads and signals."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any


class Control:
    """Requests that the run reads between generations and inside long steps.

    Attributes
    ----------
    reason : str
        Why a stop is requested.
    answered : bool
        Whether the run has looked at the request to stop, and saves its state.
    record_interruption : callable or None
        Stores in the run's folder that it was interrupted, and why: for the thread that ends a
        process whose run does not answer. None until there is a run.
    """

    def __init__(self) -> None:
        self._settings: deque[dict[str, Any]] = deque()
        self._stop = threading.Event()
        self.reason: str = ""
        self.answered: bool = False
        self.record_interruption: Callable[[str], object] | None = None

    def set(self, settings: Mapping[str, Any]) -> None:
        """Request an intervention at the next step."""
        self._settings.append(dict(settings))

    def stop(self, reason: str = "stopped") -> None:
        """Request that the run saves its state and ends."""
        self.reason = reason
        self._stop.set()

    @property
    def stop_requested(self) -> bool:
        """Whether a stop is requested; only the run asks, which thereby answers."""
        requested = self._stop.is_set()
        self.answered |= requested
        return requested

    @property
    def has_requests(self) -> bool:
        """Whether any request is waiting."""
        return self.stop_requested or bool(self._settings)

    @property
    def queued(self) -> dict[str, Any]:
        """The settings requested that the run has not taken yet; later ones win."""
        settings: dict[str, Any] = {}
        for requested in list(self._settings):
            settings |= requested
        return settings

    def withdraw(self) -> dict[str, Any]:
        """Take back the last settings requested and return them; none if the run has them."""
        try:
            return self._settings.pop()
        except IndexError:
            return {}

    def take_settings(self) -> dict[str, Any]:
        """Return all settings requested since the last call; later ones win."""
        settings: dict[str, Any] = {}
        while self._settings:
            settings |= self._settings.popleft()
        return settings
