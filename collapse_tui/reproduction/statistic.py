"""Statistics of a metric across replicates, with their standard errors.

==================  ==========================================================================
statistic           standard error over R replicates
==================  ==========================================================================
mean, time          sd / √R
variance            √((m₄ - (R - 3)/(R - 1) s⁴) / R), m₄ the fourth central moment
sd                  that of the variance / (2 sd)
median, quantiles   half the distance of the quantiles of levels p ± √(p (1 - p) / R)
correlation         sd / √R of its terms, z w + r (1 - (z² + w²)/2), z and w standardised
share               √(p (1 - p) / (R + 4)) with p = (k + 2)/(R + 4), never 0
==================  ==========================================================================

A published number that is itself a statistic over K runs has a scatter of its own, taken from
the statistic over G groups of K of our replicates. The standard error is then that of the
difference, s √(1 + 1/G) with s the sd over the groups; and from 400 groups on their central
99 % are the band in which such a number lies, whatever the law's tails.

References
----------
.. [1] R. A. Fisher, "Moments and product moments of sampling distributions", 1930: the
   variance of a variance.
.. [2] R. S. Woodruff, "Confidence intervals for medians and other position measures", 1952.
.. [3] A. Agresti, B. A. Coull, "Approximate is better than exact for interval estimation of
   binomial proportions", 1998.
"""

import math
from dataclasses import dataclass

import numpy as np

from collapse_tui.experiment.claim import Claim
from engines.arrays import FloatArray

LEVELS = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
FEWEST_GROUPS = 20
"""Fewest groups of replicates from which the sd of a published statistic is taken."""
BAND_GROUPS = 400
"""Fewest groups from which the band of a published statistic is taken."""
BAND_LEVELS = (0.005, 0.995)
SHARES = ("share", "ever")


@dataclass(frozen=True, slots=True)
class MetricStatistic:
    """A statistic of a metric at a generation, across replicates.

    Attributes
    ----------
    metric, name : str
    generation : int
    threshold : float or None
    runs : int or None
        Number of runs over which the published value was taken.
    since : int or None
        The metric is divided by its value at this generation, or correlated with it.
    """

    metric: str
    name: str
    generation: int
    threshold: float | None = None
    runs: int | None = None
    since: int | None = None

    @classmethod
    def of(cls, claim: Claim) -> "MetricStatistic":
        """Return the statistic of a claim."""
        limits = claim.threshold, claim.runs, claim.since
        return cls(claim.metric, claim.statistic, claim.generation, *limits)

    @property
    def is_passage(self) -> bool:
        """Whether it is about the first generation at which the metric is beyond the threshold."""
        return self.name.startswith(("ever", "time"))

    @property
    def words(self) -> str:
        """The statistic as a phrase."""
        what, _, beyond = self.name.partition(" ")
        limit = f" {beyond} {self.threshold:g}" if self.threshold is not None else ""
        if what == "time":
            return f"mean first generation with {self.metric}{limit}"
        if what == "ever":
            return f"share of runs with {self.metric}{limit} by {self.generation}"
        if self.name == "correlation":
            return f"correlation of {self.metric} at {self.generation} and {self.since}"
        base = "" if self.since is None else f" / its value at {self.since}"
        return f"{what} of {self.metric}{base}{limit} at {self.generation}"

    def beyond(self, values: FloatArray) -> FloatArray:
        """Return 1 where values are beyond the threshold, else 0; NaN stays NaN."""
        sign = 1.0 if self.name.endswith("above") else -1.0
        found = (sign * values > sign * (self.threshold or 0.0)).astype(np.float64)
        return np.where(np.isnan(values), np.nan, found)

    def hits(self, collected: FloatArray) -> FloatArray:
        """Return 1 for each replicate that a share counts, else 0.

        Parameters
        ----------
        collected : ndarray, shape (R,)
            As `measure` takes it.
        """
        if self.is_passage:
            return np.isfinite(collected).astype(np.float64)
        return self.beyond(collected)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The value of a statistic in a run.

    Attributes
    ----------
    value, standard_error : float
        NaN where the run has none.
    replicates : int
    note : str
        Why it has none.
    low, high : float
        Central 99 % of the statistic over the published number of runs; NaN where unknown.
    """

    value: float
    standard_error: float
    replicates: int
    note: str = ""
    low: float = math.nan
    high: float = math.nan


def measure(statistic: MetricStatistic, values: FloatArray) -> Measurement:
    """Return a statistic and its standard error.

    Parameters
    ----------
    statistic : MetricStatistic
    values : ndarray, shape (R,)
        The metric at the generation; of a passage, the first generation (infinite: never).
    """
    note = _problem(statistic, values)
    if note:
        return Measurement(math.nan, math.nan, len(values), note)
    value = _value(statistic, values)
    if statistic.runs is None:
        return Measurement(value, _standard_error(statistic, values), len(values))
    found = _group_values(statistic, values, statistic.runs)
    error, low, high = math.nan, math.nan, math.nan
    if len(found) >= FEWEST_GROUPS:
        error = float(found.std(ddof=1)) * math.sqrt(1 + 1 / len(found))
    if len(found) >= BAND_GROUPS:
        low, high = (float(np.quantile(found, level)) for level in BAND_LEVELS)
    return Measurement(value, error, len(values), "", low, high)


def correlation_terms(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return one term a replicate: their mean is the correlation, their scatter its error.

    Parameters
    ----------
    first, second : ndarray, shape (R,)
    """
    scores, others = ((row - row.mean()) / row.std() for row in (first, second))
    products = scores * others
    return products + products.mean() * (1 - (scores**2 + others**2) / 2)


