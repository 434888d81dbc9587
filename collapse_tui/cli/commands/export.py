"""`export`: a stored run in the format of another program."""

from pathlib import Path
from typing import Annotated

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.output import write_message


def export(
    context: typer.Context,
    run: opt.Run,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=".csv, .replicates.csv, .json, .npz, .parquet, .svg"),
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> int:
    """Write a run in another format, which the suffix of the file names."""
    from collapse_tui.presentation.svg_page import write_svg
    from collapse_tui.storage.catalogue import open_run
    from collapse_tui.storage.export import export as write_export
    from collapse_tui.storage.saved import SavedRun

    saved = open_run(run, context.obj)
    target = file.expanduser()
    notes: list[str] = []

    def write_page(saved: SavedRun, path: Path) -> None:
        notes.extend(write_svg(saved, path))

    damages = write_export(saved, target, more={".svg": write_page}, force=force)
    for note in (*damages, *notes):
        write_message(f"note: {note}")
    write_message(f"wrote {target}: generations 0 to {saved.last} of {saved.name}")
    return 0
