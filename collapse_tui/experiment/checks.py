"""What must agree before a run starts: kinds of data, metrics, sizes, memory."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, TypeGuard

import numpy as np

from collapse_tui.experiment.capacity import check_capacity
from collapse_tui.experiment.end_condition import EndCondition
from collapse_tui.experiment.experiment import Experiment
from engines.base import EngineConfig, Source
from engines.config import is_list
from engines.data import Form
from engines.errors import InvalidExperimentError, nearest
from engines.kinds import describe
from engines.laws.law import NumberLaw, Part, narrow
from engines.metrics.registry import METRICS
from engines.policies.base import Policy

MOST_SAMPLES = 10**15
MOST_COUNTED = 10**9 - 1
"""Most counted points from which numpy draws a part without replacement."""
MOST_TOTAL = 9e18
"""Largest expected sum of counts: a sum is an integer of 64 bits."""
PARTS = {Part.NORMAL: "normal laws", Part.COMPONENTS: "mixtures of normal laws"}


def check_kinds(source: Source, engine: EngineConfig) -> None:
    """Refuse a source that gives another kind of data than the engine fits.

    Raises
    ------
    InvalidExperimentError
        Naming both.
    """
    if source.kind not in engine.kinds:
        raise InvalidExperimentError(
            f"engine {engine.name!r} fits {describe(engine.kinds)}, but source"
            f" {source.name!r} gives {describe([source.kind])}"
            + ("; source.bins makes it states" if "states" in engine.kinds else "")
        )
    reason = engine.refusal(source.law())
    if reason is not None:
        raise InvalidExperimentError(f"engine {engine.name!r} {reason}")


def select_metrics(
    table: Mapping[str, Any],
    source: Source,
    engine: EngineConfig,
    ends: Iterable[EndCondition] = (),
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the metrics to measure: those named, or those of the engine's that exist.

    Those of conditions that end the run are measured too.

    Returns
    -------
    chosen : tuple of str
    left_out : dict of str to str
        Metric of the engine → why it does not exist; nothing where metrics are named.

    Raises
    ------
    InvalidExperimentError
        If a metric is unknown (the nearest is given) or does not exist for this source.
    """
    chosen, left_out = _listed_metrics(table, source, engine)
    added = {each.metric: str(each) for each in ends if each.metric not in chosen}
    for name, condition in added.items():
        reason = metric_refusal(name, source, engine)
        if reason is not None:
            raise InvalidExperimentError(f"stop = {condition!r}: metric {name!r} {reason}")
    return (*chosen, *added), left_out


def _listed_metrics(
    table: Mapping[str, Any], source: Source, engine: EngineConfig
) -> tuple[tuple[str, ...], dict[str, str]]:
    unknown = [key for key in table if key != "names"]
    if unknown:
        raise InvalidExperimentError(
            f"unknown key metrics.{unknown[0]}: the only key is metrics.names"
        )
    chosen = table.get("names")
    if chosen is None:
        reasons = {
            name: metric_refusal(name, source, engine)
            for name in engine.default_metrics[source.kind]
        }
        left_out = {name: reason for name, reason in reasons.items() if reason is not None}
        return tuple(name for name in reasons if name not in left_out), left_out
    if not _is_names(chosen):
        raise InvalidExperimentError(f"metrics.names must be a list of names, got {chosen!r}")
    if not chosen:
        raise InvalidExperimentError("metrics.names is empty: name at least one metric")
    for name in chosen:
        if name not in METRICS:
            raise InvalidExperimentError(f"unknown metric {name!r}: {nearest(name, METRICS)}")
        reason = metric_refusal(name, source, engine)
        if reason:
            raise InvalidExperimentError(f"metric {name!r} {reason}")
    return tuple(dict.fromkeys(chosen)), {}


def _is_names(value: Any) -> TypeGuard[list[str]]:
    return is_list(value) and all(isinstance(name, str) for name in value)


def metric_refusal(name: str, source: Source, engine: EngineConfig) -> str | None:
    """Return why a metric does not exist for this source and engine, or None."""
    metric, law = METRICS[name], source.law()
    if source.kind not in metric.kinds:
        only = describe(metric.kinds, "and")
        return f"is not defined for {describe([source.kind])}, only for {only}"
    if metric.density and not law.has_density:
        return f"needs a density, which source {source.name!r} does not have"
    obstacle = metric.obstacle(law)
    if obstacle is not None:
        return obstacle
    part = metric.needs.get(source.kind)
    if part is not None and part not in law.parts:
        return f"compares {PARTS[part]}, which source {source.name!r} is not"
    if part is not None and part not in getattr(engine, "law_parts", ()):
        return f"compares {PARTS[part]}, which engine {engine.name!r} does not fit"
    return None


