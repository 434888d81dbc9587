"""The strip of vectors: the density along one principal axis, or the deviation along each."""

from collections.abc import Callable

import numpy as np

from engines.arrays import Arrays, FloatArray
from engines.laws.law import Law, Part, narrow
from engines.laws.real_nd import RealNDLaw
from engines.metrics.observation import Observation
from engines.numerics.special import ndtr
from engines.views.strip import AXES, FIRST_AXIS, MOST, Strip, strip_arrays

MANY = 8
"""Dimensions from which on each principal axis is shown, not only the first."""
REACH = 5.0
"""Standard deviations of the source, to each side of its mean, that the first axis spans."""


def strip_of_vectors(
    observation: Observation, points: Callable[[], FloatArray]
) -> tuple[Strip, Arrays]:
    """Return the strip of vectors, and its arrays.

    In fewer than 8 dimensions, and in more than 64, it is the density along the source's first
    principal axis; else the standard deviation of model n along each of its own principal axes.

    Parameters
    ----------
    observation : Observation
    points : callable
        Returns those of D_n, shape (n, d), which stand in for a law without components.
    """
    source, law = (narrow(each, RealNDLaw) for each in (observation.source, observation.law))
    dimension = source.mean().shape[1]
    if MANY <= dimension <= MOST:
        return AXES, strip_arrays(_deviations(law)[::-1], -0.5, dimension - 0.5)
    memo = observation.baseline.memo
    axis, low, high = memo.get("first axis", lambda: _first_axis(source))
    bounds = memo.get("cells of the first axis", lambda: np.linspace(low, high, MOST + 1)[1:-1])
    if Part.COMPONENTS in law.parts:
        below = _cdf_along(law, axis, bounds)
    else:
        ordered = np.sort(points() @ axis)
        below = np.searchsorted(ordered, bounds) / len(ordered)
    return FIRST_AXIS, strip_arrays(np.diff(below, prepend=0.0, append=1.0), low, high)


def _deviations(law: RealNDLaw) -> FloatArray:
    """Return the standard deviation of replicate 0 along each principal axis, descending."""
    factor = law.matching_normal().factors[0]
    if not np.isfinite(factor).all():
        return np.full(len(factor), np.nan)
    _, roots, _ = np.linalg.svd(factor)
    return roots


def _first_axis(source: RealNDLaw) -> tuple[FloatArray, float, float]:
    """Return the direction of the source's largest variance, and the ends of the axis along it."""
    directions, roots, _ = np.linalg.svd(source.matching_normal().factors[0])
    axis = directions[:, 0]
    axis = axis * np.sign(axis[np.abs(axis).argmax()])
    middle, reach = float(source.mean()[0] @ axis), REACH * (float(roots[0]) or 1.0)
    return axis, middle - reach, middle + reach


def _cdf_along(law: Law, axis: FloatArray, bounds: FloatArray) -> FloatArray:
    """Return the mass of replicate 0 below each bound along a direction."""
    weights, means, factors = law.components()
    sds = np.linalg.norm(axis @ factors[0], axis=1)
    away = bounds[:, None] - means[0] @ axis
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(sds == 0, np.where(away >= 0, np.inf, -np.inf), away / sds)
    below: FloatArray = ndtr(scores)
    return below @ weights[0]
