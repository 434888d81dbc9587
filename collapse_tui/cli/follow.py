"""A run from its first event to its exit code."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from collapse_tui.cli.json_events import encode_event
from collapse_tui.cli.output import write_message, write_result
from collapse_tui.cli.progress import Meter
from collapse_tui.cli.signals import INTERRUPTED, Interruption, RunReply
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
    TheoryExtended,
)
from collapse_tui.signal_watch import SignalWatch

Start = Callable[[Control], Iterator[Event]]


@dataclass
class Follower:
    """Consumes the events of one run and prints what the user should know of them.

    Attributes
    ----------
    name : str
        Of the run.
    json : bool
        Write each event on standard output instead of a summary at the end.
    quiet : bool
        Write nothing but errors on standard error.
    folder : Path or None
    curves : tuple of Curve
        The laws in force.
    ending : Finished, Failed or None
        How the run ended.
    generation : int
        The last one recorded.
    first : int
        The last one recorded when it started, -1 for none.
    """

    name: str
    json: bool = False
    quiet: bool = False
    folder: Path | None = None
    curves: tuple[Curve, ...] = ()
    ending: Finished | Failed | None = None
    generation: int = -1
    first: int = -1
    _meter: Meter | None = field(default=None, repr=False)

    def follow(self, start: Start) -> int:
        """Run to the end or to a signal, print the summary, and return the exit code.

        Parameters
        ----------
        start : callable
            Control → the events; errors that it raises pass through.
        """
        code = self._consume(start)
        if code == 0 and self.folder is not None and not self.json:
            from collapse_tui.presentation.summary_table import build_summary

            write_result(build_summary(self.folder, self.curves))
        return code

    def _consume(self, start: Start) -> int:
        control = Control()
        reply = RunReply(control, self._say_cut)
        # a further signal, also one at the block's end, must not cost the command that continues
        with suppress(KeyboardInterrupt), SignalWatch(reply):
            try:
                events = start(control)
            except Interruption:
                self._say_cut(reply)
                return reply.exit_code
            try:
                self._handle_all(events)
            except KeyboardInterrupt:
                _close(events)
        return self._report_end(reply)

    def _handle_all(self, events: Iterator[Event]) -> None:
        self._meter = None if self.quiet else Meter(self.name)
        try:
            for event in events:
                self.handle(event)
        finally:
            # also when the reader of the results has gone
            _close(events)
            if self._meter is not None:
                self._meter.close()

    def handle(self, event: Event) -> None:
        """Print what there is to say of one event."""
        if self.json:
            write_result(encode_event(event))
        match event:
            case Started():
                self.folder, self.curves = event.folder, event.curves
                self.generation = self.first = event.generation
                self._note(event.notes)
            case Intervened() | TheoryExtended():
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
            self._meter.update(event)

    @property
    def idle(self) -> bool:
        """Whether the run was finished before it was started again."""
        return self.generation == self.first >= 0

    def inform(self, message: str) -> None:
        """Write a message on standard error, unless the user wants only errors."""
        if not self.quiet:
            write_message(message)

    def _note(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.inform(f"note: {sentence}")

    def _report_end(self, reply: RunReply) -> int:
        if isinstance(self.ending, Failed):
            write_message(f"error: {_failure(self.ending, self.generation)}")
            return 1
        if self.ending is not None and self.ending.reason == "finished":
            if self.ending.condition:
                self.inform(f"stopped: {self.ending.condition}")
            return 0
        self._say_stopped(reply, f"{self._place()}, its state is saved")
        return reply.exit_code or INTERRUPTED

    def _say_cut(self, reply: RunReply) -> None:
        """Say what is left of a run that did not answer."""
        if self._meter is not None:
            self._meter.close()
        if self.folder is None:
            write_message(f"stopped by {reply.name} before it began")
            return
        self._say_stopped(reply, f"{self._place()}, in a step that is begun again")

    def _place(self) -> str:
        return f"after generation {self.generation}" if self.generation >= 0 else "at its beginning"

    def _say_stopped(self, reply: RunReply, where: str) -> None:
        # scripts and people continue with the exit code and this command: also when quiet
        write_message(f"stopped by {reply.name} {where}; continue with:")
        if self.folder is not None:
            from collapse_tui.storage.resume_command import resume_command

            write_message(f"  {resume_command(self.folder)}")


def _close(events: Iterator[Event]) -> None:
    # a run that is left saves its state when its generator is closed
    close = getattr(events, "close", None)
    if close is not None:
        close()


def _failure(failed: Failed, last: int) -> str:
    reason = " ".join(failed.reason.split()).removesuffix(".")
    # the last record may be that of the generation itself: its state may have failed to be saved
    kept = f"; generations 0 to {last} are kept in {failed.folder}"
    kept = kept if failed.folder and last >= 0 else ""
    return f"generation {failed.generation} failed: {reason}{kept}"
