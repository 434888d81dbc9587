"""How much memory and disk a run will take, asked before it starts."""

import shutil
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

from collapse_tui.experiment.experiment import Experiment
from engines.cost import Cost
from engines.data import Form
from engines.errors import InvalidExperimentError
from engines.metrics.registry import METRICS

WORKING_COPIES = 6
"""Arrays of the size of D_n alive within one step: training set, draw, indices, sorted copy."""

SMALL = 1 << 28
"""Bytes that every machine has: up to here it is not asked."""


def needed_bytes(experiment: Experiment) -> int:
    """Return about how many bytes the points of a run take at its largest generation.

    Statistics (moments, counts) take next to nothing and count as 0.
    """
    if experiment.form not in (Form.POINTS, Form.TOKENS, Form.BLOCKS):
        return 0
    row = 8 * experiment.source.dimension * experiment.replicates
    total = int(experiment.sizes.total(experiment.generations))
    kept = WORKING_COPIES * experiment.sizes.largest
    points_fitted = experiment.setup(0).engine.fits in (Form.POINTS, Form.BLOCKS)
    if experiment.needs.pool or (experiment.needs.union and points_fitted):
        kept += 2 * total
    if experiment.needs.union and points_fitted:
        kept += 3 * total
    if experiment.needs.past and points_fitted:
        kept += total
    return row * kept


def check_capacity(experiment: Experiment) -> None:
    """Refuse a run whose points, models or metrics would not fit into the memory that is free.

    Raises
    ------
    InvalidExperimentError
        With both numbers, and what would make it fit.
    """
    source, replicates = experiment.source, experiment.replicates
    keys = "schedule.size, replicates or generations"
    costs = [Cost("the points of this run", needed_bytes(experiment), keys)]
    costs.append(experiment.setup(0).engine.cost(source, replicates))
    costs += [METRICS[name].cost(source, replicates) for name in experiment.metric_names]
    require_memory(costs)


def require_memory(costs: Sequence[Cost]) -> None:
    """Refuse what does not fit into the memory that is free.

    Raises
    ------
    InvalidExperimentError
        Naming what takes most of it, with both numbers, and what would make it fit.
    """
    largest = max(costs, key=attrgetter("memory"))
    if largest.memory < SMALL:
        return
    import psutil  # costs a tenth of a start

    free = psutil.virtual_memory().available
    if largest.memory > free:
        raise InvalidExperimentError(
            f"{largest.what} take about {gigabytes(largest.memory)}, but {gigabytes(free)} of"
            f" memory are free: lower {largest.keys}"
        )


def record_bytes(experiment: Experiment) -> float:
    """Return about how many bytes all records take on disk, without their views."""
    line = 100 + 150 * len(experiment.metric_names)
    # up to 100 replicates their values stand in the line, 20 digits each
    number = 20 if experiment.replicates <= 100 else 8
    values = number * len(experiment.metric_names) * experiment.replicates
    return float(line + values) * (experiment.generations + 1)


def check_disk(experiment: Experiment, folder: Path) -> None:
    """Refuse a run whose networks would fill the disk.

    Raises
    ------
    InvalidExperimentError
        With both numbers, and what would make it fit.
    """
    wanted = experiment.weight_bytes()
    if not wanted:
        return
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if wanted > free:
        raise InvalidExperimentError(
            f"the networks of this run take about {gigabytes(wanted)}, but {gigabytes(free)} are"
            f" free at {there}: lower state.keep (it is {experiment.state.keep}) or replicates"
        )


def gigabytes(number: float) -> str:
    """Return a number of bytes in words."""
    return f"{number / 1e9:,.1f} GB"
