"""`export`: a stored run in the format of another program, as figures or as a page."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.output import write_message


def export(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    run: opt.Run,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Data: .csv, .replicates.csv, .json, .npz, .parquet, .tfevents. Figures: .pdf,"
            " .png, .svg with --style. A page for browsers: .html. The picture of the screen: .svg",
        ),
    ],
    *,
    style: Annotated[
        Literal["paper", "slides"] | None,
        typer.Option(help="Figures for a paper (also the default of .pdf and .png) or slides."),
    ] = None,
    width: Annotated[
        str | None,
        typer.Option(metavar="W", help="Of figures: column, page, or a number with mm, cm or in."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric", metavar="M", help="Draw this metric only, or mean:variance; repeatable."
        ),
    ] = None,
    strip: Annotated[
        bool, typer.Option("--strip", help="Draw the run by generation, and what else is named.")
    ] = False,
    view: Annotated[
        str | None,
        typer.Option(metavar="N", help="Draw the view of generation N, and what else is named."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
) -> int:
    """Write a run in another format, which the suffix of the file names.

    Without --metric, --strip and --view, figures are of every metric, of the run by generation and
    of the last view: a PDF has a page for each, of PNG and SVG each has a file, which is said.
    """
    from collapse_tui.cli.overrides import parse_integer
    from collapse_tui.presentation.export_run import export_run
    from collapse_tui.presentation.figures.write_figures import FigureChoice
    from collapse_tui.storage.catalogue import open_run

    at = parse_integer(view, "--view", least=0)
    saved = open_run(run, context.obj)
    choice = FigureChoice(style, width, tuple(metric or ()), strip, at)
    written = export_run(saved, file.expanduser(), choice, force=force)
    for note in written.notes:
        write_message(f"note: {note}")
    for path in written.files:
        write_message(f"wrote {path}: generations 0 to {saved.last} of {saved.name}")
    return 0
