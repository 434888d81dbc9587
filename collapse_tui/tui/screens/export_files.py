"""What the screen shows as files: a picture and the numbers."""

import csv
from pathlib import Path

from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import STATISTICS
from collapse_tui.tui.program import Program


def export_screen(program: Program, scene: Scene, name: str, folder: Path) -> list[Path]:
    """Write the screen as SVG and every metric's summary by generation as CSV.

    Parameters
    ----------
    program : Program
    scene : Scene
    name : str
        Files are called ``<name>-<generation>.svg`` and ``.csv``.
    folder : Path

    Returns
    -------
    list of Path
        Both files. Existing ones are never replaced: a number is added to the name.
    """
    stem = f"{Path(name).stem}-{max(0, scene.generation)}"
    count = 1
    while any((folder / f"{stem}{suffix}").exists() for suffix in (".svg", ".csv")):
        count += 1
        stem = f"{Path(name).stem}-{max(0, scene.generation)}-{count}"
    picture, table = folder / f"{stem}.svg", folder / f"{stem}.csv"
    picture.write_text(program.export_screenshot(title=name), encoding="utf-8")
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["generation", "metric", *STATISTICS])
        for metric in sorted(scene.snapshot.series):
            columns = [scene.snapshot.column(metric, key) for key in STATISTICS]
            for row, values in enumerate(zip(*columns, strict=True)):
                writer.writerow([scene.snapshot.generation_of(row), metric, *values])
    return [picture, table]
