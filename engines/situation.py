"""Where a run stands at one generation: what engines and policies know when they say why."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Situation:
    """One generation of a run, for the words of its diagnosis.

    Attributes
    ----------
    stage : str
        That of most replicates, one of `engines.thresholds.STAGES`.
    generation : int
    size : int
        M, the samples of a generation.
    dimension : int
        Of a point of the source.
    now, real : mapping of str to float
        Metric → its typical value at this generation, and at generation 0.
    """

    stage: str
    generation: int
    size: int
    dimension: int
    now: Mapping[str, float]
    real: Mapping[str, float]

    def value(self, metric: str) -> float:
        """Return the typical value of a metric now; NaN where it is not measured."""
        return self.now.get(metric, math.nan)

    def real_value(self, metric: str) -> float:
        """Return the value of a metric at generation 0; NaN where it is not measured."""
        return self.real.get(metric, math.nan)


def digits(value: float, count: int = 3) -> str:
    """Return a number with some significant digits."""
    return f"{value:.{count}g}".replace("-", "−")
