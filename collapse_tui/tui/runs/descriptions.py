"""What the screen asks of the rest of the program: a list of presets, and runs that it can open.

The screen sees engines only through these protocols, so that it can paint before any of
them is imported, and so that its tests can run on made-up events.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from collapse_tui.events import Event
from engines.views.view import View


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that can be turned while the run goes on.

    Attributes
    ----------
    key : str
        Dotted: ``policy.fresh``.
    value : object
        At the start of the run.
    low, high : float or None
        Limits of a number.
    description : str
    """

    key: str
    value: object
    low: float | None = None
    high: float | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a run shows, in words.

    Attributes
    ----------
    name, title, paper, figure, watch : str
        As in the preset.
    claims : sequence of str
        What its paper says, a sentence each.
    """

    name: str
    title: str
    paper: str = ""
    figure: str = ""
    watch: str = ""
    claims: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting that can be chosen before a run.

    Attributes
    ----------
    key : str
        Dotted.
    value : str
        Its default, as TOML.
    description : str
    """

    key: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the picker.

    Attributes
    ----------
    group, name, line : str
        The line says what it shows in a few words.
    saved : Path or None
        The folder, for a run that is already on disk.
    """

    group: str
    name: str
    line: str
    saved: Path | None = None


class Control(Protocol):
    """Requests to a run, safe from any thread; read between events."""

    def set(self, settings: Mapping[str, object]) -> None:
        """Turn knobs for the next step that has not begun."""
        ...

    def stop(self) -> None:
        """End the run after the generation in flight, its state saved."""
        ...


class RunHandle(Protocol):
    """A run that has been opened and goes on as its events are taken."""

    @property
    def about(self) -> About:
        """What it shows."""
        ...

    @property
    def generations(self) -> int:
        """G."""
        ...

    @property
    def replicates(self) -> int:
        """R."""
        ...

    @property
    def metrics(self) -> Sequence[str]:
        """Names of the metrics, the most telling first."""
        ...

    @property
    def knobs(self) -> Sequence[Knob]:
        """What can be turned while it runs."""
        ...

    @property
    def interventions(self) -> Sequence[tuple[int, Mapping[str, object]]]:
        """Changes of settings that are part of it from the start, by the step they govern."""
        ...

    def with_theory(self, view: View, generation: int) -> View:
        """Return a view with the law that theory gives for its generation drawn in."""
        ...

    @property
    def events(self) -> Iterator[Event]:
        """The run: the next event is computed when it is asked for."""
        ...

    @property
    def control(self) -> Control:
        """Where to send requests."""
        ...


class Launcher(Protocol):
    """Everything that the screen can start. All of it may be slow: call it from workers."""

    def entries(self) -> Sequence[Entry]:
        """Return the presets by group, then the saved runs."""
        ...

    def about(self, name: str) -> tuple[About, Sequence[Parameter]]:
        """Return what a preset shows and the settings it takes.

        Where its data are missing it is what its file says: why it cannot run, `check` tells.
        """
        ...

    def check(self, name: str, overrides: Mapping[str, str]) -> str:
        """Return what this run would be, in one line.

        Raises
        ------
        ValueError
            If it cannot be; the message says why in one sentence.
        """
        ...

    def open(self, name: str, overrides: Mapping[str, str]) -> RunHandle:
        """Return a new run."""
        ...

    def resume(self, folder: Path) -> RunHandle:
        """Return a saved run, going on where it stopped."""
        ...

    def check_fork(self, parent: RunHandle, at: int, settings: Mapping[str, object]) -> None:
        """Refuse settings that a run cannot change to after generation `at`.

        Raises
        ------
        CannotStart
            The message says why in one sentence.
        """
        ...

    def fork(self, parent: RunHandle, at: int, settings: Mapping[str, object]) -> RunHandle:
        """Return a new run that equals `parent` up to generation `at` and then differs."""
        ...


class CannotStart(Exception):  # noqa: N818 - it is an answer, not a fault
    """A run that cannot be; the message is one sentence for the user."""
