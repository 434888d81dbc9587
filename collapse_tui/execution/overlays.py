"""The overlays of one experiment, evaluated: theory beside its simulation."""

from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np

from collapse_tui.events import Curve
from collapse_tui.experiment.experiment import Experiment
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import NumberLaw, Part
from engines.laws.linear import LinearLaw
from engines.laws.real_nd import RealNDLaw
from engines.theory.case import Case, SourceFacts
from engines.theory.overlay import Overlay
from engines.theory.registry import curves_for, work_for
from engines.views.view import View

LEAST_HORIZON, FIRST_HORIZON, LAST_HORIZON = 1 << 8, 1 << 12, 1 << 20
"""Generations that theory is evaluated for: at once at least, at first, and at most."""
FIRST_WORK, MOST_WORK = 1 << 31, 1 << 36
"""Numbers that it may compute at first, and at most."""
LAST_VIEW = 1 << 16
"""Last generation whose law is drawn into its histogram: that of each frame is computed anew."""


def source_facts(source: Any) -> SourceFacts:
    """Return what theory may know of a source."""
    law, kind, fixed = source.law(), source.kind, False
    mean = covariance = probabilities = values = np.empty(0)
    if isinstance(law, RealNDLaw):
        mean, covariance = law.mean()[0], law.covariance()[0]
    elif isinstance(law, LinearLaw):
        mean, covariance = law.weights[0], np.eye(law.weights.shape[1])
    elif isinstance(law, DiscreteLaw):
        kind, probabilities, values = "states", law.probabilities[0], law.values
        mean, covariance = law.mean(), law.variance()[:, None]
    elif isinstance(law, NumberLaw):
        mean, covariance = law.mean(), law.variance()[:, None]
        fixed = getattr(source, "counts", "iid") == "fixed"
    normal = Part.NORMAL in law.parts
    rows = source.natural_size
    return SourceFacts(kind, normal, mean, covariance, probabilities, values, law, rows, fixed)


def case_of(experiment: Experiment, generation: int = 0) -> Case:
    """Return an experiment as theory sees it, until its horizon (see `theory_horizon`)."""
    return _case(experiment, theory_horizon(experiment, generation))


@lru_cache(maxsize=64)
def theory_horizon(experiment: Experiment, generation: int = 0) -> int:
    """Return the last generation up to which theory is evaluated, at most G.

    A run up to a horizon has the same records as a longer one, and so the same theory: laws are
    evaluated for as many generations as take a fraction of a second, and for twice as many again
    and again as the run goes on.

    Parameters
    ----------
    experiment : Experiment
    generation : int
        The horizon reaches it, unless that takes too long.
    """
    horizon, most = FIRST_HORIZON, min(LAST_HORIZON, experiment.generations)
    while horizon > LEAST_HORIZON and _work(experiment, horizon) > FIRST_WORK:
        horizon //= 2
    while horizon < min(generation, most) and _work(experiment, 2 * horizon) <= MOST_WORK:
        horizon *= 2
    return min(horizon, most)


def _work(experiment: Experiment, horizon: int) -> float:
    case = _case(experiment, min(horizon, experiment.generations))
    return work_for(case, experiment.metric_names) * case.generations


@lru_cache(maxsize=8)
def _case(experiment: Experiment, last: int) -> Case:
    spans = experiment.spans(0, last)
    engines = chain.from_iterable((s.engine,) * (b - a + 1) for a, b, s in spans)
    policies = chain.from_iterable((s.policy,) * (b - a + 1) for a, b, s in spans)
    return Case(
        engines=tuple(engines),
        policies=tuple(policies),
        sizes=experiment.sizes.until(last),
        source=source_facts(experiment.source),
        redraw=experiment.source.redraws,
    )


def curves_of(
    experiment: Experiment, generation: int = 0
) -> tuple[tuple[Curve, ...], dict[str, str]]:
    """Return the overlays whose conditions hold, and why the others are not drawn.

    Parameters
    ----------
    experiment : Experiment
    generation : int
        They reach as far as `theory_horizon` gives for it.

    Returns
    -------
    curves : tuple of Curve
    absent : dict of str to str
        Overlay → the reason.
    """
    found, absent = curves_for(case_of(experiment, generation), experiment.metric_names)
    return tuple(_curve(*item) for item in found), absent


def _curve(overlay: Overlay, values: Any, variance: Any) -> Curve:
    source = overlay.reference
    reference = f"{source.authors} ({source.year}), {source.link}"
    reference += f", {source.where}" if source.where else ""
    words = overlay.name, overlay.label, overlay.metric, overlay.statistic, overlay.status
    return Curve(*words, values, variance, reference)


def largest_sd(experiment: Experiment) -> float:
    """Return the largest sd that theory predicts until its first horizon; 0 where it does not.

    Taken from the variance of the typical run, so that a mean carried by rare runs does
    not stretch the histogram.
    """
    if experiment.source.kind != "real":
        return 0.0
    found, _ = curves_for(case_of(experiment), ("variance", "variance_sample"))
    values = [
        float(np.nanmax(values))
        for overlay, values, _ in found
        if overlay.statistic in ("path", "limit", "mean") and np.isfinite(values).any()
    ]
    return float(np.sqrt(max(values, default=0.0)))


def with_theory(view: View, experiment: Experiment, generation: int) -> View:
    """Return a histogram view with the law that theory gives for its generation drawn in."""
    if view.kind != "histogram" or generation < 1:
        return view
    from engines.theory.kde.limit import bin_masses, is_kernel_case

    if not is_kernel_case(case_of(experiment)):
        return view
    case = case_of(experiment, min(generation, LAST_VIEW))
    theory = bin_masses(case, generation, view.arrays["edges"])
    if theory is None:
        return view
    return replace(view, arrays={**view.arrays, "theory": theory})
