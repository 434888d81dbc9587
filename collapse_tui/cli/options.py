"""The options that several commands share, as types."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from collapse_tui.visible_text import to_visible_line

# typer reads these at run time; numbers are texts, so that 1e9 means the same as in --set


def preset_names(incomplete: str) -> list[str]:
    """Return the presets whose names begin with `incomplete`, for completion in the shell."""
    import presets  # only to complete

    return [name for name in presets.names() if name.startswith(incomplete)]


def run_names(incomplete: str) -> list[str]:
    """Return the runs whose names begin with `incomplete`, for completion in the shell."""
    from collapse_tui.storage.catalogue import saved_runs  # only to complete
    from collapse_tui.storage.runs_folder import runs_folder

    names = ["last", *(run.name for run in saved_runs(runs_folder(None)))]
    # the shell writes them on the terminal as they are, and an escape would name no run
    return [name for name in names if name.startswith(incomplete) and to_visible_line(name) == name]


PRESET_HELP = "A preset's name, or a path to TOML."
Preset = Annotated[str, typer.Option(metavar="P", help=PRESET_HELP, autocompletion=preset_names)]
MaybePreset = Annotated[
    str | None,
    typer.Option("--preset", metavar="P", help=PRESET_HELP, autocompletion=preset_names),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="K=V", help="Change a setting: a dotted key and a TOML value."),
]
Generations = Annotated[str | None, typer.Option(metavar="N", help="Number of generations.")]
Replicates = Annotated[
    str | None, typer.Option(metavar="R", help="Number of independent runs, computed at once.")
]
Seed = Annotated[str | None, typer.Option(metavar="S", help="Seed of all random numbers.")]
Stop = Annotated[
    list[str] | None,
    typer.Option(
        "--stop",
        metavar="EXPR",
        help="End the run where the median of a metric gets there, as in 'variance < 1e-6'.",
    ),
]
Device = Annotated[str, typer.Option(metavar="D", help="auto, cpu, cuda, cuda:N or mps.")]
StoredDevice = Annotated[
    str | None,
    typer.Option(
        "--device",
        metavar="D",
        help="auto, cpu, cuda, cuda:N or mps; default: as stored.",
    ),
]
Threads = Annotated[
    str | None,
    typer.Option(metavar="N", help="Most threads of the numerical libraries."),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder of this run; it must be absent or empty."),
]
Force = Annotated[bool, typer.Option("--force", help="First delete the run that is in --out.")]
Marker = Annotated[
    Literal["braille", "block", "ascii"] | None,
    typer.Option(help="The characters of curves: braille, or ascii where UTF-8 is unknown."),
]
Theme = Annotated[
    str | None,
    typer.Option(metavar="T", help="auto, dark, light, ansi, or any theme of Textual."),
]
Json = Annotated[
    bool, typer.Option("--json", help="Write JSON on standard output, an object a line.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Write only errors on standard error.")]
Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="A path, a name in the folder of runs, or last.",
        autocompletion=run_names,
    ),
]  # fmt: skip
