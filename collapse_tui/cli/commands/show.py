"""`show`: a stored run as charts, numbers and claims on standard output."""

import shutil
from contextlib import suppress

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli import output


def show(context: typer.Context, run: opt.Run) -> int:
    """Print a run: its curves, its last generation, a summary and its claims."""
    from collapse_tui.presentation.report import Drawing, OutputStyle, build_report
    from collapse_tui.presentation.stored_scene import drawn_records
    from collapse_tui.storage.catalogue import open_run
    from collapse_tui.storage.errors import StorageError

    saved = open_run(run, context.obj)
    among = None
    with suppress(StorageError):  # where the last record is damaged, all are looked at
        among = drawn_records(saved).tolist()
    damages = saved.verify_records(among=among)
    width = shutil.get_terminal_size().columns
    style = OutputStyle(output.palette_name(), width, unicode=output.is_unicode())
    notes, parts = build_report(saved, style)
    for note in (*damages, *notes):
        output.write_message(f"note: {note}")
    for part in parts:
        match part:
            case str():
                output.write_result(part)
            case Drawing():
                output.write_drawing(part)
            case _:
                output.write_table(part)
    return 0
