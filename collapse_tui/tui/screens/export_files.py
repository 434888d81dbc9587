"""What the screen can write as files: its picture and numbers, and the run in every format."""

import csv
from dataclasses import dataclass
from pathlib import Path

from collapse_tui.optional_packages import Extra, explain_missing, has_extra
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import STATISTICS
from collapse_tui.tui.program import Program

SLIDES = "slides"
"""A width that is a style of its own: larger letters, thicker lines."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that a run can be written in.

    Attributes
    ----------
    words : str
    suffixes : tuple of str
    extra : str or None
        What must be installed for it.
    figure : bool
        Whether it has a width.
    """

    words: str
    suffixes: tuple[str, ...]
    extra: Extra | None = None
    figure: bool = False

    @property
    def of_screen(self) -> bool:
        """Whether it is what the screen shows, and needs no saved run."""
        return len(self.suffixes) > 1

    @property
    def missing(self) -> str:
        """The sentence on what must be installed for it; empty where nothing is missing."""
        if self.extra is None or has_extra(self.extra):
            return ""
        return explain_missing(self.extra, f"{self.suffixes[0]} needs")


FORMATS = (
    ExportFormat("picture of the screen, and its numbers", (".svg", ".csv")),
    ExportFormat("figures, one document", (".pdf",), "figures", figure=True),
    ExportFormat("figures, a picture each", (".png",), "figures", figure=True),
    ExportFormat("figures, scalable, a file each", (".svg",), "figures", figure=True),
    ExportFormat("a page for browsers", (".html",)),
    ExportFormat("summaries by generation", (".csv",)),
    ExportFormat("every replicate", (".replicates.csv",)),
    ExportFormat("every replicate, columns", (".parquet",)),
    ExportFormat("every replicate, arrays", (".npz",)),
    ExportFormat("records and settings", (".json",)),
    ExportFormat("TensorBoard's events", (".tfevents",), "tensorboard"),
)
"""In the order of the dialog; the first is what enter writes."""


def free_stem(folder: Path, stem: str, suffixes: tuple[str, ...]) -> str:
    """Return a name under which none of the files exists yet: with a number if need be."""
    count, free = 1, stem
    while any((folder / f"{free}{suffix}").exists() for suffix in suffixes):
        count += 1
        free = f"{stem}-{count}"
    return free


def write_screen(program: Program, scene: Scene, name: str, base: Path) -> list[Path]:
    """Write the screen as SVG and every metric's summary by generation as CSV.

    Parameters
    ----------
    program : Program
    scene : Scene
    name : str
        Title of the picture.
    base : Path
        Of both files, without the suffixes.

    Returns
    -------
    list of Path
    """
    picture, table = (base.with_name(f"{base.name}{suffix}") for suffix in FORMATS[0].suffixes)
    picture.write_text(program.export_screenshot(title=name), encoding="utf-8")
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["generation", "metric", *STATISTICS])
        for metric in sorted(scene.snapshot.series):
            columns = [scene.snapshot.column(metric, key) for key in STATISTICS]
            for row, values in enumerate(zip(*columns, strict=True)):
                writer.writerow([scene.snapshot.generation_of(row), metric, *values])
    return [picture, table]


def write_run(
    scene: Scene, target: Path, chosen: ExportFormat, width: str
) -> tuple[list[Path], list[str]]:
    """Write the saved run in a format; return the files, and notes on what is missing from them.

    Parameters
    ----------
    scene : Scene
        Of a run that is saved; figures are of its metrics and of the generation shown.
    target : Path
    chosen : ExportFormat
    width : str
        Of figures: see `parse_width`, or ``slides``.
    """
    from collapse_tui.presentation.export_run import export_run
    from collapse_tui.presentation.figures.write_figures import FigureChoice
    from collapse_tui.storage.saved import SavedRun

    choice = None
    if chosen.figure:
        slides = width == SLIDES
        choice = FigureChoice(
            SLIDES if slides else "paper", None if slides else width,
            scene.topics, scene.snapshot.strip is not None, max(0, scene.generation),
        )  # fmt: skip
    written = export_run(SavedRun.open(Path(scene.snapshot.folder)), target, choice)
    return list(written.files), list(written.notes)