def _problem(statistic: MetricStatistic, values: FloatArray) -> str:
    count = int((~np.isfinite(values)).sum())
    if statistic.name.startswith("time") and count:
        return (
            f"not yet in {count} of {len(values)} replicates by generation {statistic.generation}"
        )
    undefined = int(np.isnan(values).sum())
    if undefined:
        return f"undefined in {undefined} of {len(values)} replicates"
    if count and not statistic.name.startswith(SHARES):
        return f"infinite in {count} of {len(values)} replicates"
    return ""


def _value(statistic: MetricStatistic, values: FloatArray) -> float:
    """Return the value of the statistic."""
    name = statistic.name
    if name in LEVELS:
        return float(np.quantile(values, LEVELS[name]))
    if name in {"variance", "sd"}:
        if len(values) < 2:
            return math.nan
        return float(values.var(ddof=1) if name == "variance" else values.std(ddof=1))
    if name.startswith(SHARES):
        values = statistic.hits(values)
    return float(values.mean())


def _standard_error(statistic: MetricStatistic, values: FloatArray) -> float:
    name, count = statistic.name, len(values)
    if name.startswith(SHARES):
        share = (float(statistic.hits(values).sum()) + 2) / (count + 4)
        return math.sqrt(share * (1 - share) / (count + 4))
    if count < 2:
        return math.nan
    if name in LEVELS:
        return _quantile_error(values, LEVELS[name])
    if name in {"variance", "sd"}:
        return _spread_error(values, root=name == "sd")
    return float(values.std(ddof=1)) / math.sqrt(count)


def _quantile_error(values: FloatArray, level: float) -> float:
    reach = math.sqrt(level * (1 - level) / len(values))
    levels = max(level - reach, 0.0), min(level + reach, 1.0)
    low, high = np.quantile(values, levels)
    return float(high - low) / 2


def _spread_error(values: FloatArray, *, root: bool) -> float:
    count = len(values)
    deviations = values - values.mean()
    square = float(values.var(ddof=1))
    fourth = float((deviations**4).mean())
    error = math.sqrt(max(fourth - (count - 3) / (count - 1) * square**2, 0.0) / count)
    if not root:
        return error
    return error / (2 * math.sqrt(square)) if square > 0 else 0.0


def _group_values(statistic: MetricStatistic, values: FloatArray, runs: int) -> FloatArray:
    groups = len(values) // runs
    rows = values[: groups * runs].reshape(groups, runs)
    return np.array([_value(statistic, row) for row in rows])
