"""The step in flight: what is finished of it, on disk before a kill can take it."""

import time

from collapse_tui.storage.folder import RunFolder
from engines.arrays import Arrays

LEAST_REST = 10.0
"""Storing is repeated only after so many times the seconds that it took."""


class StepInFlight:
    """The finished part of a long step (`engines.runtime.step.Step.partial`).

    Parameters
    ----------
    folder : RunFolder or None
        Without one the part is kept in memory only.

    Attributes
    ----------
    partial : dict of str to ndarray
        The newest part of the step, empty for none.
    """

    def __init__(self, folder: RunFolder | None) -> None:
        self.partial: Arrays = {}
        self._folder = folder
        self._generation = -1
        self._rest_until = 0.0
        self._unsaved = False

    def load_partial(self, generation: int) -> Arrays | None:
        """Return what an interrupted run had finished of a step, None for nothing."""
        self.partial = {}
        self._generation, self._unsaved = generation, False
        return self._folder.checkpoints.load_partial(generation) if self._folder else None

    def save_partial(self, generation: int, partial: Arrays | None) -> None:
        """Keep the newest part of a step; store it unless that was done a moment ago."""
        if partial is None:
            return
        self.partial = partial
        self._generation, self._unsaved = generation, True
        if time.monotonic() >= self._rest_until:
            self.save()

    def save(self) -> None:
        """Store the newest part, unless the folder has one of a later step (during a replay)."""
        folder = self._folder
        if folder is None or not self._unsaved:
            return
        if self._generation < folder.checkpoints.partial_generation:
            return
        started = time.monotonic()
        folder.save_partial(self._generation, self.partial)
        self._unsaved = False
        now = time.monotonic()
        self._rest_until = now + LEAST_REST * (now - started)

    def discard(self, up_to: int | None = None) -> None:
        """Forget the step: its settings have changed, or a checkpoint holds all of it.

        Parameters
        ----------
        up_to : int or None
            Generation of the checkpoint: a stored part of a later step stays.
        """
        self.partial = {}
        self._unsaved = False
        if self._folder is None:
            return
        if up_to is None or 0 <= self._folder.checkpoints.partial_generation <= up_to:
            self._folder.delete_partial()
