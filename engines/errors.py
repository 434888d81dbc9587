"""Errors whose messages are written for the user, each one sentence.

CollapseError
├── InvalidExperimentError   the experiment cannot run; nothing was started
├── ForeignFaultError        a package that is not part of the program failed, or is missing
└── GenerationError          a step of the recursion failed; earlier records are kept
    └── DeviceMemoryError    the device has too little memory; smaller settings are given
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_WORD = 200
"""Characters of one word of a message, as of a key that was received."""
LONGEST_MESSAGE = 1200
"""Characters of a message: it may list names, or quote a path of any length."""
_LONG_WORD = re.compile(rf"(?<![^\s])(?!['\"]?[/~])\S{{{LONGEST_WORD},}}")


class CollapseError(Exception):
    """Base of every error whose message is written for the user.

    The message quotes what was received, shortened where that is long.
    """

    def __str__(self) -> str:
        """Return the message."""
        return shorten(super().__str__())


class InvalidExperimentError(CollapseError, ValueError):
    """An experiment that cannot run; the message names the key and what would be right."""


class ForeignFaultError(CollapseError):
    """A fault of a package that is not part of the program; the message names it.

    Attributes
    ----------
    exit_code : int
        What the command line ends with: 2 nothing was started, 1 a run failed.
    """

    exit_code: int = 2


class GenerationError(CollapseError, RuntimeError):
    """A generation that could not be computed; the message names it and the cause."""


class DeviceMemoryError(GenerationError):
    """A device has too little memory for a step; smaller chunks would fit.

    Parameters
    ----------
    message : str
    settings : mapping
        What to set, by dotted key, before the step is tried again.
    """

    def __init__(self, message: str, settings: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.settings: dict[str, Any] = dict(settings)


def shorten(message: str) -> str:
    """Return a message with what is too long for a sentence left out, and its length said.

    Parameters
    ----------
    message : str
        Paths stay whole: they are to be copied.
    """
    if len(message) <= LONGEST_WORD:
        return message
    cut = _LONG_WORD.sub(lambda word: _leave_out(word[0], LONGEST_WORD), message)
    return _leave_out(cut, LONGEST_MESSAGE)


def _leave_out(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head, tail = limit * 3 // 4, limit // 8
    return f"{text[:head]} … ({len(text):,} characters) … {text[-tail:]}"


def nearest(name: str, names: Iterable[str]) -> str:
    """Return "did you mean 'x'?" with the closest of the valid names, or the list of them.

    Parameters
    ----------
    name : str
        What was received.
    names : iterable of str
        The valid names.

    Returns
    -------
    str
        A clause that ends an error message.
    """
    known = sorted(names)
    name = name[:LONGEST_WORD]  # the time of a comparison grows with both lengths
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"valid names are {', '.join(known)}"
