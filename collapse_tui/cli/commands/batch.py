"""`batch`: a new run without a screen."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from collapse_tui.cli import options as opt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collapse_tui.control import Control
    from collapse_tui.events import Event
    from collapse_tui.experiment.experiment import Experiment


def batch(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    preset: opt.Preset,
    set_: opt.Settings = None,
    generations: opt.Generations = None,
    replicates: opt.Replicates = None,
    seed: opt.Seed = None,
    stop: opt.Stop = None,
    device: opt.Device = "auto",
    threads: opt.Threads = None,
    out: opt.Out = None,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    force: opt.Force = False,
) -> int:
    """Run an experiment without a screen."""
    from collapse_tui.cli import overrides
    from collapse_tui.cli.threads import limit_threads

    overrides.check_device(device)
    limit_threads(overrides.parse_integer(threads, "--threads", least=1))
    given = {"generations": generations, "replicates": replicates, "seed": seed}
    settings = overrides.parse_settings(set_ or (), given, stop)
    experiment = overrides.load_experiment(preset, settings)

    from collapse_tui.cli.follow import Follower  # loads numpy, so after limit_threads
    from collapse_tui.execution.runner import run
    from collapse_tui.storage.catalogue import new_run_folder
    from collapse_tui.storage.runs_folder import runs_folder

    folder = out or new_run_folder(runs_folder(context.obj), experiment.name)
    folder = folder.expanduser().absolute()
    repeated = {"--set": set_ or (), "--stop": stop or ()}
    words = _arguments(preset, repeated, {**given, "threads": threads, "device": device}, folder)
    follower = Follower(experiment.name, json=json, quiet=quiet)

    def start(control: "Control") -> "Iterator[Event]":
        events = run(
            experiment, folder=folder, control=control, arguments=words, device=device,
            replace=force,
        )  # fmt: skip
        swept = _swept_keys(experiment)
        if swept:
            follower.inform(f"note: this experiment also sweeps {swept}; its base values run here")
        return events

    code = follower.follow(start)
    if code == 0:
        follower.inform(f"saved in {folder}")
    return code


def _arguments(
    preset: str,
    repeated: Mapping[str, Sequence[str]],
    options: Mapping[str, str | None],
    folder: Path,
) -> list[str]:
    """Return the command line for provenance.json, with paths relative to the run."""
    if "/" in preset or preset.endswith(".toml"):
        preset = os.path.relpath(Path(preset).expanduser(), folder)
    words = ["batch", "--preset", preset]
    for option, texts in repeated.items():
        for text in texts:
            words += [option, text]
    for name, value in options.items():
        if value is not None:
            words += [f"--{name}", value]
    return [*words, "--out", "."]


def _swept_keys(experiment: "Experiment") -> str:
    from collapse_tui.experiment.sweep import read_sweeps

    return ", ".join(read_sweeps(experiment.document.get("sweep", [])))
