"""What libraries write unasked, kept from the terminal: warnings of Python, records of loggers."""

import logging
import warnings
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import TextIO

from typing_extensions import override

MOST = 1000
"""Different warnings that are kept; more are counted only."""


class LibraryWarnings(logging.Handler):
    """Warnings of libraries, each kept once and counted.

    Attributes
    ----------
    counts : Counter of str
        Text → how often it came.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.counts: Counter[str] = Counter()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._count(f"{record.name}: {record.getMessage()}")

    def show(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        """Keep a warning, in place of `warnings.showwarning`."""
        self._count(f"{category.__name__}: {message} ({filename}, line {lineno})")

    def _count(self, text: str) -> None:
        self.counts[text if text in self.counts or len(self.counts) < MOST else "others"] += 1

    def __str__(self) -> str:
        """Return the warnings, one a line, each with its count."""
        return "\n".join(f"{count} × {text}" for text, count in self.counts.items())


@contextmanager
def collect_warnings() -> Generator[LibraryWarnings]:
    """Keep what libraries would write on standard error while the block runs."""
    kept = LibraryWarnings()
    root = logging.getLogger()
    with warnings.catch_warnings():
        warnings.showwarning = kept.show
        root.addHandler(kept)
        try:
            yield kept
        finally:
            root.removeHandler(kept)
