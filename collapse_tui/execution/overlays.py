"""The overlays of one experiment, evaluated: theory beside its simulation."""

from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np

from collapse_tui.events import Curve, absent_after
from collapse_tui.execution.source_facts import source_facts
from collapse_tui.execution.theory_starts import MOST_STARTS, States, start_generations
from collapse_tui.experiment.experiment import Experiment
from engines.theory.case import Case
from engines.theory.given_state.law import StateLaw
from engines.theory.given_state.registry import curves_after
from engines.theory.overlay import Overlay
from engines.theory.registry import curves_for, work_for
from engines.views.view import View

LEAST_HORIZON, FIRST_HORIZON, LAST_HORIZON = 1 << 8, 1 << 12, 1 << 20
"""Generations that theory is evaluated for: at once at least, at first, and at most."""
FIRST_WORK, MOST_WORK = 1 << 31, 1 << 36
"""Numbers that it may compute at first, and at most."""
LAST_VIEW = 1 << 16
"""Last generation whose law is drawn into its histogram: that of each frame is computed anew."""


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
    experiment: Experiment, generation: int = 0, states: States | None = None
) -> tuple[tuple[Curve, ...], dict[str, str]]:
    """Return the overlays whose conditions hold, and why the others are not drawn.

    Parameters
    ----------
    experiment : Experiment
    generation : int
        They reach as far as `theory_horizon` gives for it.
    states : mapping of int to StateMoments, or None
        From which of them theory starts anew: those before a change of settings.

    Returns
    -------
    curves : tuple of Curve
        Those from a state on come last.
    absent : dict of str to str
        Overlay → the reason; for a metric without a law from the state of generation n on,
        `absent_after` gives the key.
    """
    case = case_of(experiment, generation)
    found, absent = curves_for(case, experiment.metric_names)
    after, reasons = _curves_after(experiment, case, states or {})
    return (*(_curve(*item) for item in found), *after), {**absent, **reasons}


def _curves_after(
    experiment: Experiment, case: Case, states: States
) -> tuple[list[Curve], dict[str, str]]:
    """Return the laws from the states on, each until theory starts anew, and missing ones."""
    starts = [n for n in start_generations(experiment) if n in states and n < case.generations]
    starts = starts[-MOST_STARTS:]
    curves, absent = list[Curve](), dict[str, str]()
    for n, last in zip(starts, [*starts[1:], case.generations], strict=False):
        found, reasons = curves_after(case, states[n], last, experiment.metric_names)
        curves += (_curve(*item, start=n) for item in found)
        absent |= {absent_after(metric, n): reason for metric, reason in reasons.items()}
    return curves, absent


def _curve(law: Overlay | StateLaw, values: Any, variance: Any, *, start: int = -1) -> Curve:
    source = law.reference
    reference = f"{source.authors} ({source.year}), {source.link}"
    reference += f", {source.where}" if source.where else ""
    name, label, status = law.name, f"from the state at {start}", "exact"
    if isinstance(law, Overlay):
        label, status = law.label, law.status
    else:
        name = f"{name}@{start}"
    return Curve(name, label, law.metric, law.statistic, status, values, variance, reference, start)


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
