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
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Nothing on standard error but errors.")
    ] = False,
    force: opt.Force = False,
) -> int:
    """Run an experiment without a screen."""
    from collapse_tui.cli.batch import Request, run_batch

    return run_batch(
        Request(
            preset, tuple(set_ or ()), generations, replicates, seed, device, threads,
            out, force, json, quiet, context.obj,
        )
    )  # fmt: skip


def resume(
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
) -> int:
    """Go on with a run where it stopped."""
    from collapse_tui.cli.continuing import resume_run

    return resume_run(run, context.obj, generations=generations, from_=from_)


def fork(
    context: typer.Context,
    run: opt.Run,
    *,
    at: Annotated[str, typer.Option(metavar="G", help="Last generation in common.")],
    set_: opt.Settings = None,
    out: opt.Out = None,
) -> int:
    """Begin another run from the middle of one, with other settings."""
    from collapse_tui.cli.continuing import fork_run

    return fork_run(run, context.obj, at=at, assignments=tuple(set_ or ()), out=out)