def check_experiment(experiment: Experiment) -> None:
    """Refuse sizes that cannot be fitted or kept, and points that memory does not hold.

    Takes no longer for more generations: settings are looked at where they change, sizes at
    the ends of what their schedule gives.

    Raises
    ------
    InvalidExperimentError
        Naming the generation and both numbers.
    """
    spans = experiment.spans(0, experiment.generations)
    for _, _, setup in spans:
        if setup.seed < 0:
            raise InvalidExperimentError(f"seed must not be negative, got {setup.seed}")
    _check_sizes(experiment)
    sizes = experiment.sizes.listed
    for _, _, setup in experiment.spans(1, experiment.generations):
        engine, policy = setup.engine, setup.policy
        reason = engine.policy_refusal(policy, sizes) or policy.engine_refusal(engine)
        if reason is not None:
            raise InvalidExperimentError(f"engine {engine.name!r} {reason}")
    _check_totals(experiment)
    _check_pools(experiment)
    check_capacity(experiment)


def _check_sizes(experiment: Experiment) -> None:
    found = [*_too_large(experiment), *_too_small(experiment), *_refused(experiment)]
    if found:
        raise InvalidExperimentError(min(found, key=itemgetter(0))[1])


def _too_large(experiment: Experiment) -> Iterator[tuple[int, str]]:
    """Yield the first generation with too many samples to be counted, and a sentence."""
    last = experiment.generations
    n = experiment.sizes.find(0, last, lambda size: size > MOST_SAMPLES)
    if n is not None:
        sentence = (
            f"the schedule (or source.size) gives generation {n} more than"
            f" {MOST_SAMPLES:.0e} samples, the most that are counted exactly"
        )
        yield n, sentence


def _too_small(experiment: Experiment) -> Iterator[tuple[int, str]]:
    """Yield generations with too few samples for the engine that fits them."""
    dimension, last = experiment.source.dimension, experiment.generations
    # T_n is fitted by model n + 1; the data of the last generation by nobody
    for first, end, setup in experiment.spans(1, last):
        engine = setup.engine
        least = engine.minimum(dimension)
        final = last if end == last else end - 1
        n = experiment.sizes.find(first - 1, final, lambda size, least=least: size < least)
        if n is not None:
            sentence = (
                f"schedule gives {experiment.sizes[n]} samples at generation {n}; engine"
                f" {engine.name!r} needs at least {least}"
            )
            yield n, sentence


def _refused(experiment: Experiment) -> Iterator[tuple[int, str]]:
    """Yield generations whose data sets the policy cannot form."""
    real = experiment.real_size
    for first, end, setup in experiment.spans(1, experiment.generations):
        policy = setup.policy

        def refuses(size: int, policy: Policy = policy) -> bool:
            return policy.refusal(size, real) is not None

        n = experiment.sizes.find(first, end, refuses)
        if n is not None:
            yield n, f"at generation {n} {policy.refusal(experiment.sizes[n], real)}"


def _check_totals(experiment: Experiment) -> None:
    """Refuse sums of counts that would be beyond what can be counted exactly."""
    if experiment.form is not Form.TOTALS:
        return
    sizes, last = experiment.sizes, experiment.generations
    rate = float(narrow(experiment.source.law(), NumberLaw).mean()[0])
    expected = rate * sizes.largest
    if experiment.needs.union:
        expected = rate * sizes.total(last)
    if expected > MOST_TOTAL:
        raise InvalidExperimentError(
            f"the sums of {rate:g} a sample reach about {expected:.3g}, but at most"
            f" {MOST_TOTAL:.1e} are counted exactly: lower the rate of the source, schedule.size or"
            " generations"
        )


def _check_pools(experiment: Experiment) -> None:
    sizes, last = experiment.sizes, experiment.generations
    if experiment.needs.union and sizes.total(last) > np.iinfo(np.int64).max:
        raise InvalidExperimentError(
            f"the data sets add up to {sizes.total(last):.3g} samples, more than can be counted"
            " exactly"
        )
    if experiment.form not in (Form.COUNTS, Form.NGRAMS):
        return
    for first, end, setup in experiment.spans(1, last):
        policy = setup.policy
        if not policy.needs.subsets or getattr(policy, "replacement", False):
            continue
        # without a pool points are drawn again from D_0 alone
        n = first
        if policy.needs.pool and sizes.total(first) <= MOST_COUNTED < sizes.total(end):
            n += bisect_right(range(first, end + 1), MOST_COUNTED, key=sizes.total)
        pool = sizes.total(n) if policy.needs.pool else float(experiment.real_size)
        if pool > MOST_COUNTED:
            raise InvalidExperimentError(
                f"at generation {n} policy {policy.name!r} draws without replacement from"
                f" {pool:,.0f} counted samples; at most {MOST_COUNTED:,} can be drawn from"
            )
