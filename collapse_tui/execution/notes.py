"""Facts about a whole run that its events do not show, each in one sentence."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from collapse_tui.experiment.capacity import needed_seconds
from collapse_tui.experiment.data_files import describe_files
from collapse_tui.experiment.disk import disk_costs, last_generation
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.number_format import format_bytes, format_duration

LARGE = 10**8
"""Bytes of networks from which a note names them."""

MANY = 10**10
"""Bytes of a run, without its networks, from which a note names them."""

LONG = 3600
"""Seconds of a run from which a note says how long it takes."""


def notes_of(
    experiment: Experiment, differences: Sequence[str], folder: Path | None, first: int = -1
) -> Iterator[str]:
    """Yield sentences on files, how data are drawn, what is not measured, disk, reproducibility.

    Parameters
    ----------
    experiment : Experiment
    differences : sequence of str
        What of the environment differs from that of the stored records.
    folder : Path or None
        Where the run is stored.
    first : int
        The last generation that is there already.
    """
    files = describe_files(experiment)
    if files:
        yield files
    cheapest = experiment.setup(0).engine.draws[0]
    if experiment.form is not cheapest:
        yield (
            f"every generation draws its {experiment.form.value}, not only their"
            f" {cheapest.value}: the source or a policy needs them"
        )
    names: dict[str, list[str]] = {}
    for name, reason in experiment.left_out.items():
        names.setdefault(reason, []).append(name)
    for reason, found in names.items():
        each = "each" if len(found) > 1 else "it"
        yield f"not measured: {' and '.join(found)}; {each} {reason}"
    yield from _notes_of_costs(experiment, folder, first)
    for change in differences:
        yield f"not bit for bit the same from here on: {change}"


def _notes_of_costs(experiment: Experiment, folder: Path | None, first: int) -> Iterator[str]:
    if folder is not None:
        yield from _notes_of_disk(experiment, folder, first)
    if experiment.device == "cpu" and (seconds := needed_seconds(experiment)) > LONG:
        yield f"it takes about {format_duration(seconds)} at full speed, by a rough estimate"


def _notes_of_disk(experiment: Experiment, folder: Path, first: int) -> Iterator[str]:
    if (weights := experiment.weight_bytes()) > LARGE:
        yield (
            f"the networks will take about {format_bytes(weights)} of disk (state.keep ="
            f" {experiment.state.keep})"
        )
    *others, _ = disk_costs(experiment)
    if (size := sum(cost.memory for cost in others)) > MANY:
        yield f"records, views and checkpoints will take about {format_bytes(int(size))} of disk"
    if (last := last_generation(experiment, folder, first)) < experiment.generations:
        yield f"the disk will be full at about generation {last:,}"
