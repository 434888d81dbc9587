"""The picture and the numbers on the screen, as files."""

import csv
from pathlib import Path
from typing import Any

from textual.app import App

from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import STATISTICS


def export(app: App[Any], scene: Scene, name: str, folder: Path) -> list[Path]:
    """Write the screen as SVG and every metric's summary by generation as CSV.

    Parameters
    ----------
    app : App
    scene : Scene
    name : str
        Files are called ``<name>-<generation>.svg`` and ``.csv``.
    folder : Path

    Returns
    -------
    list of Path
        Existing files are never replaced: a number is added.
    """
    stem = f"{Path(name).stem}-{max(0, scene.generation)}"
    count = 1
    while any((folder / f"{stem}{suffix}").exists() for suffix in (".svg", ".csv")):
        count += 1
        stem = f"{Path(name).stem}-{max(0, scene.generation)}-{count}"
    picture, table = folder / f"{stem}.svg", folder / f"{stem}.csv"
    picture.write_text(app.export_screenshot(title=name), encoding="utf-8")
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["generation", "metric", *STATISTICS])
        for metric in sorted(scene.snapshot.series):
            columns = [scene.snapshot.column(metric, key) for key in STATISTICS]
            for generation in range(columns[0].size):
                writer.writerow([generation, metric, *(column[generation] for column in columns)])
    return [picture, table]
