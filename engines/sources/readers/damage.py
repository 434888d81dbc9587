"""What libraries raise for damaged files, as one sentence that names the file."""

import csv
import struct
import tokenize
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

from engines.errors import InvalidExperimentError

_DAMAGE = (
    OSError, EOFError, ValueError, TypeError, KeyError, IndexError, SyntaxError, RecursionError,
    OverflowError, MemoryError, NotImplementedError, RuntimeError, BadZipFile, zlib.error,
    struct.error, csv.Error, tokenize.TokenError,
)  # fmt: skip
"""What numpy and zipfile raise for the files of a hostile generator."""


@contextmanager
def name_damage(path: Path) -> Generator[None]:
    """Raise what a library has to say of a damaged file as one sentence that names it."""
    try:
        yield
    except InvalidExperimentError:
        raise
    except MemoryError:
        raise InvalidExperimentError(
            f"{path} could not be read: it takes more memory than there is"
        ) from None
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        reason = reason or type(error).__name__
        raise InvalidExperimentError(f"{path} could not be read: {reason}") from error
