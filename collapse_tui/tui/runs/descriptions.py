"""Presets and saved runs as the screen lists and describes them: plain values."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collapse_tui.visible_text import to_visible_line

WORDS = ("title", "paper", "figure", "watch")
"""What an experiment says of itself."""


@dataclass(frozen=True, slots=True)
class RunDescription:
    """A run in words.

    Attributes
    ----------
    name, title, paper, figure, watch : str
        As in the preset.
    claims : sequence of str
        The claims of its paper, one sentence each.
    """

    name: str
    title: str
    paper: str = ""
    figure: str = ""
    watch: str = ""
    claims: Sequence[str] = ()

    @property
    def source(self) -> str:
        """Paper and figure on one line, empty if neither is known."""
        return " · ".join(part for part in (self.paper, self.figure) if part)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the picker.

    Attributes
    ----------
    group, name, line : str
        Heading above it, name, and a few words on what it shows.
    saved : Path or None
        The folder of a saved run; None for a preset.
    about : str
        What the entries of its group have in common, in a few words.
    run : RunDescription or None
        What the preset says of itself; None for what cannot be read.
    spark : str
        Its curve in a few cells; empty where none is known.
    """

    group: str
    name: str
    line: str
    saved: Path | None = None
    about: str = ""
    run: RunDescription | None = None
    spark: str = ""


@dataclass(frozen=True, slots=True)
class Resumption:
    """How a stored run goes on.

    Attributes
    ----------
    generations : int or None
        Another number of generations.
    start : int or None
        Discard the records after this one first.
    stop : sequence of str or None
        Other conditions that end it.
    device : str or None
        None: the one that it began on.
    """

    generations: int | None = None
    start: int | None = None
    stop: Sequence[str] | None = None
    device: str | None = None


AS_STORED = Resumption()
"""A run goes on as it was to."""


def describe_run(name: str, words: Mapping[str, str], claims: Sequence[str] = ()) -> RunDescription:
    """Return what the screen says of a run: texts from outside, with control characters visible.

    Parameters
    ----------
    name : str
        Kept as it is: the run is found by it.
    words : mapping
        Title, paper, figure and watch.
    claims : sequence of str
    """
    visible = {key: to_visible_line(text) for key, text in words.items()}
    return RunDescription(name, **visible, claims=[to_visible_line(text) for text in claims])


class CannotStart(Exception):  # noqa: N818 - an answer to the user, not a fault
    """A run that cannot be started; the message says why in one sentence."""


@contextmanager
def translate_errors() -> Generator[None]:
    """Raise the errors that are meant for the user as `CannotStart`."""
    from engines.errors import CollapseError

    try:
        yield
    except CollapseError as error:
        raise CannotStart(str(error)) from error
