"""`resume` and `fork`: going on with a stored run, or from its middle."""

from pathlib import Path
from typing import Any

import typer

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.following import Follower
from collapse_tui.cli.progress import duration
from collapse_tui.cli.saying import put_table, say
from collapse_tui.cli.settings import new_name, settings_of, whole
from collapse_tui.cli.summary import summary_of
from collapse_tui.cli.terminal import can_ask
from collapse_tui.cli.threads import limit_as_stored
from collapse_tui.runner import experiment_of, fork, resume
from collapse_tui.storage import SavedRun, locate, runs_folder
from engines.errors import InvalidExperimentError


def resume_run(run: str, runs: str | None, *, generations: str | None, from_: str | None) -> int:
    """Go on with a run; return the exit code."""
    saved = SavedRun.open(locate(run, runs_folder(runs)))
    limit_as_stored(saved.provenance.get("threads"))
    total, start = whole(generations, "--generations"), whole(from_, "--from")
    if start is not None and start < saved.last and can_ask():
        _ask(saved, start)
    before = saved.last
    follower = Follower(saved.name)
    code = follower.follow(
        lambda control: resume(
            saved.path, generations=total, from_generation=start, control=control
        )
    )
    if code == 0:
        _tell(saved, before, follower)
    return code


def _ask(saved: SavedRun, start: int) -> None:
    lost = saved.last - start
    question = f"discard {lost:,} records of {saved.name} after generation {start}?"
    if not typer.confirm(question, err=True):
        message = f"{saved.name} is left as it is"
        raise CommandError(message)


def _tell(saved: SavedRun, before: int, follower: Follower) -> None:
    if saved.last == before and follower.replayed is False:
        say(
            f"{saved.name} is finished, at generation {before}: nothing was left to do"
            " (--generations N goes on)"
        )
    put_table(*summary_of(saved.path, follower.curves))


def fork_run(
    run: str, runs: str | None, *, at: str, assignments: tuple[str, ...], out: Path | None
) -> int:
    """Begin a run that shares the beginning of another; return the exit code."""
    below = runs_folder(runs)
    saved = SavedRun.open(locate(run, below))
    limit_as_stored(saved.provenance.get("threads"))
    generation = whole(at, "--at") or 0
    settings = settings_of(assignments)
    folder = (out or below / new_name(saved.name)).expanduser().absolute()
    say(cost(saved, generation, settings))
    follower = Follower(folder.name)
    code = follower.follow(
        lambda control: fork(
            saved.path, at=generation, settings=settings, out=folder, control=control
        )
    )
    if code == 0:
        put_table(*summary_of(folder, follower.curves))
        say(f"saved in {folder}")
    return code


def cost(saved: SavedRun, at: int, settings: dict[str, Any]) -> str:
    """Return what a fork has to compute again before it begins, as a sentence.

    Parameters
    ----------
    saved : SavedRun
    at : int
        Last generation in common.
    settings : dict
        What will change.

    Raises
    ------
    InvalidExperimentError
        If the fork cannot be.
    """
    parent = experiment_of(saved)
    if not 0 <= at <= saved.last or at >= parent.generations:
        last = min(saved.last, parent.generations - 1)
        message = (
            f"--at must be a recorded generation of {saved.path} before its last, 0 to {last},"
            f" got {at}"
        )
        raise InvalidExperimentError(message)
    child = parent.cut(at)
    child = child.intervened(at + 1, settings) if settings else child
    kept = [number for number in saved.checkpoints() if number <= at]
    start = max(kept, default=-1) if parent.needs.covers(child.needs) else -1
    if start == at:
        return f"forking {saved.name} at generation {at}: its state is kept, nothing is replayed"
    times = (line for line in saved.timings() if start < line["generation"] <= at)
    seconds = sum(float(line["seconds"] or 0.0) for line in times)
    return (
        f"forking {saved.name} at generation {at}: generations {start + 1} to {at} are replayed"
        f" first, about {duration(seconds)}"
    )
