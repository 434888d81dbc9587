"""From what a step shows to its record: metrics, summary, diagnosis and view."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from collapse_tui.curves import widest
from collapse_tui.events import Generation
from collapse_tui.experiment import Experiment
from engines.diagnosis import diagnose
from engines.metrics.look import Look, Reference
from engines.metrics.registry import METRICS
from engines.recursion import Outcome, Recursion
from engines.showing import VIEWERS, Viewer
from engines.summary import summarise


@dataclass(eq=False)
class Measurer:
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

    @cached_property
    def reference(self) -> Reference:
        """The source and D_0."""
        return Reference(self.loop.law, self.loop.real, self.loop.setup(0).seed)

    @cached_property
    def viewer(self) -> Viewer:
        """Draws the views, on edges fixed when the run began."""
        kind = self.experiment.source.kind
        return VIEWERS[kind](self.reference, widest(self.experiment.base))

    def measure(self, outcome: Outcome) -> Generation:
        """Return the record of one step.

        Parameters
        ----------
        outcome : Outcome
        """
        look = Look(outcome.law, outcome.drawn, outcome.streams, self.reference, outcome.reference)
        replicates = self.loop.replicates
        metrics = {name: METRICS[name].compute(look) for name in self.experiment.metric_names}
        if outcome.generation == 0:
            # The source has one law for all replicates.
            metrics = {name: np.resize(values, replicates) for name, values in metrics.items()}
        summary, flags = summarise(metrics)
        stage = diagnose(look, self.experiment.source.kind)
        if sum(stage.values()) != replicates:
            stage = {name: count * replicates for name, count in stage.items()}
        view = self.viewer.view(look) if self.views else None
        flags |= outcome.remarks
        return Generation(outcome.generation, metrics, summary, stage, flags, view)
