"""What a preset says of its own sweep: ``[[sweep]]`` tables."""

from typing import Any

from collapse_tui.experiment.document import is_table
from engines.config import is_list
from engines.errors import InvalidExperimentError


def read_sweeps(entries: Any) -> tuple[str, ...]:
    """Return the axes of a document's sweeps, ``key=values`` each.

    Parameters
    ----------
    entries : object
        What stands under ``sweep``.

    Raises
    ------
    InvalidExperimentError
        Naming the table by its number.
    """
    if not is_list(entries):
        raise InvalidExperimentError("sweep must be a list of tables, [[sweep]]")
    found: list[str] = []
    for number, entry in enumerate(entries, start=1):
        where = f"sweep {number}"
        if not is_table(entry) or set(entry) != {"over"}:
            raise InvalidExperimentError(f"{where} must have the one key over, got {entry!r}")
        axes = entry["over"]
        if not is_list(axes) or not axes or not all(_is_axis(axis) for axis in axes):
            raise InvalidExperimentError(
                f'{where}: over must be a list such as ["schedule.size=100,1000"], got {axes!r}'
            )
        found += axes
    return tuple(found)


def _is_axis(axis: object) -> bool:
    return isinstance(axis, str) and bool(axis.partition("=")[0] and axis.partition("=")[2])
