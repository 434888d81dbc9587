"""Distances between Poisson laws in closed form, or summed over the whole numbers."""

import numpy as np
from scipy.special import xlogy

from engines.arrays import FloatArray
from engines.laws import PoissonLaw


def kl(p: PoissonLaw, q: PoissonLaw) -> FloatArray:
    """Return KL(p ‖ q) = a ln(a/b) - a + b, shape (R,); infinite where only q is dead."""
    a, b = p.rates, q.rates
    with np.errstate(divide="ignore", invalid="ignore"):
        value = xlogy(a, a) - xlogy(a, b) - a + b
    return np.where((b == 0) & (a > 0), np.inf, np.maximum(value, 0.0))


def w1(p: PoissonLaw, q: PoissonLaw) -> FloatArray:
    """Return W₁ = |a - b|, shape (R,): the larger law dominates the smaller."""
    return np.abs(p.rates - q.rates)
