"""Refuses a first or a last row of a table that is about the others, such as their total."""

import csv
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from engines.arrays import FloatArray
from engines.errors import InvalidExperimentError
from engines.sources.readers.cells import is_missing
from engines.sources.readers.dialect import Dialect, split_line

WORDS = {
    "total", "totals", "grand total", "sum", "mean", "average", "median", "count", "summe",
    "gesamt", "mittelwert", "moyenne", "suma", "media",
}  # fmt: skip
"""Words that mark such a row where other rows have words in their place too."""
FEWEST = 6
"""Least numbers of which one that is the sum of the others is no chance."""


def refuse_totals(
    path: Path,
    dialect: Dialect,
    index: int,
    ends: Sequence[tuple[int, str]],
    sample: Sequence[str],
    values: FloatArray,
) -> None:
    """Refuse a first or a last row that is about the others, in any language.

    It is where a cell is one of `WORDS`, or has no digit while other rows all have some in its
    place, or where the number is the sum of all others.

    Parameters
    ----------
    path : Path
    dialect : Dialect
    index : int
        The column that is read.
    ends : sequence of (int, str)
        The first row and the last one, each with the number of its line.
    sample : sequence of str
        The rows with which the table begins.
    values : ndarray, shape (n,)
        The numbers of the column, in order of the rows.

    Raises
    ------
    InvalidExperimentError
        That names the line, the cell, and what to do where the row is like the others.
    """
    others = sample[:-1], sample[1:-1]
    for (number, line), rows, at in zip(reversed(ends), others, (-1, 0), strict=False):
        cells = _split(line, dialect.separator)
        if len(cells) <= index or not len(values):
            continue
        word = next((cell for cell in cells if cell.lower().strip(" :.") in WORDS), None)
        label = _label(cells, index, [_split(row, dialect.separator) for row in rows])
        if word or label:
            reason = repr(word or label)
        elif not is_missing(cells[index]) and _is_sum(values, float(values[at])):
            reason = f"{cells[index]!r} is the sum of all others"
        else:
            continue
        raise InvalidExperimentError(
            f"{path}, line {number}, seems to be about the other rows ({reason}): delete it, or"
            " move it between them where it is one of them"
        )


def _split(line: str, separator: str) -> list[str]:
    """Return the cells of a row, none where its quotation marks are not those of the rule."""
    with suppress(csv.Error):
        return split_line(line, separator)
    return []


def _label(cells: Sequence[str], index: int, rows: Sequence[Sequence[str]]) -> str | None:
    """Return a cell without a digit where other rows all have digits; None where there is none."""
    for place, cell in enumerate(cells):
        if place == index or is_missing(cell) or _has_digit(cell) or len(rows) < 2:
            continue
        if all(_has_digit("".join(row[place : place + 1])) for row in rows):
            return cell
    return None


def _has_digit(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def _is_sum(values: FloatArray, value: float) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        differs = abs(float(values.sum()) - 2.0 * value) > 1e-9 * abs(value)
    if differs or len(values) < FEWEST:
        return False
    return np.count_nonzero(np.abs(values) >= abs(value)) == 1
