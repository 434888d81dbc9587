"""Reads the rows of a table that is text, a block of lines at a time."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from engines.arrays import FloatArray
from engines.errors import InvalidExperimentError
from engines.sources.readers.cells import BadCellError, to_numbers
from engines.sources.readers.dialect import Dialect, split_line
from engines.sources.readers.lines import LineBlock

COMMENTS = re.compile(rb"(?m)(?:^[ \t]*#(?!N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)[^\n]*+\n)++")
"""Lines that are comments, unless what a spreadsheet writes for no value begins them."""
SPACES = re.compile(rb"  |\t|^ | $", re.MULTILINE)
BLANK = re.compile(rb"(?m)^\n")
ONE_COLUMN = "\1"
"""Separator of a table that has none: a character that no text holds."""


class Rows(NamedTuple):
    """Lines whose comments are empty, how many these were, and lines that were empty before."""

    first: int
    content: bytes
    comments: int = 0
    empty_lines: int = 0


def without_comments(block: LineBlock) -> Rows:
    """Return a block with empty lines for its comments, which are counted."""
    content, comments, empty_lines = block.content, 0, 0

    def empty(found: re.Match[bytes]) -> bytes:
        nonlocal comments
        lines = found[0].count(b"\n")
        comments += lines
        return b"\n" * lines

    if b"\n\n" in content:
        empty_lines = len(BLANK.findall(content.strip(b"\n")))
    if b"#" in content:
        content = COMMENTS.sub(empty, content)
    return Rows(block.first, content, comments, empty_lines)


class RowReader:
    """One column of a table, as its blocks are read."""

    def __init__(self, path: Path, dialect: Dialect, index: int) -> None:
        self.path, self.dialect, self.index = path, dialect, index
        self.missing = 0
        self.ends: list[tuple[int, str]] = []

    def read(self, block: Rows, *, skip_header: bool) -> FloatArray:
        """Return the numbers of some lines; what is wrong with them names its line."""
        first, content, *_ = block
        if skip_header:
            start = re.search(rb"[^\s]", content)
            end = content.index(b"\n", start.start() if start else 0) + 1
            first, content = first + content.count(b"\n", 0, end), content[end:]
        if self.dialect.separator == " " and SPACES.search(content):
            content = re.sub(rb"(?m)^ +| +$", b"", re.sub(rb"[ \t]+", b" ", content))
        cells = self._cells(content)
        if cells is None:
            white = rb"(?m)^ +$" if self.dialect.separator == "\t" else rb"(?m)^[ \t]+$"
            content = re.sub(white, b"", content)
            cells = self._cells(content)
        block = Rows(first, content)
        if cells is None or len(cells) < _count_rows(content):
            self.refuse_rows(block)
        if len(cells):
            self._keep_ends(first, content)
        try:
            values, missing = to_numbers(cells, self.dialect.decimal)
        except BadCellError as error:
            self._refuse_cell(block, error)
        self.missing += missing
        return values

    def _keep_ends(self, first: int, content: bytes) -> None:
        """Keep the first row of all, and the last one so far, each with its line."""
        if not self.ends:
            start = re.search(rb"(?m)^[ \t]*[^\s].*$", content)
            if start:
                before = content.count(b"\n", 0, start.start())
                self.ends.append((first + before, start[0].decode()))
        last = content.rstrip()
        self.ends[1:] = [(first + last.count(b"\n"), last[last.rfind(b"\n") + 1 :].decode())]

    def _cells(self, content: bytes) -> Any:
        """Return the cells of the column as text; None where rows are not of one width."""
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        library: Any = pa
        text: Any = arrow_csv
        name = str(self.index)
        if not content.strip(b"\n"):
            return library.array([], library.string())
        with suppress(library.ArrowInvalid):
            table = text.read_csv(
                BytesIO(content),
                memory_pool=library.system_memory_pool(),
                read_options=text.ReadOptions(
                    use_threads=False,
                    column_names=[str(number) for number in range(self.dialect.width)],
                    block_size=len(content) + 1,
                ),
                parse_options=text.ParseOptions(
                    delimiter=self.dialect.separator or ONE_COLUMN, newlines_in_values=True
                ),
                convert_options=text.ConvertOptions(
                    include_columns=[name],
                    column_types={name: library.string()},
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
            return table.column(0).combine_chunks()
        return None

    def _rows(self, block: Rows) -> Iterator[tuple[int, str]]:
        lines = enumerate(block.content.decode().split("\n"), start=block.first)
        return ((number, line) for number, line in lines if line.strip(" "))

    def refuse_rows(self, block: Rows) -> NoReturn:
        """Refuse the first row that has another number of cells, or an open quotation mark."""
        width = self.dialect.width
        for number, line in self._rows(block):
            try:
                cells = split_line(line, self.dialect.separator)
            except csv.Error:
                raise InvalidExperimentError(
                    f"{self.path}, line {number}: a quotation mark is not closed in its line; close"
                    " it, or remove the line end within the cell"
                ) from None
            if len(cells) != width:
                raise InvalidExperimentError(
                    f"{self.path}, line {number} has {count_of(len(cells), 'cell')}, but the first"
                    f" line of the table {width}: {self._remedy(len(cells))}"
                )
        last = block.first + block.content.count(b"\n") - 1
        raise InvalidExperimentError(
            f"{self.path}, lines {block.first} to {last}: a cell holds a line end or a quotation"
            " mark; write one row a line, and such cells in quotation marks"
        )

    def _remedy(self, width: int) -> str:
        if width > self.dialect.width and self.dialect.separator == ",":
            return (
                "name every column, remove thousands separators, and quote cells with commas (or"
                " name source.separator and source.decimal)"
            )
        if width > self.dialect.width:
            return "name every column, that of the row names too, and quote cells with separators"
        return "fill its gaps with empty cells, and delete lines above or below the table"

    def _refuse_cell(self, block: Rows, error: BadCellError) -> NoReturn:
        rows = iter(self._rows(block))
        number = next((n for i, (n, _) in enumerate(rows) if i == error.index), block.first)
        header = self.dialect.header
        name = repr(header[self.index]) if header else str(self.index)
        raise InvalidExperimentError(f"{self.path}, line {number}, column {name}: {error}")

    def facts(self, comments: int, empty_lines: int) -> Iterator[str]:
        """Yield what was left out, and what was taken without being said."""
        if self.missing:
            yield f"{count_of(self.missing, 'missing value')} left out"
        if empty_lines and self.dialect.width == 1:
            yield f"{count_of(empty_lines, 'empty line')} left out"
        if comments:
            yield f"{count_of(comments, 'comment')} left out"
        if self.dialect.decimal == ",":
            yield "with decimal commas"
        if self.dialect.header is None:
            yield "no header line"


def _count_rows(content: bytes) -> int:
    """Return the least number of rows of some lines: quotation marks must not join them."""
    if b'"' not in content:
        return 0
    return content.count(b"\n") - len(BLANK.findall(content))


def count_of(count: int, what: str) -> str:
    """Return a number with its noun: ``2 missing values``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
