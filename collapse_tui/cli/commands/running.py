"""batch, resume, fork: their options."""

from typing import Annotated

import typer

from collapse_tui.cli import options as opt


def batch(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    preset: opt.Preset,
    set_: opt.Settings = None,
    generations: opt.Generations = None,
    replicates: opt.Replicates = None,
    seed: opt.Seed = None,
    device: opt.Device = "auto",
    threads: opt.Threads = None,
    out: opt.Out = None,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    force: opt.Force = False,
) -> int:
    """Run an experiment without a screen."""
    from collapse_tui.cli.commands.batch import Request, run_batch

    return run_batch(
        Request(
            preset, tuple(set_ or ()), generations, replicates, seed, device, threads,
            out, force, json, quiet, context.obj,
        )
    )  # fmt: skip


def resume(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    run: opt.Run,
    *,
    generations: Annotated[
        str | None,
        typer.Option(metavar="N", help="Go on to this generation instead."),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="G", help="Discard the records after this one first."),
    ] = None,
    device: opt.StoredDevice = None,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> int:
    """Go on with a run where it stopped."""
    from collapse_tui.cli.commands.resume import Manner, resume_run

    manner = Manner(device, json=json, quiet=quiet)
    return resume_run(run, context.obj, manner, generations=generations, from_=from_)


def fork(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    run: opt.Run,
    *,
    at: Annotated[str, typer.Option(metavar="G", help="Last generation in common.")],
    set_: opt.Settings = None,
    out: opt.Out = None,
    device: opt.StoredDevice = None,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> int:
    """Begin another run from the middle of one, with other settings."""
    from collapse_tui.cli.commands.resume import Manner, fork_run

    manner = Manner(device, json=json, quiet=quiet)
    return fork_run(run, context.obj, manner, at=at, assignments=tuple(set_ or ()), out=out)
