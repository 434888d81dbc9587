"""The file names of a run folder, and what fixes its tables: metric names and replicates."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from collapse_tui.storage.encoding import INSIDE
from collapse_tui.storage.errors import DamagedRunError, NotARunError, missing_file
from collapse_tui.storage.files import load_json

EXPERIMENT = "experiment.toml"
PROVENANCE = "provenance.json"
RECORDS = "metrics.jsonl"
TIMING = "timing.jsonl"
STATUS = "status.json"
VALUES = "metrics"
VIEWS = "views"
STATE = "state"

FORMAT = 1
_KEY = "storage"
_REQUIRED = (EXPERIMENT, PROVENANCE, RECORDS)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]*")


class RecordLayout(NamedTuple):
    """What every record of a run holds."""

    metric_names: tuple[str, ...]
    replicates: int

    @property
    def separate(self) -> bool:
        """Whether the replicates' values are in metrics/<name>.f64."""
        return self.replicates > INSIDE

    @property
    def row(self) -> int:
        """Bytes of one row of a .f64 file."""
        return 8 * self.replicates

    def value_path(self, folder: Path, name: str) -> Path:
        """Return where the replicates' values of one metric are."""
        return folder / VALUES / f"{name}.f64"

    def to_provenance(self) -> dict[str, object]:
        """Return the part of provenance.json that `read_layout` reads."""
        names = list(self.metric_names)
        return {_KEY: {"format": FORMAT, "metric_names": names, "replicates": self.replicates}}


def new_layout(metric_names: Sequence[str], replicates: int) -> RecordLayout:
    """Return the layout of a new run, after checking that its names can be file names."""
    for name in metric_names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"metric names must match {_NAME.pattern}, got {name!r}")
    if replicates < 1:
        raise ValueError(f"replicates must be at least 1, got {replicates}")
    return RecordLayout(tuple(metric_names), replicates)


def read_layout(folder: Path) -> RecordLayout:
    """Return the layout of an existing run from its provenance.json."""
    path = folder / PROVENANCE
    facts: Any = load_json(path).get(_KEY)
    try:
        if facts["format"] > FORMAT:
            raise DamagedRunError(
                f"{path}: storage.format is {facts['format']}, but this version reads at most"
                f" {FORMAT}: update collapse-tui"
            )
        names: list[str] = facts["metric_names"]
        return new_layout(names, int(facts["replicates"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedRunError(
            f"{path}: storage must hold metric_names and replicates, got {facts!r}"
        ) from error


def is_run(folder: Path) -> bool:
    """Return whether `folder` has the files that make a run."""
    return all((folder / name).is_file() for name in _REQUIRED)


def require_run(folder: Path) -> None:
    """Raise an error that says why `folder` is not a run, or which of its files is missing."""
    if not folder.is_dir():
        what = "is a file; give the folder it is in" if folder.exists() else "does not exist"
        raise NotARunError(f"{folder} is not a run: it {what}")
    missing = [name for name in _REQUIRED if not (folder / name).is_file()]
    if len(missing) == len(_REQUIRED):
        raise NotARunError(
            f"{folder} is not a run: it holds no {EXPERIMENT}, {PROVENANCE} or {RECORDS}"
        )
    if missing:
        raise missing_file(folder / missing[0])
