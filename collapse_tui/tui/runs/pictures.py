"""The pictures of the picker: sketches that are shipped, else the newest run of one's own."""

from contextlib import suppress
from pathlib import Path

import presets
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.sketch import Sketch, read_sketch, to_scene
from collapse_tui.presentation.stored_scene import load_scene
from collapse_tui.storage.catalogue import base_name, saved_runs
from collapse_tui.storage.saved import SavedRun
from collapse_tui.tui.runs.descriptions import Entry
from engines.errors import CollapseError


def find_picture(entry: Entry, runs: Path) -> Scene | None:
    """Return the run that is drawn beside an entry, None where there is none yet.

    Parameters
    ----------
    entry : Entry
        A preset, or a saved run.
    runs : Path
        Where runs are saved.
    """
    if entry.saved is not None:
        return _read_scene(entry.saved)
    sketch = read_shipped(entry.name)
    if sketch is not None:
        return to_scene(sketch)
    own = (run.path for run in saved_runs(runs) if base_name(run.name) == entry.name)
    return next((scene for path in own if (scene := _read_scene(path)) is not None), None)


def read_shipped(name: str) -> Sketch | None:
    """Return the sketch that comes with a preset, None for those that have none."""
    with suppress(OSError, ValueError):
        return read_sketch(presets.sketch_path(name).read_text(encoding="utf-8"))
    return None


def _read_scene(path: Path) -> Scene | None:
    """Return a saved run without its theory, None for one that has no record or is damaged."""
    with suppress(CollapseError, OSError):
        run = SavedRun.open(path)
        if run.last >= 0:
            return load_scene(run, None, ())
    return None
