"""runs, show, export, fetch, doctor: their options."""

from pathlib import Path
from typing import Annotated

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.groups import Subcommands
from collapse_tui.cli.options import preset_names

runs = typer.Typer(cls=Subcommands, invoke_without_command=True)


@runs.callback()
def list_(context: typer.Context, *, json: opt.Json = False) -> int:
    """List the runs that are kept, the newest first."""
    if context.invoked_subcommand is not None:
        return 0
    from collapse_tui.cli.commands.runs import list_runs

    return list_runs(context.obj, json=json)


@runs.command()
def delete(
    context: typer.Context,
    run: Annotated[list[str], typer.Argument(metavar="RUN…", autocompletion=opt.run_names)],
) -> int:
    """Delete runs."""
    from collapse_tui.cli.commands.runs import delete_runs

    return delete_runs(context.obj, run)


@runs.command()
def prune(
    context: typer.Context,
    *,
    older: Annotated[str, typer.Option(metavar="AGE", help="For example 30d, 12h or 2w.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Delete the runs that were not touched for some time."""
    from collapse_tui.cli.commands.runs import prune_runs

    return prune_runs(context.obj, older, yes=yes)


def show(context: typer.Context, run: opt.Run) -> int:
    """Print a run: its curves, its last generation, a summary."""
    from collapse_tui.presentation.report import show_run

    return show_run(run, context.obj)


def export(
    context: typer.Context,
    run: opt.Run,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=".csv, .replicates.csv, .json, .npz, .parquet, .svg"),
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> int:
    """Write a run in another format, by the suffix of the file."""
    from collapse_tui.cli.commands.runs import export_run

    return export_run(run, context.obj, file, force=force)


def fetch(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A preset, a path to TOML, or a run.", autocompletion=preset_names
        ),
    ],
) -> int:
    """Fetch the model and the data that a preset needs from Hugging Face."""
    from collapse_tui.cli.commands.fetch import fetch_for

    return fetch_for(name, context.obj)


def doctor(context: typer.Context) -> int:
    """Say what this machine has, and what is missing."""
    from collapse_tui.cli.commands.doctor import examine

    return examine(context.obj)
