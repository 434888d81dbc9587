"""How much memory and disk a run will take, asked before it starts."""

import shutil
from pathlib import Path

from collapse_tui.experiment.experiment import Experiment
from engines.data import Form
from engines.errors import InvalidExperimentError

WORKING_COPIES = 6
"""Arrays of the size of D_n alive within one step: training set, draw, indices, sorted copy."""


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
    """Refuse a run whose points would not fit into the memory that is free.

    Raises
    ------
    InvalidExperimentError
        With both numbers, and what would make it fit.
    """
    wanted = needed_bytes(experiment)
    if wanted < 1 << 28:
        return
    import psutil  # costs a tenth of a start

    free = psutil.virtual_memory().available
    if wanted > free:
        raise InvalidExperimentError(
            f"the points of this run take about {gigabytes(wanted)}, but {gigabytes(free)} of"
            " memory are free: lower schedule.size, replicates or generations"
        )


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


def gigabytes(number: int) -> str:
    """Return a number of bytes in words."""
    return f"{number / 1e9:,.1f} GB"
