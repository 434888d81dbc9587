"""reproduce, cite: their options."""

from pathlib import Path
from typing import Annotated

import typer

from collapse_tui.cli import options as opt


def reproduce(
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME…]", help="Presets, or paths to TOML.", autocompletion=opt.preset_names
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="The claims of every preset.")] = False,
    slow: Annotated[bool, typer.Option("--slow", help="Run the slow claims too.")] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Run everything again, whatever is remembered.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the table as Markdown too."),
    ] = None,
    json: opt.Json = False,
) -> int:
    """Hold what papers and laws say against runs: expected, obtained, verdict."""
    from collapse_tui.cli.commands.reproduce import Request, run_claims

    return run_claims(Request(tuple(names or ()), all_, slow, anew, write, json))


def cite(context: typer.Context, run: opt.Run) -> int:
    """Print BibTeX for what a run used."""
    from collapse_tui.cli.commands.cite import print_references

    return print_references(run, context.obj)
