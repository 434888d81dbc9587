"""`resume` and `fork`: going on with a stored run, or from its middle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.follow import Follower
from collapse_tui.cli.output import put_table, say
from collapse_tui.cli.overrides import new_name, require_device, settings_of, whole
from collapse_tui.cli.terminal import can_ask
from collapse_tui.cli.threads import limit_as_stored
from collapse_tui.control import Control
from collapse_tui.events import Event
from collapse_tui.execution.runner import fork, fork_experiment, resume, stored_experiment
from collapse_tui.presentation.eta import format_duration
from collapse_tui.presentation.summary_table import summary_of
from collapse_tui.storage import SavedRun, locate, runs_folder


@dataclass(frozen=True, slots=True)
class Manner:
    """What the options that both commands share say.

    Attributes
    ----------
    device : str or None
        None: the stored one.
    json, quiet : bool
    """

    device: str | None = None
    json: bool = False
    quiet: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no device before anything is looked for."""
        if self.device is not None:
            require_device(self.device)

    def follower(self, name: str) -> Follower:
        """Return what follows the run."""
        return Follower(name, json=self.json, quiet=self.quiet)

    def summarise(self, folder: Path, follower: Follower) -> None:
        """Print what the run came to, unless its events were printed."""
        if not self.json:
            put_table(*summary_of(folder, follower.curves))

    def tell(self, message: str) -> None:
        """Say what is no error, unless nothing is to be said."""
        if not self.quiet:
            say(message)


def resume_run(
    run: str, runs: str | None, manner: Manner, *, generations: str | None, from_: str | None
) -> int:
    """Go on with a run; return the exit code."""
    saved = SavedRun.open(locate(run, runs_folder(runs)))
    limit_as_stored(saved.provenance.get("threads"))
    total, start = whole(generations, "--generations"), whole(from_, "--from")
    if start is not None and start < saved.last and can_ask():
        _ask(saved, start)
    follower = manner.follower(saved.name)
    code = follower.follow(
        lambda control: resume(
            saved.path, generations=total, from_generation=start, control=control,
            device=manner.device,
        )
    )  # fmt: skip
    if code == 0:
        manner.summarise(saved.path, follower)
        if follower.idle:
            manner.tell(
                f"{saved.name} was finished already, at generation {saved.last};"
                " --generations N goes on"
            )
    return code


def _ask(saved: SavedRun, start: int) -> None:
    lost = saved.last - start
    question = f"discard {lost:,} records of {saved.name} after generation {start}?"
    if not typer.confirm(question, err=True):
        message = f"{saved.name} is left as it is"
        raise CommandError(message)


def fork_run(
    run: str,
    runs: str | None,
    manner: Manner,
    *,
    at: str,
    assignments: tuple[str, ...],
    out: Path | None,
) -> int:
    """Begin a run that shares the beginning of another; return the exit code."""
    below = runs_folder(runs)
    saved = SavedRun.open(locate(run, below))
    limit_as_stored(saved.provenance.get("threads"))
    generation = whole(at, "--at") or 0
    settings = settings_of(assignments)
    folder = (out or below / new_name(saved.name)).expanduser().absolute()

    def start(control: Control) -> Iterator[Event]:
        events = fork(
            saved.path, at=generation, settings=settings, out=folder, control=control,
            device=manner.device,
        )  # fmt: skip
        manner.tell(cost(saved, generation, settings))
        return events

    follower = manner.follower(folder.name)
    code = follower.follow(start)
    if code == 0:
        manner.summarise(folder, follower)
        manner.tell(f"saved in {folder}")
    return code


def cost(saved: SavedRun, at: int, settings: Mapping[str, Any]) -> str:
    """Return what a fork has to compute again before it begins, as a sentence.

    Parameters
    ----------
    saved : SavedRun
        The parent.
    at : int
        Last generation in common, a recorded one.
    settings : mapping
        What changes then.
    """
    parent = stored_experiment(saved)
    child = fork_experiment(parent, at, settings)
    # a policy that needs more of the past than was kept has it made again from the start
    kept = [number for number in saved.checkpoints.generations() if number <= at]
    start = max(kept, default=-1) if parent.needs.covers(child.needs) else -1
    if start == at:
        return f"forking {saved.name} at generation {at}: its state is kept, nothing to replay"
    times = (line for line in saved.timings() if start < line["generation"] <= at)
    seconds = sum(float(line["seconds"] or 0.0) for line in times)
    return (
        f"forking {saved.name} at generation {at}: replaying generations {start + 1} to {at}"
        f" first, about {format_duration(seconds)}"
    )
