"""Cells of a table as numbers: what counts as missing, and what is wrong with the others."""

import re
from contextlib import suppress
from typing import Any

import numpy as np

from engines.arrays import FloatArray

MISSING = (
    "", "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "-nan", "null", "none", "nil", "-", "--", "–",
    "—", ".", "..", "...", "?",
)  # fmt: skip
"""Cells that stand for a missing number, in small letters."""
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
COMMA_NUMBER = re.compile(r"[+-]?(?:[0-9]+,[0-9]*|,[0-9]+)(?:[eE][+-]?[0-9]+)?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[ .,'\u2019\u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]*)?")
"""Digits in groups of three."""
UNIT = re.compile(r"[+-]?[.,]?[0-9][0-9.,]*\s*[^0-9.,\s:/_#-]+")
"""A number and what follows it."""
EXACT = 2**53
"""Beyond it not every whole number is a floating point number."""
LONGEST_CELL = 60
"""Characters of a cell that a message quotes."""


class BadCellError(ValueError):
    """A cell that is no number.

    Parameters
    ----------
    index : int
        Its place among the cells.
    reason : str
        The cell, what is wrong with it, and what would be right.
    """

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


def is_missing(cell: str) -> bool:
    """Return whether a cell, without spaces around it, stands for a missing number."""
    return cell.lower() in MISSING


def is_number(cell: str) -> bool:
    """Return whether a cell is a number with a decimal point or a decimal comma, or none."""
    return bool(NUMBER.fullmatch(cell) or COMMA_NUMBER.fullmatch(cell))


def to_numbers(cells: Any, decimal: str) -> tuple[FloatArray, int]:
    """Return the numbers among cells, in their order, and how many cells are missing.

    Parameters
    ----------
    cells : pyarrow.StringArray
    decimal : str
        The decimal mark, ``"."`` or ``","``.

    Raises
    ------
    BadCellError
        For the first cell that is neither a finite number nor missing.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    library: Any = pa
    compute: Any = pc
    cells = compute.utf8_trim_whitespace(cells)
    values = _cast(cells) if decimal == "." else None
    if values is not None and np.isfinite(values).all():
        return _exact(cells, values), 0
    gaps = compute.is_in(compute.utf8_lower(cells), value_set=library.array(MISSING))
    kept = cells.filter(compute.invert(gaps))
    places = np.flatnonzero(~gaps.to_numpy(zero_copy_only=False))
    if decimal == ".":
        values = _cast(kept)
    else:
        # a point beside a decimal comma separates thousands
        grouped = compute.any(compute.match_substring(kept, ".")).as_py()
        values = None if grouped else _cast(compute.replace_substring(kept, ",", "."))
    if values is None or not np.isfinite(values).all():
        raise _first_bad(kept.to_pylist(), places, decimal)
    try:
        return _exact(kept, values), len(cells) - len(kept)
    except BadCellError as error:
        raise BadCellError(int(places[error.index]), str(error)) from None


def _cast(cells: Any) -> FloatArray | None:
    """Return cells as numbers; None where one of them is none."""
    import pyarrow as pa

    library: Any = pa
    with suppress(library.ArrowInvalid):
        return cells.cast(library.float64()).to_numpy(zero_copy_only=False)
    return None


def _exact(cells: Any, values: FloatArray) -> FloatArray:
    """Return the numbers, none of which may be another one than its cell."""
    _refuse_vanished(cells, values)
    for index in np.flatnonzero(np.abs(values) >= EXACT):
        cell = cells[int(index)].as_py()
        whole, _, rest = cell.replace(",", ".").partition(".")
        if (
            whole.lstrip("+-").isdigit()
            and not rest.strip("0")
            and int(whole) != int(values[index])
        ):
            raise BadCellError(
                int(index),
                f"{_shown(cell)} is a whole number beyond 2^53, which would be rounded: subtract"
                " what the rows have in common, or give fewer digits",
            )
    return values


def _refuse_vanished(cells: Any, values: FloatArray) -> None:
    """Refuse a number that is too small to be one of 64 bits: it would be read as 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    library: Any = pa
    compute: Any = pc
    places = np.flatnonzero(values == 0)
    if not len(places) or not any(
        compute.any(compute.match_substring(cells, mark)).as_py() for mark in "eE"
    ):
        return
    zeros = cells.take(library.array(places))
    vanished = compute.match_substring_regex(zeros, "^[^eE]*[1-9]")
    if compute.any(vanished).as_py():
        index = int(places[vanished.index(True).as_py()])
        raise BadCellError(
            index,
            f"{_shown(cells[index].as_py())} is closer to 0 than a 64-bit floating point number"
            " can be: multiply all rows by a power of ten, or write 0",
        )


def _first_bad(cells: list[str], places: Any, decimal: str) -> BadCellError:
    for place, cell in zip(places, cells, strict=True):
        pattern = NUMBER if decimal == "." else COMMA_NUMBER
        plain = cell.replace(",", ".") if decimal == "," else cell
        whole = bool(NUMBER.fullmatch(cell)) and "." not in cell
        if not (pattern.fullmatch(cell) or whole) or not np.isfinite(float(plain)):
            return BadCellError(int(place), f"{_shown(cell)} {_reason(cell, decimal)}")
    return BadCellError(0, "its cells are not numbers")


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= LONGEST_CELL else f"{cell[: LONGEST_CELL - 1]}…")


def _reason(cell: str, decimal: str) -> str:
    plain = cell.replace(",", ".").lower()
    reason = "is not a number: correct it, remove the row, or leave the cell empty"
    if plain.lstrip("+-") in {"inf", "infinity"} or (
        NUMBER.fullmatch(plain) and not np.isfinite(float(plain))
    ):
        reason = "is not a finite number: remove the row, or leave the cell empty"
    elif GROUPED.fullmatch(cell):
        alone = decimal != "," and "," in cell and "." not in cell
        hint = ', or say source.decimal = ","' if alone else ""
        reason = f"seems to have thousands separators: remove them{hint}"
    elif NUMBER.fullmatch(plain):
        other = "." if decimal == "," else ","
        reason = (
            f"is not a number with {decimal!r} as its decimal mark: say source.decimal ="
            f' "{other}" where all rows have that one'
        )
    elif cell.startswith(("\u2212", "\u2013")):
        reason = f"is not a number: its minus is {cell[0]!r}, '-' is right"
    elif UNIT.fullmatch(cell):
        reason = "is not a number: remove what follows the digits"
    return reason
