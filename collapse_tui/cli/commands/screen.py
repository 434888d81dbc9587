"""Without a command: the screen."""

from typing import Annotated

import typer

from collapse_tui import __version__
from collapse_tui.cli import options as opt
from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.open_screen import open_new, require_terminal


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - a flag's callback
    if wanted:
        typer.echo(f"collapse-tui {__version__}")
        raise typer.Exit


def screen(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    runs: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="The folder of runs.", envvar=None),
    ] = None,
    preset: opt.MaybePreset = None,
    set_: opt.Settings = None,
    generations: opt.Generations = None,
    replicates: opt.Replicates = None,
    seed: opt.Seed = None,
    stop: opt.Stop = None,
    device: opt.Device = "auto",
    threads: opt.Threads = None,
    out: opt.Out = None,
    force: opt.Force = False,
    marker: opt.Marker = None,
    theme: opt.Theme = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> int:
    """Watch model collapse live, beside exact theory.

    Without a command the screen opens: to choose a preset, or with --preset to run it at once.
    """
    del version
    context.obj = runs
    if context.invoked_subcommand is not None:
        _refuse_options_before_command(context)
        return 0
    from collapse_tui.cli import overrides
    from collapse_tui.cli.threads import limit_threads
    from collapse_tui.storage.runs_folder import runs_folder

    overrides.check_device(device)
    given = {"generations": generations, "replicates": replicates, "seed": seed}
    settings = overrides.parse_settings(set_ or (), given, stop)
    _check_preset(preset, needed=bool(settings) or out is not None)
    limit_threads(overrides.parse_integer(threads, "--threads", least=1))
    folder = out.expanduser().absolute() if out else None
    return open_new(
        preset, settings, runs_folder(runs), {"marker": marker, "theme": theme},
        out=folder, replace=force, device=device,
    )  # fmt: skip


def _refuse_options_before_command(context: typer.Context) -> None:
    command = context.invoked_subcommand
    for parameter in context.command.params:
        name = parameter.name
        if name in {"runs", "version"}:
            continue
        if context.params.get(name, parameter.default) not in (parameter.default, None, [], ()):
            flag = max(parameter.opts, key=len)
            context.fail(
                f"{flag} before {command!r} is an option of the screen; put it after {command!r}"
            )


def _check_preset(preset: str | None, *, needed: bool) -> None:
    """Refuse a preset that does not exist, options without one, and output to no terminal."""
    from collapse_tui.experiment import document

    if preset is not None:
        document.read(preset)
    elif needed:
        raise CommandError(
            "--set, --generations, --replicates, --seed, --stop and --out need --preset"
        )
    require_terminal("the screen", f"collapse-tui batch --preset {preset or 'NAME'}")
