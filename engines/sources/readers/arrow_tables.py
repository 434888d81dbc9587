"""Reads a column of a Parquet or a Feather file; what their headers announce is compared."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.arrays import FloatArray, IntArray
from engines.errors import InvalidExperimentError
from engines.sources.readers.cells import BadCellError, to_numbers
from engines.sources.readers.dialect import Keys
from engines.sources.readers.exact_floats import to_floats
from engines.sources.readers.regular_file import check_growth, check_memory, open_source
from engines.sources.readers.rows import count_of
from engines.sources.readers.tables import COPIES, Column, column_index, column_name

SUFFIXES = (".parquet", ".feather", ".arrow")


def read_arrow_table(path: Path, suffix: str, keys: Keys) -> Column:
    """Return one column of a Parquet, Feather or Arrow file.

    Raises
    ------
    InvalidExperimentError
        If it is damaged, or the column does not hold numbers.
    """
    import pyarrow as pa

    library: Any = pa
    try:
        return _read(path, suffix, keys)
    except MemoryError:
        raise
    except (library.ArrowException, library.ArrowKeyError) as error:
        version = "" if suffix == ".parquet" else " of version 2 (a stream is none)"
        said = " ".join(str(error).split())[:120]
        raise InvalidExperimentError(
            f"{path} is damaged or no {suffix} file{version}: write it again ({said})"
        ) from None


def _read(path: Path, suffix: str, keys: Keys) -> Column:
    with open_source(path) as file:
        packed = os.fstat(file.fileno()).st_size
        table: Any = (_Parquet if suffix == ".parquet" else _Feather)(file)
        names = tuple(table.schema.names)
        index = column_index(path, names, len(names), keys.column)
        name = column_name(names, index, len(names))
        place = f"{path}, column {name!r}"
        check_growth(str(path), packed, 8 * table.rows)
        check_memory(str(path), COPIES * 8 * table.rows)
        parts: list[FloatArray] = []
        row, missing, size = 0, 0, 0
        for array in table.batches(index):
            size += _size(array)
            check_growth(str(path), packed, size)
            values = _numbers(place, array, row, keys.decimal or ".")
            parts.append(values)
            missing += len(array) - len(values)
            row += len(array)
    facts = (f"{count_of(missing, 'missing value')} left out",) if missing else ()
    return Column(np.concatenate([np.empty(0), *parts]), name, facts)


class _Parquet:
    """A Parquet file, some rows at a time."""

    def __init__(self, file: Any) -> None:
        import pyarrow.parquet

        self._library: Any = pyarrow.parquet
        self._file = file
        found: Any = self._library.ParquetFile(file)
        self.schema: Any = found.schema_arrow
        self.metadata: Any = found.metadata
        self.rows: int = found.metadata.num_rows

    def batches(self, index: int) -> Iterator[Any]:
        name = self.schema.names[index]
        # a name chooses each column that has it, and a member of a table within the table
        place = self.schema.names[:index].count(name)
        # a text that a million rows repeat is stored once, and must be held but once
        once = [] if self.schema.field(index).type.num_fields else [name]
        opened = self._library.ParquetFile(self._file, metadata=self.metadata, read_dictionary=once)
        for batch in opened.iter_batches(columns=[name], use_threads=False):
            yield batch.column([i for i, n in enumerate(batch.schema.names) if n == name][place])


class _Feather:
    """A Feather file (version 2), which is an Arrow file."""

    def __init__(self, file: Any) -> None:
        from pyarrow import dataset, ipc

        self._file = file
        self._library: Any = ipc
        self.schema: Any = self._library.open_file(file).schema
        formats: Any = dataset
        self.rows: int = formats.IpcFileFormat().make_fragment(file).count_rows()

    def batches(self, index: int) -> Iterator[Any]:
        library: Any = self._library
        options = library.IpcReadOptions(included_fields=[index], use_threads=False)
        opened = library.open_file(self._file, options=options)
        for number in range(opened.num_record_batches):
            yield opened.get_batch(number).column(0)


def _size(array: Any) -> int:
    """Return the bytes of a part of a column, each row with a text of its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    library: Any = pa
    compute: Any = pc
    kinds = library.types
    if not kinds.is_dictionary(array.type):
        return array.nbytes
    if not (kinds.is_string(array.dictionary.type) or kinds.is_large_string(array.dictionary.type)):
        return 8 * len(array)
    lengths = compute.binary_length(array.dictionary).cast(library.int64())
    return 8 * len(array) + (compute.sum(lengths.take(array.indices)).as_py() or 0)


def _numbers(place: str, array: Any, before: int, decimal: str) -> FloatArray:
    """Return the numbers of a part of a column that so many rows precede."""
    import pyarrow as pa

    library: Any = pa
    kinds = library.types
    if kinds.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if kinds.is_decimal(kind):
        array, decimal = array.cast(library.string()), "."
    if kinds.is_string(array.type) or kinds.is_large_string(kind):
        try:
            return to_numbers(array.fill_null("").cast(library.string()), decimal)[0]
        except BadCellError as error:
            row = before + error.index + 1
            raise InvalidExperimentError(f"{place}, row {row}: {error}") from None
    if kinds.is_boolean(kind):
        array = array.cast(library.uint8())
    elif not (kinds.is_integer(kind) or kinds.is_floating(kind)):
        raise InvalidExperimentError(f"{place} holds {kind}, not numbers: name another column")
    values = array.drop_null().to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(array.is_valid().to_numpy(zero_copy_only=False)) + before
    return _finite(place, values, rows)


def _finite(place: str, values: NDArray[Any], rows: IntArray) -> FloatArray:
    """Return the numbers of some rows without those that are NaN; none may be infinite."""
    if values.dtype.kind == "f":
        there = ~np.isnan(values)
        rows, values = rows[there], values[there]
    wrong = np.flatnonzero(np.isinf(values))
    if len(wrong):
        raise InvalidExperimentError(
            f"{place}, row {rows[wrong[0]] + 1}, is {values[wrong[0]]}: remove the row, or replace"
            " it by a finite number"
        )
    return to_floats(values, lambda at: f"{place}, row {rows[at] + 1}")
