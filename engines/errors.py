"""Errors whose messages are written for the user, each one sentence.

CollapseError
├── InvalidExperimentError   the experiment cannot run; nothing was started
└── GenerationError          a step of the recursion failed; earlier records are kept
    └── DeviceMemoryError    the device has too little memory; smaller settings are given
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any


class CollapseError(Exception):
    """Base of every error whose message is written for the user."""


class InvalidExperimentError(CollapseError, ValueError):
    """An experiment that cannot run; the message names the key and what would be right."""


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
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"valid names are {', '.join(known)}"
