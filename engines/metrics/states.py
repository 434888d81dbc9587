"""Distances between laws on the same states."""

import numpy as np

from engines.arrays import FloatArray
from engines.laws.discrete import DiscreteLaw


def tv(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return ½ Σ |p - q|, shape (R,)."""
    return 0.5 * np.abs(p.probabilities - q.probabilities).sum(axis=1)


def l2_squared(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return Σ (p - q)², shape (R,)."""
    return ((p.probabilities - q.probabilities) ** 2).sum(axis=1)


def kl(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return Σ p ln(p / q), shape (R,), in nats; infinite where q lacks a state of p."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = p.probabilities * np.log(p.probabilities / q.probabilities)
    return np.where(p.probabilities > 0, terms, 0.0).sum(axis=1)


def js(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return the Jensen-Shannon divergence, shape (R,), in nats."""
    q_rows = np.broadcast_to(q.probabilities, p.probabilities.shape)
    middle = DiscreteLaw(0.5 * (p.probabilities + q_rows), p.values)
    return 0.5 * kl(p, middle) + 0.5 * kl(DiscreteLaw(q_rows, p.values), middle)


def w1(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return W₁ of the values, shape (R,)."""
    values, own = p.cdf_table()
    gaps = np.abs(own - q.cdf_table()[1])[:, :-1]
    return (gaps * np.diff(values)).sum(axis=1)


def energy(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return 2 ∫ (F - G)² of the values, shape (R,)."""
    values, own = p.cdf_table()
    gaps = (own - q.cdf_table()[1])[:, :-1] ** 2
    return 2.0 * (gaps * np.diff(values)).sum(axis=1)


def w2_squared(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return W₂² of the values, shape (R,): quantile functions on all their jumps."""
    values, own = p.cdf_table()
    other = q.cdf_table()[1][0]
    distances: list[float] = []
    for row in own:
        jumps = np.unique(np.clip(np.concatenate([row, other]), 0.0, 1.0))
        widths = np.diff(jumps, prepend=0.0)
        middles = jumps - 0.5 * widths
        left = values[np.minimum(np.searchsorted(row, middles), len(values) - 1)]
        right = values[np.minimum(np.searchsorted(other, middles), len(values) - 1)]
        distances.append(float(((left - right) ** 2 * widths).sum()))
    return np.array(distances)


def mmd(p: DiscreteLaw, q: DiscreteLaw) -> FloatArray:
    """Return MMD² with a Gaussian kernel of length one sd of q, shape (R,)."""
    length = float(q.sd()[0])
    gaps = (p.values[:, None] - p.values[None, :]) / length
    difference = p.probabilities - q.probabilities
    return np.einsum("ri,ij,rj->r", difference, np.exp(-0.5 * gaps**2), difference)
