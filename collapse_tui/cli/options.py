"""The options that several commands share, as types."""

from pathlib import Path
from typing import Annotated, Optional

import typer

# Typer reads these at run time; numbers are texts so that 1e9 means what it does in --set.


def preset_names(incomplete: str) -> list[str]:
    """Return the presets that begin so, for the shell."""
    import presets  # noqa: PLC0415 - only to complete

    return [name for name in presets.names() if name.startswith(incomplete)]


def run_names(incomplete: str) -> list[str]:
    """Return the runs that begin so, for the shell."""
    from collapse_tui.storage import runs_folder, saved_runs  # noqa: PLC0415 - only to complete

    names = ["last", *(run.name for run in saved_runs(runs_folder(None)))]
    return [name for name in names if name.startswith(incomplete)]


PRESET_HELP = "A preset's name, or a path to TOML."
Preset = Annotated[
    str, typer.Option(metavar="P", help=PRESET_HELP, autocompletion=preset_names)
]
MaybePreset = Annotated[
    Optional[str],  # noqa: UP045 - as Typer's documentation has it
    typer.Option("--preset", metavar="P", help=PRESET_HELP, autocompletion=preset_names),
]
Settings = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--set", metavar="K=V", help="Change a value: a dotted key and TOML."),
]
Generations = Annotated[
    Optional[str], typer.Option(metavar="N", help="How many generations.")  # noqa: UP045
]
Replicates = Annotated[
    Optional[str], typer.Option(metavar="R", help="How many independent runs at once.")  # noqa: UP045
]
Seed = Annotated[Optional[str], typer.Option(metavar="S", help="Seed of all random numbers.")]  # noqa: UP045
Device = Annotated[
    str, typer.Option(metavar="D", help="auto, cpu, cuda, cuda:N or mps.")
]
Threads = Annotated[
    Optional[int], typer.Option(metavar="N", min=1, help="Most threads of the number libraries.")  # noqa: UP045
]
Out = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(metavar="DIR", help="The run's own folder, absent or empty."),
]
Force = Annotated[bool, typer.Option("--force", help="Delete the run that is in --out first.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]
Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="A path, a name below the runs folder, or last.",
        autocompletion=run_names,
    ),
]  # fmt: skip
