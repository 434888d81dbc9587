"""The step in flight: what is finished of it, on disk before a kill can take it."""

import time

from collapse_tui.storage import RunFolder
from engines.arrays import Arrays

LEAST_REST = 10.0
"""Storing is repeated only after so many times the seconds that it took."""


class Flight:
    """What long steps tell of themselves (`engines.runtime.step.Step.partial`).

    Parameters
    ----------
    folder : RunFolder or None
        Without one nothing is kept but in memory.
    """

    def __init__(self, folder: RunFolder | None) -> None:
        self.told: Arrays = {}
        self._folder = folder
        self._generation = -1
        self._rest_until = 0.0
        self._unsaved = False

    def begun(self, generation: int) -> Arrays | None:
        """Return what an interrupted run had finished of a step, None for nothing."""
        self.told = {}
        self._generation, self._unsaved = generation, False
        return self._folder.partial(generation) if self._folder else None

    def tell(self, generation: int, partial: Arrays | None) -> None:
        """Take what a step tells, and store it unless that was done a moment ago."""
        if partial is None:
            return
        self.told = partial
        self._generation, self._unsaved = generation, True
        if time.monotonic() >= self._rest_until:
            self.save()

    def save(self) -> None:
        """Store what was told last; what a replay tells is no more than the run's own."""
        if self._folder is None or not self._unsaved or self._generation < self._folder.flight:
            return
        started = time.monotonic()
        self._folder.keep_partial(self._generation, self.told)
        self._unsaved = False
        now = time.monotonic()
        self._rest_until = now + LEAST_REST * (now - started)

    def forget(self) -> None:
        """Begin the step anew: its settings are no longer those of what was told."""
        self.told = {}
        self._unsaved = False
        if self._folder is not None:
            self._folder.drop_partial()

    def landed(self, generation: int) -> None:
        """Forget the step: a checkpoint has all of it."""
        self.told = {}
        self._unsaved = False
        if self._folder is not None and 0 <= self._folder.flight <= generation:
            self._folder.drop_partial()
