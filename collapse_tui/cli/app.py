"""The commands, and what they are called; what they do is imported when one is chosen."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.commands.keeping import doctor, export, fetch, runs, show
from collapse_tui.cli.commands.presetting import presets
from collapse_tui.cli.commands.publishing import cite, reproduce
from collapse_tui.cli.commands.running import batch, fork, resume
from collapse_tui.cli.groups import Commands

app = typer.Typer(name="collapse-tui", cls=Commands, invoke_without_command=True)
app.command()(batch)
app.command()(resume)
app.command()(fork)
app.add_typer(runs, name="runs")
app.command()(show)
app.command()(export)
app.command()(cite)
app.command()(reproduce)
app.add_typer(presets, name="presets")
app.command()(fetch)
app.command()(doctor)


def _version(wanted: bool) -> None:  # noqa: FBT001 - a flag's callback
    if wanted:
        from collapse_tui.cli.versions import own_version

        typer.echo(f"collapse-tui {own_version()}")
        raise typer.Exit


@app.callback()
def screen(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    runs: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Where runs are kept.", envvar=None),
    ] = None,
    preset: opt.MaybePreset = None,
    set_: opt.Settings = None,
    generations: opt.Generations = None,
    replicates: opt.Replicates = None,
    seed: opt.Seed = None,
    device: opt.Device = "auto",
    threads: opt.Threads = None,
    out: opt.Out = None,
    force: opt.Force = False,
    marker: Annotated[
        Literal["braille", "block", "ascii"], typer.Option(help="What curves are drawn with.")
    ] = "braille",
    theme: Annotated[
        str | None,
        typer.Option(metavar="T", help="dark, light, ansi, or any theme of Textual."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say and leave.")
    ] = False,
) -> int:
    """Watch model collapse live, beside exact theory.

    Without a command the screen opens: to pick a preset, or with --preset to run it at once.
    """
    del version
    context.obj = runs
    if context.invoked_subcommand is not None:
        _refuse_before_command(context)
        return 0
    from collapse_tui.cli.commands.screen import Request, open_screen

    return open_screen(
        Request(
            preset, tuple(set_ or ()), generations, replicates, seed, device, threads,
            Path(out) if out else None, force, runs, marker, theme,
        )
    )  # fmt: skip


def _refuse_before_command(context: typer.Context) -> None:
    command = context.invoked_subcommand
    for parameter in context.command.params:
        name = parameter.name
        if name in {"runs", "version"}:
            continue
        if context.params.get(name, parameter.default) not in (parameter.default, None, [], ()):
            flag = max(parameter.opts, key=len)
            context.fail(f"{flag} before {command!r} is for the screen; put it after {command!r}")
