"""A stored run read for a glance: some of its records, and the last view."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from collapse_tui.presentation.run_settings import Settings, list_settings
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot
from collapse_tui.presentation.strip import RunStrip, join_views
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.saved import SavedRun, summaries_of
from collapse_tui.visible_text import to_visible_line
from engines.arrays import IntArray, even_indices
from engines.errors import CollapseError
from engines.views.view import View

MOST_RECORDS = 512
"""Most records that a glance takes, evenly spaced."""


@dataclass(frozen=True, slots=True, eq=False)
class RunPreview:
    """What was read of a run.

    Attributes
    ----------
    path : Path
    name : str
    snapshot : Snapshot
        It has no views but the last one, and a strip of some of them.
    metrics : tuple of str
        The most telling first.
    replicates : int
    settings : mapping
        By dotted key.
    note : str
        What cannot be read of it, empty for nothing.
    """

    path: Path
    name: str
    snapshot: Snapshot = field(default_factory=Snapshot)
    metrics: tuple[str, ...] = ()
    replicates: int = 1
    settings: Settings = field(default_factory=dict[str, object])
    note: str = ""


def load_preview(path: Path) -> RunPreview:
    """Return a stored run for a glance; what is damaged is said in its note, nothing is raised."""
    name = to_visible_line(path.name)
    settings: Settings = {}
    try:
        run = SavedRun.open(path)
        with suppress(CollapseError):  # records can be shown without their experiment
            settings = list_settings(run.document)
        snapshot, note = _load_snapshot(run, settings)
        metrics, replicates = run.metric_names, run.layout.replicates
    except (CollapseError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        return RunPreview(path, name, settings=settings, note=to_visible_line(str(error)))
    return RunPreview(path, name, snapshot, metrics, replicates, settings, note)


def _load_snapshot(run: SavedRun, settings: Settings) -> tuple[Snapshot, str]:
    last = run.last
    if last < 0:
        return Snapshot(), "it has no records yet"
    picked = even_indices(last + 1, MOST_RECORDS)
    records = list(run.pick(picked.tolist()))
    picked = picked[: len(records)]
    series = {
        metric: np.stack([columns[name] for name in STATISTICS], axis=1)
        for metric, columns in summaries_of(records, run.metric_names).items()
    }
    view, note = _last_view(run, int(picked[-1]))
    generations = settings.get("generations")
    return Snapshot(
        phase="finished", generation=int(picked[-1]), series=series, picked=picked,
        generations=generations if isinstance(generations, int) else last,
        stages=[record.get("stage", {}) for record in records],
        flags=[record.get("flags", {}) for record in records],
        views=[*[None] * (len(records) - 1), view], folder=str(run.path),
        strip=_strip(run, picked),
    ), note  # fmt: skip


def _strip(run: SavedRun, picked: IntArray) -> RunStrip | None:
    with suppress(DamagedRunError):  # the note on the last view says so, or `runs check`
        return join_views(run.strips(picked.tolist()))
    return None


def _last_view(run: SavedRun, generation: int) -> tuple[View | None, str]:
    """Return the last view that was stored up to a generation, and why it cannot be read."""
    try:
        return run.view(generation), ""
    except DamagedRunError as error:
        return None, str(error)
