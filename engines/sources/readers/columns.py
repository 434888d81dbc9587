"""Reads one column of numbers; errors name the file, the row and the cell."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile

import numpy as np

from engines.arrays import FloatArray
from engines.errors import InvalidExperimentError, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = {"", "na", "n/a", "null", "none"}
"""Cells that stand for a missing number; a first line of these and numbers is not a header."""
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
    if not path.exists():
        raise InvalidExperimentError(f"source.path names {str(path)!r}, which does not exist")
    readers = {".csv": _csv, ".npy": _npy, ".npz": _npz, ".txt": _text}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InvalidExperimentError(
            f"source.path must end in one of {', '.join(SUFFIXES)}, got {str(path)!r}"
        )
    try:
        values = reader(path, column)
    except (OSError, UnicodeDecodeError, EOFError, csv.Error, BadZipFile) as error:
        raise InvalidExperimentError(f"{path} could not be read: {error}") from error
    if len(values) < 2:
        raise InvalidExperimentError(f"{path} holds {len(values)} numbers, at least 2 are needed")
    broken = np.flatnonzero(~np.isfinite(values))
    if len(broken):
        raise InvalidExperimentError(
            f"{path} holds {values[broken[0]]} in data row {broken[0] + 1}"
            f" ({len(broken)} such rows): remove them or replace them by finite numbers"
        )
    if not np.ptp(values) > 0:
        raise InvalidExperimentError(f"{path} holds the same number {values[0]} in every row")
    return values


def _csv(path: Path, column: str | int | None) -> FloatArray:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        rows = [row for row in csv.reader(handle) if any(cell.strip() for cell in row)]
    if not rows:
        return np.empty(0)
    header = [cell.strip() for cell in rows[0]]
    has_header = any(_as_number(c) is None and c.lower() not in MISSING for c in header)
    index = _index(path, header if has_header else None, len(header), column)
    numbered = enumerate(rows[has_header:], start=1)
    return _to_numbers(path, [(f"data row {number}", row) for number, row in numbered], index)


def _text(path: Path, column: str | int | None) -> FloatArray:
    lines = enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1)
    rows = [(f"line {number}", line.split()) for number, line in lines]
    rows = [(place, row) for place, row in rows if row and not row[0].startswith("#")]
    if not rows:
        return np.empty(0)
    return _to_numbers(path, rows, _index(path, None, len(rows[0][1]), column))


def _to_numbers(path: Path, rows: list[tuple[str, list[str]]], index: int) -> FloatArray:
    """Return the numbers in one column of rows, each given with its place in the file."""
    values = np.empty(len(rows))
    for position, (place, row) in enumerate(rows):
        cell = row[index].strip() if index < len(row) else ""
        value = _as_number(cell)
        if value is None:
            raise InvalidExperimentError(
                f"{path}, {place}, column {index}: {cell!r} is not a number"
            )
        values[position] = value
    return values


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
    try:
        with path.open("rb") as handle:
            array: Any = np.load(handle, allow_pickle=False)
    except ValueError as error:
        raise InvalidExperimentError(f"{path} is not a plain array of numbers: {error}") from error
    return _array_column(path, array, column)


def _npz(path: Path, column: str | int | None) -> FloatArray:
    try:
        with path.open("rb") as handle:
            archive: Any = np.load(handle, allow_pickle=False)
            if isinstance(archive, np.ndarray):
                raise InvalidExperimentError(f"{path} is one array: give it the suffix .npy")
            known = list(archive.files)
            name = known[0] if column is None and len(known) == 1 else column
            if name not in known:
                raise InvalidExperimentError(
                    f"source.column must name an array of {path}, got {column!r}:"
                    f" {nearest(str(column), known)}"
                )
            return _array_column(path, archive[str(name)], None)
    except ValueError as error:
        if isinstance(error, InvalidExperimentError):
            raise
        raise InvalidExperimentError(
            f"{path} is not an archive of plain arrays: {error}"
        ) from error


def _array_column(path: Path, loaded: Any, column: str | int | None) -> FloatArray:
    if not isinstance(loaded, np.ndarray):
        raise InvalidExperimentError(f"{path} is an archive: give it the suffix .npz")
    array = cast("NDArray[Any]", loaded)
    if array.dtype.kind not in "biuf":
        raise InvalidExperimentError(f"{path} holds {array.dtype}, not numbers")
    if array.ndim == 1:
        return array.astype(np.float64)
    if array.ndim != 2:
        raise InvalidExperimentError(
            f"{path} holds an array of shape {array.shape}: one column or a table is needed"
        )
    return array[:, _index(path, None, array.shape[1], column)].astype(np.float64)
