"""All overlays; those that hold for a case, and the reasons why the others do not."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.overlay import Overlay

Curve = tuple[Overlay, FloatArray, FloatArray | None]
"""An overlay, its values and its variance across replicates, as `curves_for` returns them."""

MODULES = (
    "second_moment_table",
    "gaussian.mad",
    "gaussian.overlays",
    "gaussian.overlays_nd",
    "discrete.overlays",
    "kde.overlays",
    "survival",
    "discrete.partial",
    "regression",
)
"""Modules of `engines.theory` with a tuple ``OVERLAYS``; imported on first use."""


@cache
def overlays() -> tuple[Overlay, ...]:
    """Return all overlays."""
    modules = (import_module(f"engines.theory.{name}") for name in MODULES)
    return tuple(overlay for module in modules for overlay in module.OVERLAYS)


def work_for(case: Case, metrics: Sequence[str]) -> float:
    """Return about how many numbers the overlays that hold compute for one generation."""
    return sum(
        overlay.work(case)
        for overlay in overlays()
        if overlay.metric in metrics and overlay.condition(case) is None
    )


def curves_for(case: Case, metrics: Sequence[str]) -> tuple[list[Curve], dict[str, str]]:
    """Return the overlays of these metrics that hold for a case, and why the others do not.

    Parameters
    ----------
    case : Case
        The experiment.
    metrics : sequence of str
        Names of the metrics.

    Returns
    -------
    curves : list of (Overlay, ndarray of shape (G + 1,), ndarray of shape (G + 1,) or None)
        The overlay, its values, and the exact variance of the metric across replicates: NaN
        where the law is too heavy-tailed for a z-score.
    absent : dict
        Name of each other overlay → the reason why it does not hold, as a clause.
    """
    curves: list[Curve] = []
    absent: dict[str, str] = {}
    for overlay in overlays():
        if overlay.metric not in metrics:
            continue
        if reason := overlay.condition(case):
            absent[overlay.name] = reason
            continue
        # beyond the largest number a law is infinite, or has no number: both are drawn as an end
        with np.errstate(over="ignore", invalid="ignore"):
            variance = None if overlay.variance is None else overlay.variance(case)
            values = overlay.values(case)
        curves.append((overlay, values, variance))
    return curves, absent
