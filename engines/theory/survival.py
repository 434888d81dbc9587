"""Survival of a run: Poisson and Bernoulli exactly, the Gaussian by bounds.

The metric ``alive`` is 1 or 0, so its mean across replicates is the survival probability
and its variance p (1 - p).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from engines.arrays import FloatArray
from engines.numerics.special import ndtr
from engines.theory.case import Case, Values
from engines.theory.conditions import (
    all_of,
    constant_size,
    constant_values,
    engine_is,
    independent_start,
    replace_first,
    require,
    sizes_above,
    source_is,
    under_replace,
)
from engines.theory.discrete.overlays import LARGEST
from engines.theory.discrete.wright_fisher import survivors, survivors_branching
from engines.theory.gaussian.evaluate import NORMAL_SPREADS, own_variance, replace_values
from engines.theory.gaussian.moments import (
    Fits,
    log_variance_mean,
    log_variance_variance,
    variance_power,
)
from engines.theory.overlay import Overlay
from engines.theory.references import OWN, cite
from engines.thresholds import ALIVE_SD

FIGURE_MOMENT = 0.7
"""Power of σ whose mean gives the bound that Suresh et al. draw."""


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
    return survivors_branching(np.array([rate]), sizes)


def poisson_survival_lower(rate: float, size: int, generations: int) -> FloatArray:
    """Return 1 - exp(-n rate / k), a lower bound for every k, shape (G + 1,)."""
    k = np.arange(1, generations + 1)
    return np.concatenate([[1.0], -np.expm1(-size * rate / k)])


def poisson_survival_upper(rate: float, size: int, generations: int) -> FloatArray:
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
    return survivors(shares, size, generations) - 1.0


def bernoulli_survival_upper(probability: float, size: int, generations: int) -> FloatArray:
    """Return p (1 - p) (1 - 1/n)^k n² / (n - 1), an upper bound, at most 1, shape (G + 1,).

    Of fitted models, n at least 2: their p (1 - p) is (n - 1)/n² at least. 1 at k = 0.
    """
    decay = (1 - 1 / size) ** np.arange(1, generations + 1)
    bound = probability * (1 - probability) * decay * size**2 / (size - 1)
    return np.concatenate([[1.0], np.minimum(1.0, bound)])


def bernoulli_survival_lower(probability: float, size: int, generations: int) -> FloatArray:
    """Return 4 p (1 - p) (1 - 1/n)^k, a lower bound, shape (G + 1,): p (1 - p) is 1/4 at most."""
    k = np.arange(generations + 1, dtype=np.float64)
    return 4 * probability * (1 - probability) * (1 - 1 / size) ** k


def gaussian_moment_bound(fits: Fits, share: float, power: float = 1.0) -> FloatArray:
    """Return min(1, E σ_k^s / ε^s) >= P(σ_k > ε σ_0), ε = `share`, s = `power`, shape (G + 1,).

    Markov's inequality with the exact E σ_k^s.
    """
    return np.minimum(1.0, variance_power(fits, power / 2) / share**power)


def gaussian_survival_bound(share: float, size: int, generations: int) -> FloatArray:
    """Return min(1, exp(-k / 4n) / ε) >= P(σ_k > ε σ_0), shape (G + 1,) (Markov on σ_k)."""
    return np.minimum(1.0, np.exp(-np.arange(generations + 1) / (4 * size)) / share)


def gaussian_survival_normal(fits: Fits, share: float) -> FloatArray:
    """Return P(σ_k > ε σ_0) with ln σ_k² taken as normal, ε = `share`, shape (G + 1,)."""
    spread = np.sqrt(log_variance_variance(fits.sizes))
    with np.errstate(divide="ignore"):
        score = (log_variance_mean(fits) - 2 * np.log(share)) / spread
    return np.concatenate([[1.0], np.asarray(ndtr(score[1:]), dtype=np.float64)])


def _rate(case: Case) -> float:
    return float(case.source.mean[0])


def _probability(case: Case) -> float:
    return float(case.source.probabilities[1])


def _values(
    law: Callable[[float, int, int], FloatArray], parameter: Callable[[Case], float]
) -> Values:
    """Return the values of a law of (parameter of the case, M, number of generations)."""

    def values(case: Case) -> FloatArray:
        unlimited = law(parameter(case), int(case.sizes[0]), case.generations)
        return under_replace(unlimited, case)

    return values


def _poisson_survival(case: Case) -> FloatArray:
    return under_replace(poisson_survival(_rate(case), case.sizes[:-1]), case)


def _poisson_mean(case: Case) -> FloatArray:
    return under_replace(constant_values(case, _rate(case)), case)


def _poisson_variance(case: Case) -> FloatArray:
    steps = _rate(case) / case.sizes[:-1]
    return under_replace(np.concatenate([[0.0], np.cumsum(steps)]), case)


def _coin_variance(probability: Values) -> Values:
    """Return p (1 - p), the variance of a metric that is 1 with probability p, else 0."""

    def variance(case: Case) -> FloatArray:
        p = probability(case)
        return p * (1 - p)

    return variance


_POISSON = all_of(
    engine_is("poisson"),
    # Of counts, only a file has no law of its own.
    require(lambda case: case.source.law.has_density, "the source must be a Poisson law"),
    replace_first,
    independent_start,
)
_BERNOULLI = all_of(
    engine_is("discrete"),
    source_is("states"),
    require(lambda case: len(case.source.probabilities) == 2, "the source must have two states"),
    replace_first,
    independent_start,
    constant_size,
)
_GAUSSIAN = all_of(NORMAL_SPREADS, source_is("real"))
_SMALL = require(lambda case: case.sizes[0] <= LARGEST, f"M must be at most {LARGEST}")
_BERNOULLI_SURVIVAL = _values(bernoulli_survival, _probability)

OVERLAYS: tuple[Overlay, ...] = (
    Overlay.create(
        "poisson.replace.alive.mean",
        label="exact survival",
        condition=_POISSON,
        values=_poisson_survival,
        reference=cite(OWN, "§6, Galton-Watson"),
        variance=_coin_variance(_poisson_survival),
    ),
    Overlay.create(
        "poisson.suresh.alive.mean",
        label="lower bound",
        status="bound",
        condition=all_of(_POISSON, constant_size),
        values=_values(poisson_survival_lower, _rate),
        reference=cite("suresh2024", "survival of a symbol"),
    ),
    Overlay.create(
        "poisson.bound.alive.mean",
        label="upper bound",
        status="bound",
        condition=all_of(_POISSON, constant_size),
        values=_values(poisson_survival_upper, _rate),
        reference=cite(OWN, "§6"),
    ),
    Overlay.create(
        "poisson.replace.mean.mean",
        label="exact mean",
        condition=_POISSON,
        values=_poisson_mean,
        reference=cite(OWN, "§6"),
        variance=_poisson_variance,
    ),
    Overlay.create(
        "poisson.replace.mean.variance",
        label="exact variance",
        condition=_POISSON,
        values=_poisson_variance,
        reference=cite(OWN, "§6"),
    ),
    Overlay.create(
        "bernoulli.replace.alive.mean",
        label="exact survival",
        condition=all_of(_BERNOULLI, _SMALL),
        values=_BERNOULLI_SURVIVAL,
        work=lambda case: float(case.sizes[0]) ** 2,
        reference=cite("ewens2004", "section 3.2, two-state chain"),
        variance=_coin_variance(_BERNOULLI_SURVIVAL),
    ),
    Overlay.create(
        "bernoulli.bound.alive.mean",
        label="upper bound",
        status="bound",
        condition=all_of(_BERNOULLI, sizes_above(1)),
        values=_values(bernoulli_survival_upper, _probability),
        reference=cite("seddik2024", "E Σ p², with p (1 - p) >= (n - 1)/n²"),
    ),
    Overlay.create(
        "bernoulli.seddik.alive.mean",
        label="lower bound",
        status="bound",
        condition=_BERNOULLI,
        values=_values(bernoulli_survival_lower, _probability),
        reference=cite("seddik2024", "E Σ p², with p (1 - p) <= 1/4"),
    ),
    Overlay.create(
        "gaussian.suresh.alive.mean",
        label="exponential bound",
        status="bound",
        condition=all_of(_GAUSSIAN, constant_size, own_variance),
        values=_values(gaussian_survival_bound, lambda _: ALIVE_SD),
        reference=cite("suresh2024", "Gaussian, P(σ_k > ε)"),
    ),
    Overlay.create(
        "gaussian.bertrand.alive.mean",
        label="first-moment bound",
        status="bound",
        condition=all_of(_GAUSSIAN, sizes_above(1)),
        values=replace_values(lambda fits: gaussian_moment_bound(fits, ALIVE_SD)),
        reference=cite("bertrand2023", "Gaussian, E σ contracts by a factor at every fit"),
    ),
    Overlay.create(
        "gaussian.suresh_figure.alive.mean",
        label=f"{FIGURE_MOMENT}-moment bound",
        status="bound",
        condition=all_of(_GAUSSIAN, sizes_above(1)),
        values=replace_values(lambda fits: gaussian_moment_bound(fits, ALIVE_SD, FIGURE_MOMENT)),
        reference=cite("suresh2024", "Gaussian, the curve of their stored figure"),
    ),
    Overlay.create(
        "gaussian.replace.alive.mean",
        label="log-normal survival",
        status="approximation",
        condition=all_of(_GAUSSIAN, constant_size),
        values=replace_values(lambda fits: gaussian_survival_normal(fits, ALIVE_SD)),
        reference=cite(OWN, "§1, ln σ² nearly normal"),
    ),
)
