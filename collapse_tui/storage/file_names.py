"""The names that a run folder may hold: what is not in this table is not the run's.

Nothing else in a folder is opened, written, linked or deleted, whoever made the folder.
"""

import re

EXPERIMENT = "experiment.toml"
PROVENANCE = "provenance.json"
RECORDS = "metrics.jsonl"
TIMING = "timing.jsonl"
STATUS = "status.json"
CHECKSUMS = "checksums.jsonl"
THEORY = "theory.jsonl"
LOCK = "lock"
SOFT_LOCK = "lock.held"
VALUES = "metrics"
VIEWS = "views"
VIEW_ARRAYS = "views/arrays.bin"
VIEW_INDEX = "views/index.jsonl"
STATE = "state"
PARTIAL = "partial.json"
ONCE = "once/"
WEIGHTS = "weights/"
SAFETENSORS = ".safetensors"

BESIDE = (TIMING, VIEW_INDEX, VIEW_ARRAYS)
"""Tables that no number comes from: where they are damaged, a run goes on without their lines."""

FOLDERS = (VALUES, VIEWS, STATE, f"{STATE}/once", f"{STATE}/weights")
"""The folders of a run, each after the one it is in."""

METRIC = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]*")
ARCHIVE = re.compile(
    r"-?\d{1,20}(?:\.again)?\.npz"
    r"|partial-[ab]\.npz"
    r"|once/[^/\0]+\.npz"
    r"|weights/[^/\0]+\.safetensors"
)
"""What a manifest may list, below the folder of states."""

_FILE = re.compile(
    "|".join(
        (
            *map(re.escape, (EXPERIMENT, PROVENANCE, RECORDS, TIMING, STATUS, CHECKSUMS, THEORY)),
            *map(re.escape, (LOCK, SOFT_LOCK, VIEW_ARRAYS, VIEW_INDEX)),
            rf"{VALUES}/{METRIC.pattern}\.f64",
            rf"{STATE}/(?:-?\d{{1,20}}\.json|{re.escape(PARTIAL)}|{ARCHIVE.pattern})",
            rf"{STATE}/once/[a-z]+\.(?:bin|jsonl)",
        )
    )
)


def is_own_name(name: str) -> bool:
    """Return whether `name`, relative to the run folder, is one that this program writes."""
    return bool(_FILE.fullmatch(name))


def temporary_name(name: str) -> str:
    """Return the hidden sibling that is written before it takes the place of `name`."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}.{last}.tmp"


def is_temporary(name: str) -> bool:
    """Return whether `name` is the hidden sibling of a file of the run."""
    folder, slash, last = name.rpartition("/")
    shown = last.removeprefix(".").removesuffix(".tmp")
    return last == f".{shown}.tmp" and is_own_name(f"{folder}{slash}{shown}")
