"""What a list of runs says of each: read without its lock, whatever of it is damaged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collapse_tui.storage.file_names import (
    EXPERIMENT,
    FOLDERS,
    RECORDS,
    STATUS,
    is_own_name,
)
from collapse_tui.storage.lock import describe_holder
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.verification import require_file
from engines.errors import CollapseError, shorten
from engines.plugins import describe_error

STATES = {"running", "paused", "finished", "failed", "interrupted", "killed", "unknown"}
LOOKED_AT = (EXPERIMENT, STATUS, RECORDS)
"""The files whose change says that a run has to be read again."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run as a list names it.

    Attributes
    ----------
    path : Path
    state : str
        As in status.json; ``"killed"``, ``"unknown"`` or ``"damaged"`` where it tells of no end.
    reason : str
        Why it failed, or what is damaged.
    generation : int
        Of the last record, -1 for none.
    generations, replicates : int or None
        None where they cannot be read.
    title : str
    changed : float
        Seconds since 1970.
    document : mapping
        experiment.toml, empty where it cannot be read.
    writer : str
        Who writes the run at this moment, empty for nobody.
    """

    path: Path
    state: str = "unknown"
    reason: str = ""
    generation: int = -1
    generations: int | None = None
    replicates: int | None = None
    title: str = ""
    changed: float = 0.0
    document: Mapping[str, Any] = field(default_factory=dict[str, Any])
    writer: str = ""


def read_facts(run: SavedRun) -> RunFacts:
    """Return what can be read of a run, and what is wrong with the rest; nothing is raised."""
    facts, faults = dict[str, Any](), list[str]()
    for read in (_read_experiment, _read_status, _read_records):
        try:
            facts |= read(run)
        except CollapseError as error:
            faults.append(str(error))
        except (OSError, ValueError, TypeError, KeyError) as error:
            faults.append(f"{run.path} cannot be read: {describe_error(error)}")
    if faults:
        facts |= {"state": "damaged", "reason": "; ".join(faults)}
    return RunFacts(run.path, changed=_changed_at(run), **facts)


def change_stamp(path: Path) -> tuple[tuple[int, int], ...]:
    """Return a value that changes whenever a run has to be read again; cheap, and never raises."""
    directory = RunDirectory(path)
    return tuple(map(directory.change_of, LOOKED_AT))


def disk_bytes(run: SavedRun) -> int:
    """Return what a run takes on disk, without what is not its own."""
    names = (name for folder in ("", *FOLDERS) for name in run.directory.names(folder))
    return sum(run.directory.size(name) or 0 for name in names if is_own_name(name))


def _read_experiment(run: SavedRun) -> dict[str, Any]:
    document = run.document
    generations = document.get("generations")
    return {
        "document": document,
        "generations": generations if isinstance(generations, int) else None,
        "title": str(document.get("title", "")),
    }


def _read_status(run: SavedRun) -> dict[str, Any]:
    status, writer = run.status, describe_holder(run.directory)
    state, reason = status.get("state"), str(status.get("reason", ""))
    if state in STATES:
        return {"state": state, "reason": reason, "writer": writer}
    place = run.path / STATUS
    return {"state": "unknown", "reason": f"{place}: unknown state {shorten(repr(state))}"}


def _read_records(run: SavedRun) -> dict[str, Any]:
    require_file(run.directory, RECORDS)
    return {"generation": run.last, "replicates": run.layout.replicates}


def _changed_at(run: SavedRun) -> float:
    try:
        return run.changed_at
    except OSError:  # it was deleted meanwhile
        return 0.0
