"""A run from its first event to its exit code."""

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from collapse_tui.cli.json_events import line_of
from collapse_tui.cli.output import put, say
from collapse_tui.cli.progress import Meter
from collapse_tui.cli.signals import Interrupts, caught
from collapse_tui.control import Control
from collapse_tui.events import (
    Curve,
    Event,
    Failed,
    Finished,
    Intervened,
    Progress,
    Refused,
    Started,
)

Start = Callable[[Control], Iterator[Event]]


@dataclass
class Follower:
    """Takes the events of one run and says what there is to say.

    Attributes
    ----------
    name : str
        Of the run.
    json : bool
        Write each event on standard output.
    quiet : bool
        Keep to errors on standard error.
    folder : Path or None
    curves : tuple of Curve
        The laws in force.
    ending : Event or None
        How the run ended.
    generation : int
        The last one recorded.
    idle : bool
        There was nothing left to run.
    """

    name: str
    json: bool = False
    quiet: bool = False
    folder: Path | None = None
    curves: tuple[Curve, ...] = ()
    ending: Finished | Failed | None = None
    generation: int = -1
    idle: bool = False
    _meter: Meter | None = field(default=None, repr=False)

    def follow(self, start: Start) -> int:
        """Run to the end, or to a signal; return the exit code.

        Parameters
        ----------
        start : callable
            Control → the events; errors that it raises pass through.
        """
        control = Control()
        with caught(control) as interrupts:
            events = start(control)
            self._meter = None if self.quiet else Meter(self.name)
            try:
                for event in events:
                    self.take(event)
            except KeyboardInterrupt:
                _close(events)
                return self._interrupted(interrupts)
            finally:
                # also when nobody reads the results any more
                _close(events)
                if self._meter is not None:
                    self._meter.close()
            return self._ended(interrupts)

    def take(self, event: Event) -> None:
        """Say what one event says."""
        if self.json:
            put(line_of(event))
        match event:
            case Started():
                self.folder, self.curves = event.folder, event.curves
                self.generation = event.generation
                self.idle = event.generation >= event.generations
                self._note(event.notes)
            case Intervened():
                self.curves = event.curves
            case Refused():
                self._note((event.reason,))
            case Finished() | Failed():
                self.ending = event
            case Progress():
                pass  # of a generation that is not recorded yet
            case _:
                self.generation = max(self.generation, event.generation)
        if self._meter is not None:
            self._meter.take(event)

    def _note(self, sentences: tuple[str, ...]) -> None:
        if not self.quiet:
            for sentence in sentences:
                say(f"note: {sentence}")

    def _ended(self, interrupts: Interrupts) -> int:
        if isinstance(self.ending, Failed):
            say(f"error: {_failure(self.ending)}")
            return 1
        if self.ending is not None and self.ending.reason == "finished":
            return 0
        return self._interrupted(interrupts)

    def _interrupted(self, interrupts: Interrupts) -> int:
        # the exit code and this command are what scripts and people go on with: also when quiet
        at = f"after generation {self.generation}" if self.generation >= 0 else "at its beginning"
        say(f"stopped by {interrupts.name} {at}, its state is saved; go on with:")
        if self.folder is not None:
            say(f"  collapse-tui resume {shlex.quote(str(self.folder))}")
        return interrupts.exit_code


def _close(events: Iterator[Event]) -> None:
    # a run that is left saves its state when its generator is closed
    close = getattr(events, "close", None)
    if close is not None:
        close()


def _failure(failed: Failed) -> str:
    reason = " ".join(failed.reason.split()).removesuffix(".")
    kept = f"; generations 0 to {failed.generation - 1} are kept" if failed.generation else ""
    where = f" in {failed.folder}" if failed.folder and kept else ""
    return f"generation {failed.generation} failed: {reason}{kept}{where}"
