"""W₂ between one-dimensional laws, by their quantile functions.

Between its nodes a cdf is taken as linear, and so is the quantile function: no jump of either
law is smoothed, because every jump is a node. Against a normal law W₂ has a closed form.
"""

from functools import lru_cache

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.laws.empirical import EmpiricalLaw
from engines.laws.normal import NormalLaw
from engines.laws.real import RealLaw
from engines.metrics.quadrature import each_replicate
from engines.numerics.special import ndtri


@each_replicate
def w2_squared(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return W₂² = ∫ (F⁻¹ - G⁻¹)² du, shape (R,)."""
    if isinstance(p, NormalLaw):
        return _against_normal(p, q, _fixed_cross_moment(q))
    if isinstance(q, NormalLaw):
        return _against_normal(q, p, cross_moment(p, p.nodes()))
    sides = _polylines(p), _polylines(q)
    replicates = max(len(levels) for levels, _ in sides)
    rows = [[np.broadcast_to(x, (replicates, x.shape[1])) for x in side] for side in sides]
    (u, x), (v, y) = rows
    return np.array([_square_distance(u[r], x[r], v[r], y[r]) for r in range(replicates)])


def _against_normal(normal: NormalLaw, other: RealLaw, cross: FloatArray) -> FloatArray:
    # (Δm)² + s² + σ² - 2 s c, without cancellation.
    shift, spread, sd = normal.means - other.mean(), other.sd(), normal.sds
    return shift**2 + (sd - spread) ** 2 + 2 * sd * np.maximum(spread - cross, 0.0)


@lru_cache(maxsize=64)
def _fixed_cross_moment(law: RealLaw) -> FloatArray:
    # That of a source, the same for all models of a run: all points of a file.
    return cross_moment(law, law.points if isinstance(law, EmpiricalLaw) else law.nodes())


def cross_moment(law: RealLaw, nodes: FloatArray) -> FloatArray:
    """Return ∫ G⁻¹(u) Φ⁻¹(u) du = ∫ φ(Φ⁻¹(G(x))) dx, shape (R,).

    It is the covariance of the law with the standard normal law where both ascend together.

    Parameters
    ----------
    law : RealLaw
    nodes : ndarray, shape (N,) or (R, N)
        Ascending.
    """
    after, before = law.cdf(nodes)[:, :-1], law.cdf_before(nodes)[:, 1:]
    heights = [np.exp(-0.5 * ndtri(np.clip(u, 0.0, 1.0)) ** 2) for u in (after, before)]
    widths = np.diff(nodes) / np.sqrt(2 * np.pi)
    return np.asarray((0.5 * (heights[0] + heights[1]) * widths).sum(axis=1))


def _polylines(law: RealLaw) -> tuple[FloatArray, FloatArray]:
    """Return levels ascending and the quantiles there, shape (R, 2 N); level before, then after."""
    nodes = np.atleast_2d(law.nodes())
    row = nodes if len(nodes) > 1 else nodes[0]
    levels = np.stack([law.cdf_before(row), law.cdf(row)], axis=2)
    levels = levels.reshape(len(levels), -1)
    return np.maximum.accumulate(levels, axis=1), np.repeat(nodes, 2, axis=1)


def _square_distance(u: FloatArray, x: FloatArray, v: FloatArray, y: FloatArray) -> float:
    levels = np.unique(np.concatenate([u, v, [0.0, 1.0]]))
    ends, middles = (levels[:-1], levels[1:]), 0.5 * (levels[1:] + levels[:-1])
    left, right = (
        own - other
        for own, other in zip(
            _at_ends(u, x, middles, ends), _at_ends(v, y, middles, ends), strict=True
        )
    )
    return float(((left**2 + left * right + right**2) * np.diff(levels)).sum() / 3)


def _at_ends(
    levels: FloatArray, places: FloatArray, middles: FloatArray, ends: tuple[FloatArray, FloatArray]
) -> list[FloatArray]:
    """Return a polyline at both ends of each cell, from within; constant beyond its own ends."""
    right: IntArray = np.clip(np.searchsorted(levels, middles), 1, len(levels) - 1)
    start, rise = levels[right - 1], levels[right] - levels[right - 1]
    run = places[right] - places[right - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [np.clip((end - start) / rise, 0.0, 1.0) for end in ends]
    return [places[right - 1] + run * np.where(rise > 0, share, 0.0) for share in shares]
