"""Running an experiment only until the statistics of its claims are known."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing

import numpy as np

from collapse_tui.events import Event, Failed, Generation
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.reproduction.statistic import (
    Measurement,
    MetricStatistic,
    correlation_terms,
    measure,
)
from engines.arrays import FloatArray
from engines.errors import CollapseError

Listener = Callable[[Event], object]


class ClaimRunError(CollapseError):
    """A run that claims need failed."""

    exit_code = 1


def observe(
    experiment: Experiment, wanted: Iterable[MetricStatistic], listener: Listener
) -> dict[MetricStatistic, Measurement]:
    """Return statistics of an experiment; the run ends as soon as all are known.

    Parameters
    ----------
    experiment : Experiment
        It has the metrics of all statistics and is long enough for them.
    wanted : iterable of MetricStatistic
    listener : callable
        Receives every event.

    Raises
    ------
    ClaimRunError
        If the run fails.
    """
    collectors = [Collector(statistic, experiment.replicates) for statistic in wanted]
    with closing(run(experiment)) as events:
        for event in events:
            listener(event)
            if isinstance(event, Failed):
                raise ClaimRunError(
                    f"the run of {experiment.name} failed at generation {event.generation}:"
                    f" {event.reason}"
                )
            if isinstance(event, Generation):
                for collector in collectors:
                    collector.add(event.generation, event.metrics)
                if all(collector.done for collector in collectors):
                    break
    return {collector.statistic: collector.result() for collector in collectors}


class Collector:
    """Collects the values that one statistic needs from the records of a run.

    Attributes
    ----------
    statistic : MetricStatistic
    values : ndarray, shape (R,)
        The metric at the generation of the statistic, or the generation at which each replicate
        first got beyond the threshold.
    done : bool
        No later generation is needed.
    """

    def __init__(self, statistic: MetricStatistic, replicates: int) -> None:
        self.statistic = statistic
        self.values: FloatArray = np.full(replicates, np.inf if statistic.is_passage else np.nan)
        self.done = False
        self._base: FloatArray = np.ones(replicates)

    @property
    def start(self) -> int:
        """The first generation that it needs."""
        if self.statistic.is_passage:
            return 0
        since = self.statistic.since
        return self.statistic.generation if since is None else since

    def add(self, generation: int, metrics: Mapping[str, FloatArray]) -> None:
        """Take the metrics of one generation, shape (R,) each."""
        if self.done or generation > self.statistic.generation:
            return
        values = metrics[self.statistic.metric]
        last = generation == self.statistic.generation
        if self.statistic.is_passage:
            arrived = (self.statistic.beyond(values) == 1.0) & np.isinf(self.values)
            self.values[arrived] = generation
            self.done = last or bool(np.isfinite(self.values).all())
        elif generation == self.statistic.since:
            self._base = values.copy()
        elif last:
            self.values = self._relate(values)
            self.done = True

    def _relate(self, values: FloatArray) -> FloatArray:
        """Return the last values, where the statistic asks for it related to earlier ones."""
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.statistic.name == "correlation":
                return correlation_terms(self._base, values)
            return values / self._base

    def result(self) -> Measurement:
        """Return the statistic of what was collected."""
        return measure(self.statistic, self.values)
