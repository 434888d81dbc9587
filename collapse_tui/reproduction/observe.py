"""Running an experiment only for what is asked of it."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from collapse_tui.events import Event, Failed, Generation
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.reproduction.statistic import Measured, Quantity, measured
from engines.arrays import FloatArray
from engines.errors import CollapseError


class ClaimRunError(CollapseError):
    """A run that claims need failed."""

    exit_code = 1


def observe(
    experiment: Experiment,
    asked: Iterable[Quantity],
    listen: Callable[[Event], object] = lambda _: None,
) -> dict[Quantity, Measured]:
    """Return the quantities asked for; the run ends as soon as all are known.

    Parameters
    ----------
    experiment : Experiment
        With all their metrics, and long enough.
    asked : iterable of Quantity
    listen : callable
        Is told every event.

    Raises
    ------
    ClaimRunError
        If the run fails.
    """
    watchers = [Watcher(quantity, experiment.replicates) for quantity in asked]
    events = run(experiment)
    try:
        for event in events:
            listen(event)
            if isinstance(event, Failed):
                raise ClaimRunError(
                    f"the run of {experiment.name} failed at generation {event.generation}:"
                    f" {event.reason}"
                )
            if isinstance(event, Generation) and _all_saw(watchers, event):
                break
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()
    return {watcher.quantity: measured(watcher.quantity, watcher.values) for watcher in watchers}


def _all_saw(watchers: Iterable["Watcher"], event: Generation) -> bool:
    """Show a generation to all; return whether nobody waits any more."""
    for watcher in watchers:
        watcher.see(event.generation, event.metrics)
    return all(watcher.done for watcher in watchers)


class Watcher:
    """Waits for one quantity.

    Attributes
    ----------
    quantity : Quantity
    values : ndarray, shape (R,)
        The metric at the generation asked for, or when each replicate got beyond its threshold.
    done : bool
    """

    def __init__(self, quantity: Quantity, replicates: int) -> None:
        self.quantity = quantity
        self.values: FloatArray = np.full(replicates, np.inf if quantity.waits else np.nan)
        self.done = False
        self._base: FloatArray | float = 1.0

    @property
    def start(self) -> int:
        """The first generation that it must see."""
        if self.quantity.waits:
            return 0
        since = self.quantity.since
        return self.quantity.generation if since is None else since

    def see(self, generation: int, metrics: Mapping[str, FloatArray]) -> None:
        """Take what one generation shows."""
        if self.done or generation > self.quantity.generation:
            return
        values = metrics[self.quantity.metric]
        last = generation == self.quantity.generation
        if self.quantity.waits:
            arrived = (self.quantity.beyond(values) == 1.0) & np.isinf(self.values)
            self.values[arrived] = generation
            self.done = last or bool(np.isfinite(self.values).all())
        elif generation == self.quantity.since:
            self._base = values.copy()
        elif last:
            with np.errstate(divide="ignore", invalid="ignore"):
                self.values = values / self._base
            self.done = True
