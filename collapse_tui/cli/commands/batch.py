"""`batch`: a new run without a screen."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from collapse_tui.cli.output import put_table, say
from collapse_tui.cli.overrides import (
    experiment_from,
    new_name,
    require_device,
    runs_below,
    settings_of,
    whole,
)
from collapse_tui.cli.threads import limit_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collapse_tui.control import Control
    from collapse_tui.events import Event
    from collapse_tui.experiment.experiment import Experiment


@dataclass(frozen=True, slots=True)
class Request:
    """What the options of `batch` say."""

    preset: str
    assignments: tuple[str, ...]
    generations: str | None
    replicates: str | None
    seed: str | None
    device: str
    threads: str | None
    out: Path | None
    force: bool
    json: bool
    quiet: bool
    runs: str | None


def run_batch(request: Request) -> int:
    """Run an experiment and print its summary; return the exit code."""
    require_device(request.device)
    limit_threads(whole(request.threads, "--threads", least=1))
    experiment = experiment_from(
        request.preset,
        settings_of(
            request.assignments, generations=request.generations,
            replicates=request.replicates, seed=request.seed,
        ),
    )  # fmt: skip
    folder = request.out or runs_below(request.runs) / new_name(experiment.name)
    if request.force:
        make_room(folder)
    return _follow(request, experiment, folder.expanduser().absolute())


def _follow(request: Request, experiment: "Experiment", folder: Path) -> int:
    from collapse_tui.cli.follow import Follower  # after validation
    from collapse_tui.execution.runner import run

    follower = Follower(experiment.name, json=request.json, quiet=request.quiet)
    words = arguments(request, folder)

    def start(control: "Control") -> "Iterator[Event]":
        events = run(
            experiment, folder=folder, control=control, arguments=words, device=request.device
        )
        if not request.quiet:
            _tell_of_sweep(experiment)
        return events

    code = follower.follow(start)
    if code == 0:
        if not request.json:
            from collapse_tui.presentation.summary_table import summary_of

            put_table(*summary_of(folder, follower.curves))
        if not request.quiet:
            say(f"saved in {folder}")
    return code


def make_room(folder: Path) -> None:
    """Delete the run in `folder`, if there is one and nobody is writing it."""
    from collapse_tui.storage import delete, is_run

    if is_run(folder.expanduser()):
        delete(folder)


def arguments(request: Request, folder: Path) -> list[str]:
    """Return the command line for provenance.json, with paths relative to the run."""
    preset = request.preset
    if "/" in preset or preset.endswith(".toml"):
        preset = os.path.relpath(Path(preset).expanduser(), folder)
    words = ["batch", "--preset", preset]
    for assignment in request.assignments:
        words += ["--set", assignment]
    for option in ("generations", "replicates", "seed", "threads"):
        value = getattr(request, option)
        if value is not None:
            words += [f"--{option}", str(value)]
    return [*words, "--device", request.device, "--out", "."]


def _tell_of_sweep(experiment: "Experiment") -> None:
    swept = [over for table in experiment.document.get("sweep", []) for over in table["over"]]
    if swept:
        say(f"note: this experiment also sweeps {', '.join(swept)}; its base values run here")
