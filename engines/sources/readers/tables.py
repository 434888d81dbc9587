"""Reads a column of a table that is text, strictly: every row has as many cells as the first."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.arrays import FloatArray
from engines.errors import InvalidExperimentError, nearest
from engines.sources.readers.dialect import SAMPLE, Keys, find_dialect, widths
from engines.sources.readers.lines import read_line_blocks
from engines.sources.readers.packed_file import split_suffix
from engines.sources.readers.regular_file import check_memory
from engines.sources.readers.rows import RowReader, Rows, without_comments
from engines.sources.readers.totals import refuse_totals

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat")
COPIES = 5
"""Arrays of the numbers alive while they are joined, checked and described."""
MOST_SKIPPED = 10_000_000
"""Most lines that are no rows."""


class Column(NamedTuple):
    """One column of a file.

    Attributes
    ----------
    values : ndarray, shape (n,)
    name : str
        What a sentence calls it.
    facts : tuple of str
        What was left out, and what was taken without being said.
    """

    values: FloatArray
    name: str
    facts: tuple[str, ...] = ()


def read_table(path: Path, suffix: str, keys: Keys) -> Column:
    """Return one column of a table of text.

    Raises
    ------
    InvalidExperimentError
        That names the line, as an editor counts it, and what would be right.
    """
    blocks = _read_rows(path)
    found = next((block for block in blocks if block.content.strip()), None)
    if found is None:
        return Column(np.empty(0), "numbers")
    lines = [line for line in found.content.decode().split("\n") if line.strip()][:SAMPLE]
    dialect = find_dialect(path, lines, suffix, keys)
    table = RowReader(path, dialect, 0)
    try:
        index = column_index(path, dialect.header, dialect.width, keys.column)
    except InvalidExperimentError:
        # a title above the table is no header that lacks the column
        if set(widths(lines[:2], dialect.separator)) != {dialect.width}:
            table.refuse_rows(found)
        raise
    table.index = index
    parts: list[FloatArray] = []
    comments, empty_lines, size = 0, 0, 0
    for number, block in enumerate(chain([found], blocks)):
        comments += block.comments
        empty_lines += block.empty_lines
        parts.append(table.read(block, skip_header=number == 0 and dialect.header is not None))
        size += parts[-1].nbytes
        check_memory(str(path), COPIES * size)
    values = np.concatenate(parts)
    sample = lines[dialect.header is not None :]
    refuse_totals(path, dialect, index, table.ends, sample, values)
    name = column_name(dialect.header, index, dialect.width)
    return Column(values, name, tuple(table.facts(comments, empty_lines)))


def _read_rows(path: Path) -> Iterator[Rows]:
    """Yield blocks of lines without comments; not endlessly many of these, nor empty lines."""
    skipped = 0
    for block in map(without_comments, read_line_blocks(path)):
        nothing = not block.content.strip()
        skipped += block.content.count(b"\n") if nothing else block.comments + block.empty_lines
        if skipped > MOST_SKIPPED:
            line = block.first + block.content.count(b"\n")
            raise InvalidExperimentError(
                f"{path} holds more than {MOST_SKIPPED:,} comments and empty lines before line"
                f" {line:,}: delete them"
            )
        yield block


def column_name(header: tuple[str, ...] | None, index: int, width: int) -> str:
    """Return what a sentence calls a column."""
    if header is not None and header[index]:
        return header[index]
    return "numbers" if width == 1 else f"column {index}"


def column_index(
    path: Path, header: tuple[str, ...] | None, width: int, column: str | int | None
) -> int:
    """Return the number of the column that is meant, 0 first.

    Raises
    ------
    InvalidExperimentError
        If there is none, or more than one.
    """
    if column is None:
        if width == 1:
            return 0
        choices = ", ".join(header) if header else f"0 … {width - 1}"
        other = ", or, where they are none, what stands between cells by source.separator and"
        text = split_suffix(path)[0] in SUFFIXES
        raise InvalidExperimentError(
            f"{path} has {width} columns: say which by source.column ({choices})"
            + (f"{other} source.decimal" if text else "")
        )
    if isinstance(column, int) and (0 <= column < width or str(column) not in (header or ())):
        if 0 <= column < width:
            return column
        raise InvalidExperimentError(
            f"source.column is {column}, but {path} has columns 0 … {width - 1}"
        )
    if header is None:
        raise InvalidExperimentError(
            f"source.column is {column!r}, but {path} has no header line: give a number, or"
            " source.header = true"
        )
    places = [place for place, name in enumerate(header) if name == str(column)]
    if not places:
        raise InvalidExperimentError(
            f"source.column is {column!r}, which {path} does not have:"
            f" {nearest(str(column), header)}"
        )
    if len(places) > 1:
        raise InvalidExperimentError(
            f"{path} has {len(places)} columns {column!r}: say which by its number,"
            f" source.column = {' or '.join(map(str, places))}"
        )
    return places[0]
