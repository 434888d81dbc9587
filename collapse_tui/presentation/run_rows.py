"""Saved runs as rows: what a list of them says of each."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collapse_tui.presentation.run_settings import Settings, list_settings, setting_text
from collapse_tui.storage.catalogue import STAMP
from collapse_tui.storage.run_facts import disk_bytes, read_facts
from collapse_tui.storage.saved import SavedRun
from collapse_tui.visible_text import to_visible_line
from engines.errors import CollapseError

FORK = re.compile(r"-fork\d+$")


@dataclass(frozen=True, slots=True)
class RunRow:
    """One saved run.

    Attributes
    ----------
    path : Path
    name, preset, engine : str
        Of its folder; what it was started from, and what it fits, empty where that is unknown.
    state, reason, writer : str
        As in `RunFacts`.
    stage : str
        The commonest diagnosis at the last record.
    generation : int
    generations : int or None
    title : str
    changed : float
        Seconds since 1970.
    size : int
        Bytes on disk.
    words : str
        What is looked through for a word.
    values : mapping
        Metric → its median over the replicates at the last record, the most telling first.
    settings : mapping
        By dotted key.
    """

    path: Path
    name: str
    preset: str = ""
    engine: str = ""
    state: str = "unknown"
    reason: str = ""
    writer: str = ""
    stage: str = ""
    generation: int = -1
    generations: int | None = None
    title: str = ""
    changed: float = 0.0
    size: int = 0
    words: str = ""
    values: Mapping[str, float] = field(default_factory=dict[str, float])
    settings: Settings = field(default_factory=dict[str, object])

    @property
    def in_use(self) -> bool:
        """Whether a process writes it now."""
        return bool(self.writer)

    def value(self, metric: str) -> tuple[str, float]:
        """Return a metric and its value; the run's own first one where none is named."""
        name = metric or next(iter(self.values), "")
        return name, self.values.get(name, math.nan)


def read_row(run: SavedRun) -> RunRow:
    """Return the row of a saved run; what of it is damaged is said in it, and nothing is raised."""
    facts = read_facts(run)
    settings = list_settings(facts.document)
    values, stage, size = dict[str, float](), "", 0
    try:
        size = disk_bytes(run)
        if facts.generation >= 0:
            record = run.record(facts.generation)
            values = _medians(record, run.metric_names)
            stage = commonest(record.get("stage", {}))
    except (CollapseError, OSError, ValueError, TypeError, KeyError, AttributeError):
        pass  # `facts` says what is damaged, or the preview of the run does
    preset = _preset_of(run)
    pairs = (f"{key} {setting_text(value)}" for key, value in settings.items())
    words = (run.name, preset, facts.title, facts.state, stage, *pairs)
    return RunRow(
        run.path, run.name, preset, str(settings.get("engine.name", "")), facts.state,
        to_visible_line(facts.reason), to_visible_line(facts.writer), stage, facts.generation,
        facts.generations, to_visible_line(facts.title), facts.changed, size,
        " ".join(words).casefold(), values, settings,
    )  # fmt: skip


def commonest(stage: Mapping[str, int]) -> str:
    """Return the most frequent stage; a training that diverged goes before all others."""
    return max(stage, key=lambda name: (name == "diverged", stage[name]), default="")


def _medians(record: Mapping[str, Any], metrics: tuple[str, ...]) -> dict[str, float]:
    summary = record["summary"]
    found = {name: summary[name].get("q50") for name in metrics if name in summary}
    return {name: math.nan if value is None else float(value) for name, value in found.items()}


def _preset_of(run: SavedRun) -> str:
    """Return what a run was started from: as in its arguments, else as in its folder's name."""
    try:
        arguments: Any = run.provenance.get("arguments", [])
        place = arguments.index("--preset")
        return to_visible_line(Path(str(arguments[place + 1])).stem)
    except (CollapseError, OSError, ValueError, IndexError, AttributeError):
        stem = STAMP.sub("", run.name)
        return to_visible_line(FORK.sub("", stem)) if stem != run.name else ""


def shorten_name(name: str) -> str:
    """Return the name of a run without date and time, if it has them: they are no help at sight."""
    stamp = STAMP.search(name)
    return to_visible_line(name if stamp is None else f"{name[: stamp.start()]} …{name[-4:]}")
