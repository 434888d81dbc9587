"""Distances between Poisson laws in closed form."""

import numpy as np

from engines.arrays import FloatArray
from engines.laws.poisson import PoissonLaw
from engines.numerics.special import pdtr, xlogy


def kl(p: PoissonLaw, q: PoissonLaw) -> FloatArray:
    """Return KL(p ‖ q) = a ln(a/b) - a + b, shape (R,); infinite where only q is dead."""
    a, b = p.rates, q.rates
    with np.errstate(divide="ignore", invalid="ignore"):
        value = xlogy(a, a) - xlogy(a, b) - a + b
    return np.where((b == 0) & (a > 0), np.inf, np.maximum(value, 0.0))


def tv(p: PoissonLaw, q: PoissonLaw) -> FloatArray:
    """Return the total variation, shape (R,).

    The larger law has more mass from (a - b) / ln(a / b) on, where the masses cross; up to
    there the distribution functions differ by all of it.
    """
    a, b = p.rates, q.rates
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.where(a == b, a, (a - b) / (np.log(a) - np.log(b)))
    below = np.floor(crossing)
    return np.abs(pdtr(below, a) - pdtr(below, b))


def w1(p: PoissonLaw, q: PoissonLaw) -> FloatArray:
    """Return W₁ = |a - b|, shape (R,): the larger law dominates the smaller."""
    return np.abs(p.rates - q.rates)
