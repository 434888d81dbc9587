"""`fork`: a new run that shares the beginning of another one."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from collapse_tui.cli import options as opt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collapse_tui.control import Control
    from collapse_tui.events import Event
    from collapse_tui.storage.saved import SavedRun


def fork(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    run: opt.Run,
    *,
    at: Annotated[str, typer.Option(metavar="G", help="The last generation that both share.")],
    set_: opt.Settings = None,
    out: opt.Out = None,
    device: opt.StoredDevice = None,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> int:
    """Start a new run from the middle of another one, with other settings."""
    from collapse_tui.cli.follow import Follower
    from collapse_tui.cli.overrides import check_device, parse_integer, parse_settings
    from collapse_tui.cli.threads import limit_as_stored
    from collapse_tui.execution import runner
    from collapse_tui.storage.catalogue import new_run_folder, open_run
    from collapse_tui.storage.runs_folder import runs_folder

    check_device(device)
    saved = open_run(run, context.obj)
    limit_as_stored(saved.provenance.get("threads"))
    generation = parse_integer(at, "--at") or 0
    settings = parse_settings(set_ or (), {})
    folder = (out or new_run_folder(runs_folder(context.obj), saved.name)).expanduser().absolute()
    follower = Follower(folder.name, json=json, quiet=quiet)

    def start(control: "Control") -> "Iterator[Event]":
        events = runner.fork(
            saved.path, at=generation, settings=settings, out=folder, control=control, device=device
        )
        follower.inform(replay_cost(saved, generation, settings))
        return events

    code = follower.follow(start)
    if code == 0:
        follower.inform(f"saved in {folder}")
    return code


def replay_cost(saved: "SavedRun", at: int, settings: Mapping[str, Any]) -> str:
    """Return a sentence on the generations that a fork has to compute again before it begins.

    Parameters
    ----------
    saved : SavedRun
        The parent.
    at : int
        The last generation that both share; it is recorded.
    settings : mapping
        What changes after it.
    """
    from collapse_tui.execution.runner import fork_experiment
    from collapse_tui.execution.stored_experiment import stored_experiment
    from collapse_tui.number_format import format_duration
    from collapse_tui.storage.errors import DamagedRunError

    parent = stored_experiment(saved)
    child = fork_experiment(parent, at, settings)
    # a policy that needs more of the past than the checkpoints hold is replayed from the start
    kept = [number for number in saved.checkpoints.generations() if number <= at]
    start = max(kept, default=-1) if parent.needs.covers(child.needs) else -1
    if start == at:
        return f"forking {saved.name} at generation {at}: its state is kept, nothing to replay"
    seconds = 0.0
    with suppress(DamagedRunError, KeyError, TypeError, ValueError):
        times = (line for line in saved.timings() if start < line["generation"] <= at)
        seconds = sum(float(line["seconds"] or 0.0) for line in times)
    about = f", about {format_duration(seconds)}" if seconds else ""
    return (
        f"forking {saved.name} at generation {at}: replaying generations {start + 1} to {at}"
        f" first{about}"
    )
