"""The overlays of one experiment, evaluated: theory beside its simulation."""

from dataclasses import replace
from functools import lru_cache
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
from engines.theory.registry import curves_for
from engines.views.view import View


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


@lru_cache(maxsize=4)
def case_of(experiment: Experiment) -> Case:
    """Return an experiment as theory sees it."""
    steps = [experiment.setup(n) for n in range(experiment.generations + 1)]
    return Case(
        engines=tuple(step.engine for step in steps),
        policies=tuple(step.policy for step in steps),
        sizes=experiment.sizes,
        source=source_facts(experiment.source),
        redraw=experiment.source.redraws,
    )


def curves_of(experiment: Experiment) -> tuple[tuple[Curve, ...], dict[str, str]]:
    """Return the overlays whose conditions hold, and why the others are not drawn.

    Returns
    -------
    curves : tuple of Curve
    absent : dict of str to str
        Overlay → the reason.
    """
    found, absent = curves_for(case_of(experiment), experiment.metric_names)
    return tuple(_curve(*item) for item in found), absent


def _curve(overlay: Overlay, values: Any, variance: Any) -> Curve:
    source = overlay.reference
    reference = f"{source.authors} ({source.year}), {source.link}"
    reference += f", {source.where}" if source.where else ""
    words = overlay.name, overlay.label, overlay.metric, overlay.statistic, overlay.status
    return Curve(*words, values, variance, reference)


def largest_sd(experiment: Experiment) -> float:
    """Return the largest sd that theory predicts during a run; 0 where it predicts none.

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
    from engines.theory.kde.limit import bin_masses

    theory = bin_masses(case_of(experiment), generation, view.arrays["edges"])
    if theory is None:
        return view
    return replace(view, arrays={**view.arrays, "theory": theory})
