"""What a claim asks of a run: one statistic across replicates, with its standard error.

==================  ==========================================================================
statistic           standard error over R replicates
==================  ==========================================================================
mean, time          sd / √R
variance            √((m₄ - (R - 3)/(R - 1) s⁴) / R), m₄ the fourth central moment
sd                  that of the variance / (2 sd)
median, quantiles   half the distance of the quantiles of levels p ± √(p (1 - p) / R)
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
"""Groups of replicates from which the sd of a published statistic may be taken."""
BAND_GROUPS = 400
"""Groups from which the band of a published statistic may be taken."""
BAND = (0.005, 0.995)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A statistic of a metric at a generation.

    Attributes
    ----------
    metric, statistic : str
    generation : int
    threshold : float or None
    runs : int or None
        Over how many runs the published value was taken.
    since : int or None
        Of the metric's share of its value at this generation.
    """

    metric: str
    statistic: str
    generation: int
    threshold: float | None = None
    runs: int | None = None
    since: int | None = None

    @classmethod
    def of(cls, claim: Claim) -> "Quantity":
        """Return what a claim asks for."""
        return cls(
            claim.metric,
            claim.statistic,
            claim.generation,
            claim.threshold,
            claim.runs,
            claim.since,
        )

    @property
    def waits(self) -> bool:
        """Whether it looks for the first generation at which something happens."""
        return self.statistic.startswith("time")

    @property
    def words(self) -> str:
        """The quantity in words, by which it is remembered too."""
        what, _, beyond = self.statistic.partition(" ")
        limit = f" {beyond} {self.threshold:g}" if self.threshold is not None else ""
        if self.waits:
            return f"mean first generation with {self.metric}{limit}"
        base = "" if self.since is None else f" / its value at {self.since}"
        return f"{what} of {self.metric}{base}{limit} at {self.generation}"

    def beyond(self, values: FloatArray) -> FloatArray:
        """Return 1 where values are beyond the threshold, else 0; NaN stays NaN."""
        sign = 1.0 if self.statistic.endswith("above") else -1.0
        found = (sign * values > sign * (self.threshold or 0.0)).astype(np.float64)
        return np.where(np.isnan(values), np.nan, found)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gives.

    Attributes
    ----------
    value, standard_error : float
        NaN where the run gives none.
    replicates : int
    note : str
        Why it gives none.
    low, high : float
        Between which a statistic over the published number of runs lies; NaN where unknown.
    """

    value: float
    standard_error: float
    replicates: int
    note: str = ""
    low: float = math.nan
    high: float = math.nan


def measured(quantity: Quantity, values: FloatArray) -> Measured:
    """Return a statistic and its standard error.

    Parameters
    ----------
    quantity : Quantity
    values : ndarray, shape (R,)
        The metric at the generation; of a time, the first generation (infinite: never).

    Returns
    -------
    Measured
    """
    note = _fault(quantity, values)
    if note:
        return Measured(math.nan, math.nan, len(values), note)
    value = estimate(quantity, values)
    if quantity.runs is None:
        return Measured(value, _standard_error(quantity, values), len(values))
    found = _grouped(quantity, values, quantity.runs)
    error, low, high = math.nan, math.nan, math.nan
    if len(found) >= FEWEST_GROUPS:
        error = float(found.std(ddof=1)) * math.sqrt(1 + 1 / len(found))
    if len(found) >= BAND_GROUPS:
        low, high = (float(np.quantile(found, level)) for level in BAND)
    return Measured(value, error, len(values), "", low, high)


def _fault(quantity: Quantity, values: FloatArray) -> str:
    count = int((~np.isfinite(values)).sum())
    if quantity.waits and count:
        return f"not yet in {count} of {len(values)} replicates by generation {quantity.generation}"
    undefined = int(np.isnan(values).sum())
    if undefined:
        return f"undefined in {undefined} of {len(values)} replicates"
    if count and not quantity.statistic.startswith("share"):
        return f"infinite in {count} of {len(values)} replicates"
    return ""


def estimate(quantity: Quantity, values: FloatArray) -> float:
    """Return the statistic alone."""
    name = quantity.statistic
    if name in LEVELS:
        return float(np.quantile(values, LEVELS[name]))
    if name in {"variance", "sd"}:
        if len(values) < 2:
            return math.nan
        return float(values.var(ddof=1) if name == "variance" else values.std(ddof=1))
    if name.startswith("share"):
        values = quantity.beyond(values)
    return float(values.mean())


def _standard_error(quantity: Quantity, values: FloatArray) -> float:
    name, count = quantity.statistic, len(values)
    if name.startswith("share"):
        share = (float(quantity.beyond(values).sum()) + 2) / (count + 4)
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


def _grouped(quantity: Quantity, values: FloatArray, runs: int) -> FloatArray:
    groups = len(values) // runs
    rows = values[: groups * runs].reshape(groups, runs)
    return np.array([estimate(quantity, row) for row in rows])
