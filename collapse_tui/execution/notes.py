"""Facts about a whole run that its events do not show, each in one sentence."""

from collections.abc import Iterator, Sequence

from collapse_tui.experiment.capacity import gigabytes, record_bytes
from collapse_tui.experiment.data_files import describe_files
from collapse_tui.experiment.experiment import Experiment

LARGE = 10**8
"""Bytes of networks from which a note names them."""

MANY = 10**10
"""Bytes of records from which a note names them."""


def notes_of(experiment: Experiment, differences: Sequence[str], *, stored: bool) -> Iterator[str]:
    """Yield sentences on files, how data are drawn, what is not measured, disk, reproducibility.

    Parameters
    ----------
    experiment : Experiment
    differences : sequence of str
        What of the environment differs from that of the stored records.
    stored : bool
        Whether the run has a folder.
    """
    files = describe_files(experiment.source.files)
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
    if stored and (weights := experiment.weight_bytes()) > LARGE:
        yield (
            f"the networks will take about {gigabytes(weights)} of disk (state.keep ="
            f" {experiment.state.keep})"
        )
    if stored and (records := record_bytes(experiment)) > MANY:
        yield f"the records will take about {gigabytes(records)} of disk"
    for change in differences:
        yield f"not bit for bit the same from here on: {change}"
