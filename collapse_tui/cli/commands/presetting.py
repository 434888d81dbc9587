"""presets and its commands: their options."""

from pathlib import Path
from typing import Annotated

import typer

from collapse_tui.cli.groups import Subcommands
from collapse_tui.cli.options import preset_names

presets = typer.Typer(cls=Subcommands, invoke_without_command=True)
Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=preset_names)]


@presets.callback()
def list_(context: typer.Context) -> int:
    """List the presets, a line each."""
    if context.invoked_subcommand is not None:
        return 0
    from collapse_tui.cli.commands.presets import list_presets

    return list_presets()


@presets.command()
def show(name: Name) -> int:
    """Print what a preset shows, and its parameters."""
    from collapse_tui.cli.commands.presets import show_preset

    return show_preset(name)


@presets.command()
def check(file: Annotated[str, typer.Argument(metavar="FILE")]) -> int:
    """Say whether a file is an experiment that can run."""
    from collapse_tui.cli.commands.presets import check_preset

    return check_preset(file)


@presets.command()
def copy(name: Name, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> int:
    """Write a preset to a file of your own, to change it."""
    from collapse_tui.cli.commands.presets import copy_preset

    return copy_preset(name, file)
