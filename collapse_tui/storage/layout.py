"""What fixes the tables of a run: metric names and replicates; and what makes a folder a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from collapse_tui.storage.encoding import INSIDE
from collapse_tui.storage.errors import DamagedRunError, NotARunError, way_without
from collapse_tui.storage.file_names import EXPERIMENT, METRIC, PROVENANCE, RECORDS, VALUES
from collapse_tui.storage.run_directory import RunDirectory

FORMAT = 1
_KEY = "storage"
_REQUIRED = (EXPERIMENT, PROVENANCE, RECORDS)


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

    @property
    def value_files(self) -> dict[str, str]:
        """Metric → the file of its replicates' values; empty where they are in the lines."""
        names = self.metric_names if self.separate else ()
        return {name: f"{VALUES}/{name}.f64" for name in names}

    def to_provenance(self) -> dict[str, object]:
        """Return the part of provenance.json that `read_layout` reads."""
        names = list(self.metric_names)
        return {_KEY: {"format": FORMAT, "metric_names": names, "replicates": self.replicates}}


def new_layout(metric_names: Sequence[str], replicates: int) -> RecordLayout:
    """Return the layout of a new run, after checking that its names can be file names."""
    for name in metric_names:
        if not METRIC.fullmatch(name):
            raise ValueError(f"metric names must match {METRIC.pattern}, got {name!r}")
    if replicates < 1:
        raise ValueError(f"replicates must be at least 1, got {replicates}")
    return RecordLayout(tuple(metric_names), replicates)


def read_layout(directory: RunDirectory) -> RecordLayout:
    """Return the layout of an existing run from its provenance.json."""
    path = directory.path / PROVENANCE
    facts: Any = directory.read_json(PROVENANCE).get(_KEY)
    try:
        if facts["format"] > FORMAT:
            raise DamagedRunError(
                f"{path}: storage.format is {facts['format']}, but this version reads at most"
                f" {FORMAT}: update collapse-tui"
            )
        names: list[str] = facts["metric_names"]
        return new_layout(names, int(facts["replicates"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise DamagedRunError(
            f"{path}: storage must hold metric_names and replicates, got {str(facts)[:200]}:"
            f" {way_without(path)}"
        ) from error


def is_run(folder: Path) -> bool:
    """Return whether `folder` has the files that make a run, one of which may be lost."""
    try:
        return folder.is_dir() and len(_missing(RunDirectory(folder))) <= 1
    except OSError:
        return False  # a folder that may not be looked into


def require_run(folder: Path) -> None:
    """Raise an error that says why `folder` is not a run, in the sense of `is_run`."""
    if not folder.is_dir():
        what = "is a file; give the folder it is in" if folder.exists() else "does not exist"
        raise NotARunError(f"{folder} is not a run: it {what}")
    missing = _missing(RunDirectory(folder))
    if len(missing) > 1:
        *most, last = missing
        raise NotARunError(f"{folder} is not a run: it holds no {', '.join(most)} or {last}")


def _missing(directory: RunDirectory) -> list[str]:
    return [name for name in _REQUIRED if not directory.exists(name)]
