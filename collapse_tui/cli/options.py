"""The options that several commands share, as types."""

from pathlib import Path
from typing import Annotated

import typer

# Typer reads these at run time; numbers are texts so that 1e9 means what it does in --set.


def preset_names(incomplete: str) -> list[str]:
    """Return the presets that begin so, for the shell."""
    import presets  # only to complete

    return [name for name in presets.names() if name.startswith(incomplete)]


def run_names(incomplete: str) -> list[str]:
    """Return the runs that begin so, for the shell."""
    from collapse_tui.storage import runs_folder, saved_runs  # only to complete

    names = ["last", *(run.name for run in saved_runs(runs_folder(None)))]
    return [name for name in names if name.startswith(incomplete)]


PRESET_HELP = "A preset's name, or a path to TOML."
Preset = Annotated[str, typer.Option(metavar="P", help=PRESET_HELP, autocompletion=preset_names)]
MaybePreset = Annotated[
    str | None,
    typer.Option("--preset", metavar="P", help=PRESET_HELP, autocompletion=preset_names),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="K=V", help="Change a value: a dotted key and TOML."),
]
Generations = Annotated[str | None, typer.Option(metavar="N", help="How many generations.")]
Replicates = Annotated[
    str | None, typer.Option(metavar="R", help="How many independent runs at once.")
]
Seed = Annotated[str | None, typer.Option(metavar="S", help="Seed of all random numbers.")]
Device = Annotated[str, typer.Option(metavar="D", help="auto, cpu, cuda, cuda:N or mps.")]
StoredDevice = Annotated[
    str | None,
    typer.Option("--device", metavar="D", help="auto, cpu, cuda, cuda:N or mps; else as it began."),
]
Threads = Annotated[
    str | None, typer.Option(metavar="N", help="Most threads of the number libraries.")
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The run's own folder, absent or empty."),
]
Force = Annotated[bool, typer.Option("--force", help="Delete the run that is in --out first.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Nothing on standard error but errors.")]
Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="A path, a name below the runs folder, or last.",
        autocompletion=run_names,
    ),
]  # fmt: skip
