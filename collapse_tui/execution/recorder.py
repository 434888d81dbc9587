"""From the outcome of a step to its record: metrics, summary, diagnosis and view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collapse_tui.events import Generation
from collapse_tui.execution.overlays import largest_sd
from collapse_tui.experiment.edit import without_interventions
from collapse_tui.experiment.experiment import Experiment
from engines.arrays import BoolArray
from engines.kinds import KINDS
from engines.laws.law import concatenate
from engines.metrics.diagnosis import count_stages, diagnose
from engines.metrics.faults import explain
from engines.metrics.observation import Baseline, DataNeededError, Observation, observe_laws
from engines.metrics.registry import METRICS
from engines.metrics.summary import summarise
from engines.recursion import Outcome, Recursion


@dataclass(eq=False)
class Recorder:
    """Measures the generations of one run, all against the same source and D_0.

    Attributes
    ----------
    experiment : Experiment
    loop : Recursion
    views : bool
        Whether records get a view.
    """

    experiment: Experiment
    loop: Recursion
    views: bool = True
    _need_data: set[str] = field(default_factory=set[str])
    """Metrics that need the data, not only the laws."""

    @cached_property
    def baseline(self) -> Baseline:
        """The source and D_0, and how wide views of the run must be."""
        widest = largest_sd(without_interventions(self.experiment)) if self.views else 0.0
        return Baseline(self.loop.law, self.loop.real, self.loop.setup(0).seed, widest)

    def measure(self, outcomes: Sequence[Outcome]) -> list[Generation]:
        """Return the records of consecutive steps.

        Parameters
        ----------
        outcomes : sequence of Outcome
            Metrics of the laws alone are computed for all outcomes together. The numbers are
            the same, to the last bit, however a run is cut into such sequences.
        """
        observations = [
            Observation(each.law, each.drawn, each.streams, self.baseline, each.reference)
            for each in outcomes
        ]
        laws = self._observe_together(outcomes)
        metrics = {
            name: self._compute(name, METRICS[name].compute, observations, laws)
            for name in self.experiment.metric_names
        }
        kind = self.experiment.source.kind
        marks = self._compute("stage", partial(diagnose, kind=kind), observations, laws)
        stages = count_stages(marks, self._divergence(outcomes))
        return [
            Generation(
                outcome.generation,
                {name: rows[n].astype(np.float64, copy=False) for name, rows in metrics.items()},
                summary,
                stage,
                {**explain(flags, outcome.law, self.baseline.law), **outcome.remarks},
                KINDS[kind].view(observations[n]) if self.views else None,
            )
            for n, (outcome, (summary, flags), stage) in enumerate(
                zip(outcomes, summarise(metrics), stages, strict=True)
            )
        ]

    def _divergence(self, outcomes: Sequence[Outcome]) -> BoolArray | None:
        """Return which replicates diverged in W generations, shape (W, R); None: in none."""
        if all(outcome.diverged is None for outcome in outcomes):
            return None
        none = np.zeros(self.loop.replicates, dtype=bool)
        return np.stack([none if each.diverged is None else each.diverged for each in outcomes])

    def _observe_together(self, outcomes: Sequence[Outcome]) -> Observation | None:
        # At generation 0 the source has one law for all replicates. A single replicate is
        # measured alone: numpy sums an array of one row in another order than one of several.
        alone = len(outcomes) == 1 or self.loop.replicates == 1
        if alone or outcomes[0].generation == 0:
            return None
        law = concatenate([outcome.law for outcome in outcomes])
        return None if law is None else observe_laws(law, self.baseline)

    def _compute(
        self,
        name: str,
        function: Callable[[Observation], Any],
        observations: list[Observation],
        laws: Observation | None,
    ) -> NDArray[Any]:
        """Return a function of the observations of W generations, shape (…, W, R)."""
        replicates = self.loop.replicates
        if laws is not None and name not in self._need_data:
            try:
                found = function(laws)
                return found.reshape(*found.shape[:-1], len(observations), replicates)
            except DataNeededError:
                self._need_data.add(name)
        each = [function(observation) for observation in observations]
        rows = [np.broadcast_to(found, (*found.shape[:-1], replicates)) for found in each]
        return np.stack(rows, axis=-2)
