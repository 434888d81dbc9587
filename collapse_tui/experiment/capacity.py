"""How much memory and time a run will take, asked before it starts."""

import math
from collections.abc import Sequence
from operator import attrgetter

from collapse_tui.experiment.experiment import Experiment
from engines.cost import CALL, DRAW, SORT, Cost, Load, free_memory
from engines.data import Form
from engines.errors import InvalidExperimentError
from engines.metrics.registry import METRICS

WORKING_COPIES = 6
"""Arrays of the size of D_n alive within one step: training set, draw, indices, sorted copy."""

SMALL = 1 << 28
"""Bytes that every machine has: up to here it is not asked."""

KEPT_FORMS = (Form.POINTS, Form.TOKENS, Form.BLOCKS)
"""Forms that take memory for each point; statistics take next to nothing."""

PAST_BYTES = 1_000
"""What keeps a past model, besides its numbers."""

LAST_CURVE, CURVES = 1 << 20, 4
"""Last generation for which theory is evaluated, and curves of a metric."""


def needed_bytes(experiment: Experiment) -> float:
    """Return about how many bytes of memory a run takes at its largest generation."""
    return sum(cost.memory for cost in costs_of(experiment))


def needed_seconds(experiment: Experiment) -> float:
    """Return about how long a run takes on one core, to within a factor of about three."""
    last = experiment.generations
    mean = experiment.sizes.total(last) / (last + 1)
    fitted = mean * (last + 1) / 2 if experiment.needs.union else mean
    load = Load(experiment.replicates, mean, fitted)
    return last * sum(cost.time for cost in _costs(experiment, load))


def costs_of(experiment: Experiment) -> list[Cost]:
    """Return what each part of a run takes at its largest generation."""
    largest = float(experiment.sizes.largest)
    fitted = experiment.sizes.total(experiment.generations) if experiment.needs.union else largest
    return _costs(experiment, Load(experiment.replicates, largest, fitted))


def _costs(experiment: Experiment, load: Load) -> list[Cost]:
    source, past = experiment.source, _past_cost(experiment, load)
    engines = {id(s.engine): s.engine for _, _, s in experiment.spans(0, experiment.generations)}
    each = [engine.cost(source, load) for engine in engines.values()]
    size = max(engine.law_size(source) for engine in engines.values())
    metrics = [METRICS[name].cost(source, load, size) for name in experiment.metric_names]
    curves = min(experiment.generations, LAST_CURVE) * (1 + CURVES * len(metrics))
    return [
        _points_cost(experiment, load),
        max(each, key=attrgetter("memory")),
        # they are computed one after the other
        max(metrics, key=attrgetter("memory"))._replace(time=sum(cost.time for cost in metrics)),
        past,
        Cost("the curves of theory", 8.0 * curves, "generations"),
        _record_cost(load, len(metrics)),
    ]


def _points_cost(experiment: Experiment, load: Load) -> Cost:
    """Return what the points of one step take, and those that policies keep."""
    keys = "schedule.size, replicates or generations"
    if experiment.form not in KEPT_FORMS:
        return Cost("the points of this run", 0.0, keys)
    row = 8.0 * experiment.source.dimension * experiment.replicates
    total = experiment.sizes.total(experiment.generations)
    kept = WORKING_COPIES * load.drawn
    if experiment.needs.pool or (experiment.needs.union and _fits_points(experiment)):
        kept += 2 * total
    if experiment.needs.union and _fits_points(experiment):
        kept += 3 * total
    work = row / 8 * (DRAW * load.drawn + SORT * load.fitted)
    return Cost("the points of this run", row * kept, keys, work)


def _past_cost(experiment: Experiment, load: Load) -> Cost:
    """Return what the models of all generations take, where a policy draws from them."""
    if not experiment.needs.past:
        return Cost("the past models of this run", 0.0, "generations")
    keys = "generations, replicates or schedule.size"
    share = experiment.setup(1).policy.shares[1]
    # each model that is drawn from leaves so small a share of the points to those before it
    levels = experiment.generations / 2
    if 0 < share < 1:
        levels = min(levels, 1 - math.log(load.drawn * load.replicates) / math.log(share))
    work = levels * (20 * CALL + DRAW * load.replicates)
    return Cost("the past models of this run", past_bytes(experiment, load.fitted), keys, work)


def past_bytes(experiment: Experiment, fitted: float) -> float:
    """Return how many bytes the models of all generations take.

    Parameters
    ----------
    experiment : Experiment
    fitted : float
        Points that a model is fitted to.
    """
    size = experiment.setup(0).engine.model_size(experiment.source, fitted)
    return experiment.generations * (PAST_BYTES + 8.0 * size * experiment.replicates)


def _fits_points(experiment: Experiment) -> bool:
    return experiment.setup(0).engine.fits in (Form.POINTS, Form.BLOCKS)


def _record_cost(load: Load, metrics: int) -> Cost:
    """Return what summaries, the view and the record of one generation take."""
    values = metrics * load.replicates
    work = 4 * CALL + metrics * CALL + SORT * values
    return Cost("the values of this run", 8.0 * 6 * values, "replicates or metrics.names", work)


def check_capacity(experiment: Experiment) -> None:
    """Refuse a run whose points, models or metrics would not fit into the memory that is free.

    Raises
    ------
    InvalidExperimentError
        With both numbers, and what would make it fit.
    """
    require_memory(costs_of(experiment))


def require_memory(costs: Sequence[Cost]) -> None:
    """Refuse what does not fit into the memory that is free, all together.

    Raises
    ------
    InvalidExperimentError
        Naming what takes most of it, with both numbers, and what would make it fit.
    """
    total = sum(cost.memory for cost in costs)
    if total < SMALL:
        return
    free = free_memory()
    if total > free:
        raise InvalidExperimentError(
            refusal(costs, free, f"{describe_bytes(free)} of memory are free")
        )


def refusal(costs: Sequence[Cost], free: float, told: str) -> str:
    """Return the sentence that refuses costs: the largest, or all where none is too much alone.

    Parameters
    ----------
    costs : sequence of Cost
    free : float
        Bytes.
    told : str
        The clause that says how many are free, and where.
    """
    largest = max(costs, key=attrgetter("memory"))
    taken = f"{largest.what} take about {describe_bytes(largest.memory)}"
    if largest.memory <= free:
        total = describe_bytes(sum(cost.memory for cost in costs))
        taken = f"this run takes about {total}, most of it for {largest.what}"
    return f"{taken}, but {told}: lower {largest.keys}"


def describe_bytes(number: float) -> str:
    """Return a number of bytes in words, small ones in MB."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.1f} MB"
