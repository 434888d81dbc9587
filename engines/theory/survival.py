"""How long a run stays alive: Poisson and Bernoulli exactly, the Gaussian by bounds.

The metric ``alive`` is 1 or 0, so its mean across replicates is the survival probability
and its variance p (1 - p).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    all_of,
    constant_size,
    engine_is,
    is_replace,
    law_source,
    normal_source,
    reach,
    replaces,
    sizes_above,
    source_is,
    until,
)
from engines.theory.discrete import wright_fisher as discrete
from engines.theory.discrete.overlays import LARGEST
from engines.theory.gaussian import moments as gaussian
from engines.theory.gaussian.evaluate import honest, path
from engines.theory.overlay import Overlay
from engines.theory.references import (
    BERTRAND2023,
    DERIVED,
    EWENS2004,
    SEDDIK2024,
    SURESH2024,
    at,
)
from engines.thresholds import ALIVE_SD

Values = Callable[[Case], FloatArray]


def poisson_survival(rate: float, sizes: ArrayLike) -> FloatArray:
    """Return P(rate of model k > 0), shape (G + 1,), exact for any schedule.

    n times the rate is a Galton-Watson process with Poisson offspring, started from
    Poisson(n rate). For constant n it is 1 - exp(-n rate s_{k-1}) with s_0 = 1,
    s_{j+1} = 1 - exp(-s_j), about 2/j.

    Parameters
    ----------
    rate : float
        Of the source.
    sizes : array_like, shape (G,)
        M_0 … M_{G-1}.
    """
    return discrete.survivors_branching(np.array([rate]), sizes)


def poisson_survival_bound(rate: float, size: int, generations: int) -> FloatArray:
    """Return 1 - exp(-n rate / k), a lower bound for every k, shape (G + 1,)."""
    k = np.arange(1, generations + 1)
    return np.concatenate([[1.0], -np.expm1(-size * rate / k)])


def poisson_survival_ceiling(rate: float, size: int, generations: int) -> FloatArray:
    """Return 1 - exp(-2 n rate / (k + 1)), an upper bound for every k, shape (G + 1,).

    From 1 - e^-x <= 2x / (2 + x): s_0 = 1 and s_j <= 2 / (j + 2) give s_{j+1} <= 2 / (j + 3).
    """
    k = np.arange(1, generations + 1)
    return np.concatenate([[1.0], -np.expm1(-2 * size * rate / (k + 1))])


def bernoulli_survival(probability: float, size: int, generations: int) -> FloatArray:
    """Return P(model k is not all zeros or all ones), shape (G + 1,), exact.

    Two states: their expected number alive is 1 plus this probability.
    """
    shares = np.array([1 - probability, probability])
    return discrete.survivors(shares, size, generations) - 1.0


def bernoulli_survival_bound(probability: float, size: int, generations: int) -> FloatArray:
    """Return p (1 - p) (1 - 1/n)^k n² / (n - 1), an upper bound, at most 1, shape (G + 1,).

    Of fitted models, n at least 2: their p (1 - p) is (n - 1)/n² at least. 1 at k = 0.
    """
    decay = (1 - 1 / size) ** np.arange(1, generations + 1)
    found = np.minimum(1.0, probability * (1 - probability) * decay * size**2 / (size - 1))
    return np.concatenate([[1.0], found])


def bernoulli_survival_floor(probability: float, size: int, generations: int) -> FloatArray:
    """Return 4 p (1 - p) (1 - 1/n)^k, a lower bound, shape (G + 1,): p (1 - p) is 1/4 at most."""
    k = np.arange(generations + 1, dtype=np.float64)
    return 4 * probability * (1 - probability) * (1 - 1 / size) ** k


def gaussian_moment_bound(sizes: FloatArray, shrink: FloatArray, share: float) -> FloatArray:
    """Return min(1, E σ_k / ε) >= P(σ_k > ε σ_0), shape (G + 1,): Markov on the exact E σ_k.

    Parameters
    ----------
    sizes, shrink : ndarray, shape (G,)
        Of the fits, see `engines.theory.gaussian.evaluate.path`.
    share : float
        ε.
    """
    return np.minimum(1.0, gaussian.variance_power(sizes, shrink, 0.5) / share)


def gaussian_survival_bound(size: int, generations: int, share: float) -> FloatArray:
    """Return min(1, exp(-k / 4n) / ε) >= P(σ_k > ε σ_0), shape (G + 1,) (Markov on σ_k)."""
    return np.minimum(1.0, np.exp(-np.arange(generations + 1) / (4 * size)) / share)


def _poisson(case: Case) -> FloatArray:
    found = poisson_survival(float(case.source.mean[0]), case.sizes[:-1])
    return until(found, reach(case, is_replace))


def _poisson_bound(case: Case) -> FloatArray:
    rate, size = float(case.source.mean[0]), int(case.sizes[0])
    return until(poisson_survival_bound(rate, size, case.generations), reach(case, is_replace))


def _poisson_ceiling(case: Case) -> FloatArray:
    rate, size = float(case.source.mean[0]), int(case.sizes[0])
    return until(poisson_survival_ceiling(rate, size, case.generations), reach(case, is_replace))


def _bernoulli(law: Callable[[float, int, int], FloatArray]) -> Values:
    def values(case: Case) -> FloatArray:
        probability = float(case.source.probabilities[1])
        found = law(probability, int(case.sizes[0]), case.generations)
        return until(found, reach(case, is_replace))

    return values


def _gaussian_bound(case: Case) -> FloatArray:
    found = gaussian_survival_bound(int(case.sizes[0]), case.generations, ALIVE_SD)
    return until(found, reach(case, is_replace))


def _gaussian_moment(case: Case) -> FloatArray:
    return until(gaussian_moment_bound(*path(case), ALIVE_SD), reach(case, is_replace))


def _gaussian_normal(case: Case) -> FloatArray:
    sizes, shrink = path(case)
    centre = gaussian.log_variance_mean(sizes, shrink)
    spread = np.sqrt(gaussian.log_variance_variance(sizes))
    with np.errstate(divide="ignore"):
        found = np.asarray(ndtr((centre - 2 * np.log(ALIVE_SD)) / spread), dtype=np.float64)
    found[0] = 1.0
    return until(found, reach(case, is_replace))


def _coin(values: Values) -> Values:
    def variance(case: Case) -> FloatArray:
        probability = values(case)
        return probability * (1 - probability)

    return variance


def _poisson_rate(case: Case) -> FloatArray:
    found = np.full(case.generations + 1, float(case.source.mean[0]))
    return until(found, reach(case, is_replace))


def _poisson_spread(case: Case) -> FloatArray:
    steps = float(case.source.mean[0]) / case.sizes[:-1]
    return until(np.concatenate([[0.0], np.cumsum(steps)]), reach(case, is_replace))


def _two_states(case: Case) -> str | None:
    return None if len(case.source.probabilities) == 2 else "there must be two states"


def _small(case: Case) -> str | None:
    return None if case.sizes[0] <= LARGEST else f"M must be at most {LARGEST}"


def _counts(case: Case) -> str | None:
    # Of counts, only a file has no law of its own.
    return None if case.source.law.has_density else "the real counts must be Poisson"


_POISSON = all_of(engine_is("poisson"), _counts, replaces, law_source)
_BERNOULLI = all_of(
    engine_is("discrete"), source_is("states"), _two_states, replaces, law_source, constant_size
)
_GAUSSIAN_ANY_SIZE = all_of(
    engine_is("gaussian"), source_is("real"), normal_source, replaces, law_source
)
_GAUSSIAN = all_of(_GAUSSIAN_ANY_SIZE, constant_size)
_EXACT_BERNOULLI = _bernoulli(bernoulli_survival)

OVERLAYS: tuple[Overlay, ...] = (
    Overlay(
        name="poisson.replace.alive.mean",
        label="survival, exact",
        metric="alive",
        statistic="mean",
        status="exact",
        condition=_POISSON,
        values=_poisson,
        reference=at(DERIVED, "§6, Galton-Watson"),
        variance=_coin(_poisson),
    ),
    Overlay(
        name="poisson.suresh.alive.mean",
        label="lower bound",
        metric="alive",
        statistic="mean",
        status="bound",
        condition=all_of(_POISSON, constant_size),
        values=_poisson_bound,
        reference=at(SURESH2024, "survival of a symbol"),
    ),
    Overlay(
        name="poisson.bound.alive.mean",
        label="upper bound",
        metric="alive",
        statistic="mean",
        status="bound",
        condition=all_of(_POISSON, constant_size),
        values=_poisson_ceiling,
        reference=at(DERIVED, "§6"),
    ),
    Overlay(
        name="poisson.replace.mean.mean",
        label="mean, exact",
        metric="mean",
        statistic="mean",
        status="exact",
        condition=_POISSON,
        values=_poisson_rate,
        reference=at(DERIVED, "§6"),
        variance=_poisson_spread,
    ),
    Overlay(
        name="poisson.replace.mean.variance",
        label="variance, exact",
        metric="mean",
        statistic="variance",
        status="exact",
        condition=_POISSON,
        values=_poisson_spread,
        reference=at(DERIVED, "§6"),
    ),
    Overlay(
        name="bernoulli.replace.alive.mean",
        label="survival, exact",
        metric="alive",
        statistic="mean",
        status="exact",
        condition=all_of(_BERNOULLI, _small),
        values=_EXACT_BERNOULLI,
        reference=at(EWENS2004, "section 3.2, two-state chain"),
        variance=_coin(_EXACT_BERNOULLI),
    ),
    Overlay(
        name="bernoulli.bound.alive.mean",
        label="upper bound",
        metric="alive",
        statistic="mean",
        status="bound",
        condition=all_of(_BERNOULLI, sizes_above(1)),
        values=_bernoulli(bernoulli_survival_bound),
        reference=at(SEDDIK2024, "E Σ p², with p (1 - p) >= (n - 1)/n²"),
    ),
    Overlay(
        name="bernoulli.seddik.alive.mean",
        label="lower bound",
        metric="alive",
        statistic="mean",
        status="bound",
        condition=_BERNOULLI,
        values=_bernoulli(bernoulli_survival_floor),
        reference=at(SEDDIK2024, "E Σ p², with p (1 - p) <= 1/4"),
    ),
    Overlay(
        name="gaussian.suresh.alive.mean",
        label="upper bound",
        metric="alive",
        statistic="mean",
        status="bound",
        condition=all_of(_GAUSSIAN, honest),
        values=_gaussian_bound,
        reference=at(SURESH2024, "Gaussian, P(σ_k > ε)"),
    ),
    Overlay(
        name="gaussian.bertrand.alive.mean",
        label="first-moment bound",
        metric="alive",
        statistic="mean",
        status="bound",
        condition=all_of(_GAUSSIAN_ANY_SIZE, sizes_above(1)),
        values=_gaussian_moment,
        reference=at(BERTRAND2023, "Gaussian, E σ contracts by a factor at every fit"),
    ),
    Overlay(
        name="gaussian.replace.alive.mean",
        label="survival, log-normal",
        metric="alive",
        statistic="mean",
        status="approximation",
        condition=_GAUSSIAN,
        values=_gaussian_normal,
        reference=at(DERIVED, "§1, ln σ² nearly normal"),
    ),
)
