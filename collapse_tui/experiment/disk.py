"""How much of the disk a run will take, asked before its folder is made."""

import shutil
from pathlib import Path

from collapse_tui.experiment.capacity import (
    KEPT_FORMS,
    describe_bytes,
    needed_bytes,
    needed_seconds,
    past_bytes,
    refusal,
)
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.number_format import format_bytes, format_duration
from engines.cost import Cost
from engines.errors import InvalidExperimentError
from engines.kinds import KINDS

VIEW_LINE = 700
"""Bytes of a line in the index of views."""


def disk_costs(experiment: Experiment) -> list[Cost]:
    """Return what the records, views, checkpoints and networks of a run take on disk."""
    keep = experiment.state.keep
    return [
        Cost(
            "the records of this run",
            _record_bytes(experiment),
            "generations, replicates or metrics.names",
        ),
        Cost(
            "the views of this run",
            _view_bytes(experiment),
            f"generations or {experiment.source.cost.keys}",
        ),
        Cost(
            "the checkpoints of this run",
            _checkpoint_bytes(experiment),
            "schedule.size, replicates or generations",
        ),
        Cost(
            "the networks of this run",
            experiment.weight_bytes(),
            f"state.keep (it is {keep:,}) or replicates",
        ),
    ]


def _record_bytes(experiment: Experiment) -> float:
    """Return about how many bytes all records take, without their views."""
    line = 100 + 150 * len(experiment.metric_names)
    # up to 100 replicates their values stand in the line, 20 digits each
    number = 20 if experiment.replicates <= 100 else 8
    values = number * len(experiment.metric_names) * experiment.replicates
    return float(line + values) * (experiment.generations + 1)


def _view_bytes(experiment: Experiment) -> float:
    source = experiment.source
    fixed, each = KINDS[source.kind].shown
    numbers = fixed + each * max(source.dimension, source.state_count)
    return (VIEW_LINE + 8.0 * numbers) * (experiment.generations + 1)


def _checkpoint_bytes(experiment: Experiment) -> float:
    """Return what training sets take, those of all generations where they are kept."""
    sizes, needs, last = experiment.sizes, experiment.needs, experiment.generations
    fitted = sizes.total(last) if needs.union else float(sizes.largest)
    past = past_bytes(experiment, fitted) if needs.past else 0.0
    checkpoints = min(experiment.state.keep + 2, last + 1)
    if experiment.form not in KEPT_FORMS:
        # statistics of a set are as many as the numbers of its model
        numbers = experiment.setup(0).engine.model_size(experiment.source, fitted)
        return past + 8.0 * numbers * experiment.replicates * checkpoints
    # a union is stored as the data of each generation, once
    kept = sizes.total(last) if needs.union or needs.pool else 0.0
    kept += checkpoints * sizes.largest
    return past + 8.0 * experiment.source.dimension * experiment.replicates * kept


def describe_costs(experiment: Experiment) -> str:
    """Return what a run takes of time, memory and disk, in words."""
    time = format_duration(needed_seconds(experiment))
    memory = format_bytes(int(needed_bytes(experiment)))
    disk = format_bytes(int(sum(cost.memory for cost in disk_costs(experiment))))
    return f"about {time} on one core, {memory} of memory, {disk} of disk"


def check_disk(experiment: Experiment, folder: Path, *, records: int = 1, held: int = 0) -> None:
    """Refuse a run that would fill the disk before many generations are done.

    Of records and views only the first count: a run may be meant to go on until it is stopped,
    and loses nothing where the disk is full at last (`last_generation`).

    Parameters
    ----------
    experiment : Experiment
    folder : Path
    records : int
        How many are written at once: those that a fork copies.
    held : int
        Bytes of states that the folder holds already, which later ones take the place of.

    Raises
    ------
    InvalidExperimentError
        With both numbers, and what would make it fit.
    """
    free, there = _free_disk(folder)
    *tables, checkpoints, networks = disk_costs(experiment)
    fixed, count = (checkpoints, networks), experiment.generations + 1
    costs = [*(cost._replace(memory=cost.memory * records / count) for cost in tables), *fixed]
    if sum(cost.memory for cost in costs) > free + held:
        told = f"{describe_bytes(free)} are free at {there}"
        told += f", and the run holds {describe_bytes(held)} of states" if held else ""
        raise InvalidExperimentError(refusal(costs, free + held, told))


def last_generation(experiment: Experiment, folder: Path, first: int = -1) -> int:
    """Return about how far a run comes until the disk is full.

    Parameters
    ----------
    experiment : Experiment
    folder : Path
    first : int
        The last generation that is there already, with its states.
    """
    free, _ = _free_disk(folder)
    records, views, *fixed = (cost.memory for cost in disk_costs(experiment))
    each = (records + views) / (experiment.generations + 1)
    left = free - sum(fixed) if first < 0 else free
    return min(experiment.generations, first + 1 + int(left / each))


def _free_disk(folder: Path) -> tuple[float, Path]:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return float(shutil.disk_usage(there).free), there
