"""How a table of text is written: its separator, its decimal mark, its header."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from engines.errors import InvalidExperimentError
from engines.sources.readers.cells import COMMA_NUMBER, GROUPED, NUMBER, is_missing, is_number

SAMPLE = 1_000
"""Lines by which a dialect is found."""
SEPARATORS = ("\t", ";", "|", ",")
NAMES = {"tab": "\t", "space": " ", "comma": ",", "semicolon": ";"}
"""Words for separators; a space is any run of white space."""
YEARS = range(1500, 2200)


class Keys(NamedTuple):
    """What the keys of a source say of its file; None where they do not say it."""

    column: str | int | None = None
    array: str | None = None
    separator: str | None = None
    decimal: str | None = None
    header: bool | None = None


class Dialect(NamedTuple):
    """How a table is written.

    Attributes
    ----------
    separator : str
        Empty where there is one column; a space is any run of white space.
    decimal : str
    header : tuple of str or None
    width : int
        Cells of a row.
    """

    separator: str
    decimal: str
    header: tuple[str, ...] | None
    width: int


def split_line(line: str, separator: str) -> list[str]:
    """Return the cells of one line, without the spaces around them.

    Raises
    ------
    csv.Error
        If a quotation mark is not closed.
    """
    if not separator:
        separator = "\1"
    reader = csv.reader(
        [line.strip() if separator == " " else line],
        delimiter=separator,
        skipinitialspace=separator == " ",
        strict=True,
    )
    return [cell.strip() for row in reader for cell in row]


def find_dialect(path: Path, lines: Sequence[str], suffix: str, keys: Keys) -> Dialect:
    """Return how a table is written, where that is clear.

    Parameters
    ----------
    path : Path
        For messages.
    lines : sequence of str
        Its first lines, without comments and empty ones.
    suffix : str
        ``.tsv`` has tabs, ``.txt`` may have spaces.
    keys : Keys
        What they say is taken as it is.

    Raises
    ------
    InvalidExperimentError
        If it is not clear; the message names the keys.
    """
    separator = _separator(path, lines, suffix, keys)
    try:
        rows = [split_line(line, separator) for line in lines]
    except csv.Error:
        rows = [line.split(separator or None) for line in lines]
    header = _header(path, rows, keys)
    body = rows[1:] if header is not None else rows
    first = 0 if header is None else header[0]
    if keys.separator is None and separator == "," and keys.column in {0, first}:
        _refuse_pairs(path, lines[len(rows) - len(body) :], header)
    decimal = keys.decimal or _decimal(path, body, separator)
    return Dialect(separator, decimal, header, len(rows[0]))


def _separator(path: Path, lines: Sequence[str], suffix: str, keys: Keys) -> str:
    if keys.separator is not None:
        return NAMES.get(keys.separator, keys.separator)
    if suffix in {".tsv", ".tab"}:
        return "\t"
    spaces = (" ",) if suffix != ".csv" else ()
    found = [c for c in SEPARATORS + spaces if any(c in line.strip(" ") for line in lines)]
    if not found or _is_comma_column(lines):
        return ""
    even = [c for c in found if _is_even(lines, c)]
    scores = {c: _numeric_share(lines, c) for c in even or found}
    best = max(scores.values())
    chosen = [c for c, score in scores.items() if score == best]
    if even and len(chosen) > 1 and best > 0:
        shown = " or ".join(map(repr, chosen))
        raise InvalidExperimentError(
            f"{path} may be separated by {shown}: say which by source.separator"
        )
    return chosen[0]


def _is_comma_column(lines: Sequence[str]) -> bool:
    """Return whether this can only be one column of numbers with decimal commas."""
    first, *body = (line.strip() for line in lines)
    if not body or "," in first or is_number(first):
        return False
    wholes = [re.split(",", line)[0] for line in body]
    # a column of row numbers that the header does not name
    numbered = wholes in ([str(i) for i in range(s, s + len(body))] for s in (0, 1))
    commas = [bool(COMMA_NUMBER.fullmatch(line)) for line in body]
    numbers = all(is_number(line) or is_missing(line) for line in body)
    return any(commas) and numbers and not numbered


def widths(lines: Sequence[str], separator: str) -> Iterator[int]:
    """Yield the number of cells of each line, 0 where a quotation mark is not closed."""
    for line in lines:
        try:
            yield len(split_line(line, separator))
        except csv.Error:
            yield 0


def _is_even(lines: Sequence[str], separator: str) -> bool:
    found = set(widths(lines, separator))
    return len(found) == 1 and found.pop() > 1


def _numeric_share(lines: Sequence[str], separator: str) -> float:
    """Return how many of the cells are numbers, beyond the first line."""
    count = total = 0
    for line in lines[1:] or lines:
        cells = line.split(separator if separator != " " else None)
        count += sum(is_number(cell.strip(' "')) or is_missing(cell.strip()) for cell in cells)
        total += len(cells)
    return count / max(total, 1)


def _header(path: Path, rows: Sequence[Sequence[str]], keys: Keys) -> tuple[str, ...] | None:
    first, body = rows[0], rows[1:]
    if keys.header is not None:
        return tuple(first) if keys.header else None
    if any(not is_number(cell) and not is_missing(cell) for cell in first):
        return tuple(first)
    if isinstance(keys.column, str):
        return tuple(first) if keys.column in first else None
    if body and _are_years(first) and not any(_are_years(row) for row in body):
        raise InvalidExperimentError(
            f"{path}: its first line, {', '.join(first)[:100]}, may be years that name the"
            " columns, or numbers: say source.header = true or source.header = false"
        )
    return None


def _are_years(cells: Sequence[str]) -> bool:
    return all(len(cell) == 4 and cell.isdigit() and int(cell) in YEARS for cell in cells)


def _refuse_pairs(path: Path, lines: Sequence[str], header: tuple[str, ...] | None) -> None:
    """Refuse a first column of whole numbers that may be those before decimal commas."""
    named = header is not None and bool(header[-1])
    if lines and not named and all(COMMA_NUMBER.fullmatch(line.strip()) for line in lines):
        raise InvalidExperimentError(
            f"{path} holds {lines[0].strip()!r}: its comma may be a decimal mark or stand between"
            ' two columns; say source.decimal = "," and source.separator = ";" where it is one,'
            ' else source.separator = ","'
        )


def _decimal(path: Path, rows: Sequence[Sequence[str]], separator: str) -> str:
    """Return the decimal mark of a table, where nothing else can be meant."""
    cells = [cell for row in rows for cell in row]
    commas = [cell for cell in cells if COMMA_NUMBER.fullmatch(cell)]
    points = [cell for cell in cells if "." in cell and NUMBER.fullmatch(cell)]
    grouped = all(map(_may_be_thousands, points))
    if not all(map(_may_be_thousands, commas)) and (not points or (grouped and separator != ",")):
        return ","
    if commas and not points:
        raise InvalidExperimentError(
            f"{path} holds {commas[0]!r}: its comma may be a decimal mark or separate thousands;"
            ' say source.decimal = "," where it is one (and source.separator), else remove the'
            " commas"
        )
    # where decimals have commas, cells are separated by semicolons
    if points and grouped and separator == ";":
        raise InvalidExperimentError(
            f"{path} holds {points[0]!r} between semicolons: its point may be a decimal mark or"
            ' separate thousands; say source.decimal = "." where it is one, else remove the points'
        )
    return "."


def _may_be_thousands(cell: str) -> bool:
    return bool(GROUPED.fullmatch(cell)) and cell.lstrip("+-")[0] != "0"
