"""Reads one column of numbers; errors name the file, the row and the cell."""

import csv
from array import array
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from engines.arrays import FloatArray
from engines.errors import InvalidExperimentError, nearest
from engines.sources.readers.arrays import read_npy, read_npz
from engines.sources.readers.damage import name_damage
from engines.sources.readers.regular_file import open_source

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = {"", "na", "n/a", "null", "none"}
"""Cells that stand for a missing number; a first line of these and numbers is not a header."""
LONGEST_LINE = 1_000_000
"""Most characters of a row: a file without line ends must not be read as one of them."""
SUFFIXES = (".csv", ".npy", ".npz", ".txt")


def read_column(path: Path, column: str | int | None) -> FloatArray:
    """Return one column of a file as numbers, in the order of its rows.

    Parameters
    ----------
    path : Path
        A .csv (with or without a header line), .npy, .npz or .txt file.
    column : str, int or None
        Name or number of the column; for .npz the name of the array. None is the only
        column there is.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    InvalidExperimentError
        If the file is missing, of another kind, empty, or does not hold finite numbers only;
        the message names the row.
    """
    readers = {".csv": _csv, ".npy": _npy, ".npz": _npz, ".txt": _text}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        open_source(path).close()
        raise InvalidExperimentError(
            f"source.path must end in one of {', '.join(SUFFIXES)}, got {str(path)!r}"
        )
    with name_damage(path):
        return _checked(path, reader(path, column))


def _checked(path: Path, values: FloatArray) -> FloatArray:
    if len(values) < 2:
        raise InvalidExperimentError(f"{path} holds {len(values)} numbers, at least 2 are needed")
    broken = np.flatnonzero(~np.isfinite(values))
    if len(broken):
        raise InvalidExperimentError(
            f"{path} holds {values[broken[0]]} in data row {broken[0] + 1}"
            f" ({len(broken)} such rows): remove them or replace them by finite numbers"
        )
    if values.min() == values.max():
        raise InvalidExperimentError(f"{path} holds the same number {values[0]} in every row")
    return values


def _csv(path: Path, column: str | int | None) -> FloatArray:
    with _lines(path) as lines:
        rows = (row for row in csv.reader(lines) if any(cell.strip() for cell in row))
        first = next(rows, None)
        if first is None:
            return np.empty(0)
        header = [cell.strip() for cell in first]
        has_header = any(_as_number(c) is None and c.lower() not in MISSING for c in header)
        index = _index(path, header if has_header else None, len(header), column)
        numbered = enumerate(rows if has_header else chain([first], rows), start=1)
        return _to_numbers(path, ((f"data row {number}", row) for number, row in numbered), index)


def _text(path: Path, column: str | int | None) -> FloatArray:
    with _lines(path) as lines:
        numbered = ((f"line {number}", line.split()) for number, line in enumerate(lines, start=1))
        rows = ((place, row) for place, row in numbered if row and not row[0].startswith("#"))
        first = next(rows, None)
        if first is None:
            return np.empty(0)
        index = _index(path, None, len(first[1]), column)
        return _to_numbers(path, chain([first], rows), index)


@contextmanager
def _lines(path: Path) -> Generator[Iterator[str]]:
    """Yield the lines of a file, none of which may take the memory of all."""
    with open_source(path) as file, TextIOWrapper(file, "utf-8-sig", newline="") as text:
        yield _bounded_lines(path, text)


def _bounded_lines(path: Path, text: TextIO) -> Iterator[str]:
    for number in count(1):
        line = text.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise InvalidExperimentError(
                f"{path}, line {number}, is longer than {LONGEST_LINE:,} characters, the most that"
                " are read: one row a line is right"
            )
        if not line:
            return
        yield line


def _to_numbers(path: Path, rows: Iterable[tuple[str, list[str]]], index: int) -> FloatArray:
    """Return the numbers in one column of rows, each given with its place in the file."""
    values = array("d")
    for place, row in rows:
        cell = row[index].strip() if index < len(row) else ""
        value = _as_number(cell)
        if value is None:
            shown = cell if len(cell) <= 60 else f"{cell[:59]}…"
            raise InvalidExperimentError(
                f"{path}, {place}, column {index}: {shown!r} is not a number"
            )
        values.append(value)
    return np.array(values)


def _index(path: Path, header: list[str] | None, width: int, column: str | int | None) -> int:
    if column is None:
        if width == 1:
            return 0
        choices = ", ".join(header) if header else f"0 … {width - 1}"
        raise InvalidExperimentError(
            f"{path} has {width} columns: say which by source.column ({choices})"
        )
    if isinstance(column, int):
        if 0 <= column < width:
            return column
        raise InvalidExperimentError(
            f"source.column is {column}, but {path} has columns 0 … {width - 1}"
        )
    if header is None:
        raise InvalidExperimentError(
            f"source.column is {column!r}, but {path} has no header line: give a number"
        )
    if column not in header:
        raise InvalidExperimentError(
            f"source.column is {column!r}, which {path} does not have: {nearest(column, header)}"
        )
    return header.index(column)


def _as_number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _npy(path: Path, column: str | int | None) -> FloatArray:
    return _array_column(path, read_npy(path), column)


def _npz(path: Path, column: str | int | None) -> FloatArray:
    def choose(known: list[str]) -> list[str]:
        name = known[0] if column is None and len(known) == 1 else column
        if name not in known:
            raise InvalidExperimentError(
                f"source.column must name an array of {path}, got {column!r}:"
                f" {nearest(str(column), known)}"
            )
        return [str(name)]

    (values,) = read_npz(path, choose).values()
    return _array_column(path, values, None)


def _array_column(path: Path, values: "NDArray[Any]", column: str | int | None) -> FloatArray:
    if values.dtype.kind not in "biuf":
        raise InvalidExperimentError(f"{path} holds {values.dtype}, not numbers")
    if values.ndim == 1:
        return values.astype(np.float64)
    if values.ndim != 2:
        raise InvalidExperimentError(
            f"{path} holds an array of shape {values.shape}: one column or a table is needed"
        )
    return values[:, _index(path, None, values.shape[1], column)].astype(np.float64)
