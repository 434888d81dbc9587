"""Reads one column of numbers from any kind of file; errors name the file, the row, the cell."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.arrays import FloatArray
from engines.errors import InvalidExperimentError, nearest
from engines.sources.readers import arrow_tables, tables
from engines.sources.readers.arrays import read_npy, read_npz
from engines.sources.readers.damage import name_damage
from engines.sources.readers.dialect import Keys
from engines.sources.readers.exact_floats import to_floats
from engines.sources.readers.packed_file import PACKINGS, split_suffix
from engines.sources.readers.regular_file import open_source
from engines.sources.readers.tables import Column, column_index, column_name

ARRAYS = (".npy", ".npz")
SUFFIXES = (*tables.SUFFIXES, *arrow_tables.SUFFIXES, *ARRAYS)
NO_KEYS = Keys()
LARGEST = 1e75
"""Largest distance of two numbers: moments are sums of fourth powers."""


def read_column(path: Path, keys: Keys = NO_KEYS) -> Column:
    """Return one column of a file as numbers, in the order of its rows.

    Parameters
    ----------
    path : Path
        A table of text (.csv, .tsv, .txt, .dat, also packed), a .parquet, .feather or .arrow
        file, or arrays of numpy (.npy, .npz).
    keys : Keys
        Which column, and how the file is written where it does not say so itself.

    Raises
    ------
    InvalidExperimentError
        If the file is missing, of another kind, empty, or does not hold finite numbers only;
        the message names the row.
    """
    suffix, packing = split_suffix(path)
    if suffix not in SUFFIXES or (packing and suffix not in tables.SUFFIXES):
        open_source(path).close()
        raise InvalidExperimentError(
            f"source.path must end in one of {', '.join(SUFFIXES)}, text also in"
            f" {', '.join(PACKINGS)} after it, got {str(path)!r}"
        )
    _refuse_keys(path, suffix, keys)
    with name_damage(path):
        if suffix in ARRAYS:
            column = (_npy if suffix == ".npy" else _npz)(path, keys)
        elif suffix in arrow_tables.SUFFIXES:
            column = arrow_tables.read_arrow_table(path, suffix, keys)
        else:
            column = tables.read_table(path, suffix, keys)
        _check(path, column.values)
        return column


def _refuse_keys(path: Path, suffix: str, keys: Keys) -> None:
    """Refuse a key that says how another kind of file is written: it would have no effect."""
    useless: tuple[str, ...] = ("array",) if suffix != ".npz" else ()
    if suffix not in tables.SUFFIXES:
        useless += ("separator", "header", "decimal")[: 3 if suffix in ARRAYS else 2]
    for name in useless:
        if getattr(keys, name) is not None:
            raise InvalidExperimentError(
                f"source.{name} is {getattr(keys, name)!r}, which says nothing of a {suffix} file"
                f" ({path}): remove it"
            )


def _check(path: Path, values: FloatArray) -> None:
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
    if values.max() > LARGEST + values.min():
        raise InvalidExperimentError(
            f"{path} holds numbers from {values.min():g} to {values.max():g}, whose fourth powers"
            f" are no numbers: divide all rows until they are within {LARGEST:g} of each other"
        )


def _npy(path: Path, keys: Keys) -> Column:
    return _of_array(path, read_npy(path), keys.column, "numbers")


def _npz(path: Path, keys: Keys) -> Column:
    column = keys.column

    def choose(known: list[str]) -> list[str]:
        named = isinstance(column, str) and keys.array is None
        name = column if named else keys.array
        if name is None and len(known) == 1:
            name = known[0]
        if name not in known:
            raise InvalidExperimentError(
                f"source.array must name an array of {path}, got {name!r}:"
                f" {nearest(str(name), known)}"
            )
        return [str(name)]

    ((name, values),) = read_npz(path, choose).items()
    return _of_array(path, values, None if column == name else column, name)


def _of_array(path: Path, values: NDArray[Any], column: str | int | None, name: str) -> Column:
    """Return an array, or a column of a table, as numbers."""
    if values.dtype.kind not in "biuf":
        raise InvalidExperimentError(f"{path} holds {values.dtype}, not numbers")
    if values.ndim not in {1, 2}:
        raise InvalidExperimentError(
            f"{path} holds an array of shape {values.shape}: one column or a table is needed"
        )
    if values.ndim == 1:
        if column not in {None, 0}:
            raise InvalidExperimentError(
                f"source.column is {column!r}, but {path} holds one column"
            )
    else:
        index = column_index(path, None, values.shape[1], column)
        where = column_name(None, index, values.shape[1])
        name = where if name == "numbers" else f"{name}, {where}"
        values = values[:, index]
    return Column(to_floats(values, lambda at: f"{path}, data row {at + 1}"), name)
