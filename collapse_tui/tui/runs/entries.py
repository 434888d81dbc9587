"""What the picker lists: the presets by what they show, then the saved runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import presets
from collapse_tui.experiment.document import read
from collapse_tui.experiment.schema import GROUPS, group_of
from collapse_tui.presentation.sketch import to_sparkline
from collapse_tui.storage.catalogue import saved_runs
from collapse_tui.tui.runs.descriptions import (
    WORDS,
    CannotStart,
    Entry,
    describe_run,
    translate_errors,
)
from collapse_tui.tui.runs.pictures import read_shipped
from collapse_tui.visible_text import to_visible_line

if TYPE_CHECKING:
    from collapse_tui.storage.saved import SavedRun

SAVED = "saved runs"
"""The group of runs that can be opened again."""


def list_entries(runs: Path) -> list[Entry]:
    """Return the presets by group, each group in alphabetical order, then the saved runs.

    Parameters
    ----------
    runs : Path
        Where runs are saved.
    """
    found = [_read_entry(name) for name in presets.names()]
    order = list(GROUPS)
    found.sort(key=lambda entry: order.index(entry.group))
    return [*found, *map(_describe_saved, saved_runs(runs))]


def _read_entry(name: str) -> Entry:
    try:
        with translate_errors():
            document = read(name)[1]
    except CannotStart as error:
        return Entry("other", name, to_visible_line(str(error)), about=GROUPS["other"])
    group = group_of(document)
    run = describe_run(name, {key: str(document.get(key, "")) for key in WORDS})
    sketch = read_shipped(name)
    curve = to_sparkline(sketch) if sketch is not None else ""
    return Entry(group, name, run.title, about=GROUPS[group], run=run, spark=curve)


def _describe_saved(run: "SavedRun") -> Entry:
    """Return the entry of a saved run; one that is damaged hides no other."""
    try:
        with translate_errors():
            line = f"{run.state}, generation {max(0, run.last)}"
    except (CannotStart, OSError) as error:
        line = to_visible_line(f"damaged: {error}")
    return Entry(SAVED, run.name, line, run.path, about="the newest first")
