"""All overlays, and those that hold of a case, with the reasons of the others."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import is_replace, reach
from engines.theory.overlay import Overlay

Curve = tuple[Overlay, FloatArray, FloatArray | None]


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
"""Modules of `engines.theory` with a tuple ``OVERLAYS``; imported when first asked for."""


@cache
def overlays() -> tuple[Overlay, ...]:
    """Return every overlay known."""
    modules = (import_module(f"engines.theory.{name}") for name in MODULES)
    return tuple(overlay for module in modules for overlay in module.OVERLAYS)


def curves_for(case: Case, metrics: Sequence[str]) -> tuple[list[Curve], dict[str, str]]:
    """Return the overlays of these metrics that hold, and why the others do not.

    Parameters
    ----------
    case : Case
        The experiment.
    metrics : sequence of str
        Names of the metrics that are shown.

    Returns
    -------
    curves : list of (Overlay, ndarray of shape (G + 1,), ndarray of shape (G + 1,) or None)
        The overlay, its values, and the exact variance of the metric across replicates. A
        variance that is NaN forbids a z-score there: the law is too heavy-tailed.
    absent : dict
        Name of the overlay → the reason, as a clause.
    """
    curves: list[Curve] = []
    absent: dict[str, str] = {}
    for overlay in overlays():
        if overlay.metric not in metrics:
            continue
        reason = overlay.condition(case)
        if reason is not None:
            absent[overlay.name] = reason
            continue
        variance = None if overlay.variance is None else overlay.variance(case)
        curves.append((overlay, overlay.values(case), variance))
    return curves, absent


def masses(case: Case, generation: int, edges: FloatArray) -> FloatArray | None:
    """Return the mass in each bin of the law that theory gives for model n, or None.

    Parameters
    ----------
    case : Case
        The experiment.
    generation : int
        n.
    edges : ndarray, shape (b + 1,)
        Ascending.

    Returns
    -------
    ndarray, shape (b,), or None
        For kernel estimates under replacement p_0 convolved with the kernels, the limit of
        many points.
    """
    from engines.theory.kde import limit as kde_limit

    fitted_by_kernels = case.engines[-1].name == "kde" and case.source.kind == "real"
    if not fitted_by_kernels or generation > reach(case, is_replace):
        return None
    return kde_limit.mass(case, generation, edges)
