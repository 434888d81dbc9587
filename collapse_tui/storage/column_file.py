"""Columns as long as a run, on disk from their first row to their last: `.npz` of any length."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

_COPIED = 1 << 22


class ColumnFile:
    """Columns that are filled by ranges of rows and then written as one .npz file.

    An array of an .npz file stands in one piece, but records come with all their columns: the
    columns wait in an unnamed file, which is gone however the process ends.

    Parameters
    ----------
    folder : Path
        Where there is space for it.
    count : int
        Rows.
    widths : mapping of str to int or None
        Column → numbers in a row; None for a column of one dimension.
    integers : collection of str
        Columns of int64; the others are float64.
    """

    def __init__(
        self,
        folder: Path,
        count: int,
        widths: Mapping[str, int | None],
        integers: frozenset[str],
    ) -> None:
        import tempfile  # only an export needs it

        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._count, self._widths, self._integers = count, widths, integers

    def __enter__(self) -> Self:
        """Return the columns, to be filled."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget the columns."""
        self._file.close()

    def put(self, name: str, start: int, values: NDArray[Any]) -> None:
        """Fill rows of a column, from row `start` on."""
        self._file.seek(self._offset(name) + 8 * start * (self._widths[name] or 1))
        self._file.write(np.ascontiguousarray(values, self._kind(name)).tobytes())

    def write_npz(self, target: Path) -> None:
        """Write all columns as `numpy.load` reads them."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name, width in self._widths.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    shape = (self._count,) if width is None else (self._count, width)
                    header = {"descr": self._kind(name), "fortran_order": False, "shape": shape}
                    np.lib.format.write_array_header_1_0(member, header)
                    self._copy(name, member)

    def _copy(self, name: str, member: IO[bytes]) -> None:
        self._file.seek(self._offset(name))
        left = 8 * self._count * (self._widths[name] or 1)
        while left > 0:
            data = self._file.read(min(left, _COPIED))
            if not data:
                raise ValueError(f"column {name} lacks {left // 8} of its numbers")
            member.write(data)
            left -= len(data)

    def _kind(self, name: str) -> str:
        return "<i8" if name in self._integers else "<f8"

    def _offset(self, name: str) -> int:
        before = 0
        for column, width in self._widths.items():
            if column == name:
                return before
            before += 8 * self._count * (width or 1)
        raise KeyError(name)
