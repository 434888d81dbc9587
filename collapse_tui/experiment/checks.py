"""What must agree before a run starts: kinds of data, metrics, sizes, memory."""

from collections.abc import Mapping
from typing import Any, TypeGuard

import numpy as np

from collapse_tui.experiment.capacity import check_capacity
from collapse_tui.experiment.experiment import Experiment
from engines.base import EngineConfig, Source
from engines.config import is_list
from engines.data import Form
from engines.errors import InvalidExperimentError, nearest
from engines.kinds import describe
from engines.laws.law import Part
from engines.metrics.registry import METRICS

MOST_SAMPLES = 10**15
MOST_COUNTED = 10**9 - 1
"""Most counted points from which numpy draws a part without replacement."""
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
    table: Mapping[str, Any], source: Source, engine: EngineConfig
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the metrics to measure: those named, or those of the engine's that exist.

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

    Raises
    ------
    InvalidExperimentError
        Naming the generation and both numbers.
    """
    for n in range(experiment.generations + 1):
        seed = experiment.setup(n).seed
        if seed < 0:
            raise InvalidExperimentError(f"seed must not be negative, got {seed}")
    _check_sizes(experiment)
    for n in range(1, experiment.generations + 1):
        engine, policy = experiment.setup(n).engine, experiment.setup(n).policy
        reason = engine.policy_refusal(policy, experiment.sizes) or policy.engine_refusal(engine)
        if reason is not None:
            raise InvalidExperimentError(f"engine {engine.name!r} {reason}")
    _check_pools(experiment)
    check_capacity(experiment)


def _check_sizes(experiment: Experiment) -> None:
    dimension = experiment.source.dimension
    for n in range(experiment.generations + 1):
        size = int(experiment.sizes[n])
        if size > MOST_SAMPLES:
            raise InvalidExperimentError(
                f"the schedule (or source.size) gives generation {n} more than"
                f" {MOST_SAMPLES:.0e} samples, the most that are counted exactly"
            )
        engine = experiment.setup(min(n + 1, experiment.generations)).engine
        least = engine.minimum(dimension)
        if size < least:
            raise InvalidExperimentError(
                f"schedule gives {size} samples at generation {n}; engine {engine.name!r} needs"
                f" at least {least}"
            )
        refusal = experiment.setup(n).policy.refusal(size, experiment.real_size) if n else None
        if refusal:
            raise InvalidExperimentError(f"at generation {n} {refusal}")


def _check_pools(experiment: Experiment) -> None:
    pools = np.cumsum(experiment.sizes, dtype=np.float64)
    if experiment.needs.union and pools[-1] > np.iinfo(np.int64).max:
        raise InvalidExperimentError(
            f"the data sets add up to {pools[-1]:.3g} samples, more than can be counted exactly"
        )
    if experiment.form not in (Form.COUNTS, Form.NGRAMS):
        return
    for n in range(1, experiment.generations + 1):
        policy = experiment.setup(n).policy
        if not policy.needs.subsets or getattr(policy, "replacement", False):
            continue
        pool = pools[n] if policy.needs.pool else pools[0]
        if pool > MOST_COUNTED:
            raise InvalidExperimentError(
                f"at generation {n} policy {policy.name!r} draws without replacement from"
                f" {pool:,.0f} counted samples; at most {MOST_COUNTED:,} can be drawn from"
            )
