"""TOML of strangers, read in bounded time and memory; what is beyond a limit is one sentence."""

import re
import sys
import tomllib
from typing import Any, cast

from engines.errors import InvalidExperimentError

MOST_BYTES = 1 << 24
"""Bytes of a text: a law on 300,000 states takes half of them."""
MOST_COMMAS = 2_000_000
MOST_MARKS = 100_000
"""Keys, tables and lists."""
MOST_PARTS = 32
"""Parts of a dotted key, and tables and lists in each other."""
LONGEST_KEY = 200
PLAIN = (float, str)

_WORDS = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)'
    r"|'''(?:[^']++|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+",
    re.DOTALL,
)
"""Strings and comments, also those that do not end; each alternative is linear in its length."""
_DEEP = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}")


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Return the content of a TOML text.

    Parameters
    ----------
    text : str
    where : str
        The file, for messages.

    Raises
    ------
    InvalidExperimentError
        If it is not TOML (with the line), or exceeds one of the limits of this module.
    """
    _check_text(text, where)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidExperimentError(f"{where} is not valid TOML: {error}") from None
    except RecursionError:
        raise InvalidExperimentError(f"{where} is nested too deeply{_LIMIT}") from None
    except ValueError as error:  # Python's own limit on the digits of an integer
        raise InvalidExperimentError(f"{where} holds a number that is too long: {error}") from None
    _check_values(document, where)
    return document


_LIMIT = f": at most {MOST_PARTS} tables and lists may stand in each other"


def _check_text(text: str, where: str) -> None:
    """Refuse what would take tomllib minutes or gigabytes."""
    marks = sum(map(text.count, "=[{"))
    for number, most, what in (
        (len(text), MOST_BYTES, "characters"),
        (text.count(","), MOST_COMMAS, "commas"),
        (marks, MOST_MARKS, "keys and brackets"),
    ):
        if number > most:
            raise InvalidExperimentError(
                f"{where} has {number:,} {what}; at most {most:,} are read"
            )
    if text.count(".") < MOST_PARTS:
        return
    deep = _DEEP.search(_WORDS.sub("k", text))
    if deep is not None:
        raise InvalidExperimentError(
            f"{where} has the key {deep[0][:40]}…, of more than {MOST_PARTS} parts"
        )


def _check_values(document: dict[str, Any], where: str) -> None:
    """Refuse depths, keys and integers that the rest of the program need not expect."""
    largest = int(sys.float_info.max)
    waiting: list[tuple[str, int, Any]] = [("", 0, document)]
    while waiting:
        place, depth, value = waiting.pop()
        if depth > MOST_PARTS:
            raise InvalidExperimentError(f"{where}, {place[:60]}, is nested too deeply{_LIMIT}")
        if isinstance(value, dict):
            for key, inner in cast("dict[str, Any]", value).items():
                _check_key(key, where)
                waiting.append((f"{place}.{key}".strip("."), depth + 1, inner))
        elif isinstance(value, list):
            # a million numbers need no look: only what may hold others, or be too large
            items = cast("list[Any]", value)
            waiting += [(place, depth + 1, item) for item in items if type(item) not in PLAIN]
        elif isinstance(value, int) and abs(value) > largest:
            raise InvalidExperimentError(
                f"{where}, {place[:60]}: an integer of {value.bit_length():,} bits is too large;"
                f" numbers go to {sys.float_info.max:.1e}"
            )


def _check_key(key: str, where: str) -> None:
    if len(key) > LONGEST_KEY:
        raise InvalidExperimentError(
            f"{where} has a key of {len(key):,} characters, {key[:40]!r}…; the longest may have"
            f" {LONGEST_KEY}"
        )
