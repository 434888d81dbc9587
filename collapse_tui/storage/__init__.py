"""The durable run folder: nothing else writes there."""

from collapse_tui.storage.catalogue import (
    delete,
    locate,
    new_run_folder,
    open_run,
    runs_folder,
    saved_runs,
)
from collapse_tui.storage.encoding import encode_record
from collapse_tui.storage.errors import (
    DamagedCheckpointError,
    DamagedRunError,
    ExportError,
    FolderNotEmptyError,
    MissingRecordError,
    NotARunError,
    RunLockedError,
    StorageError,
    StorageFailedError,
)
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.fork_copy import copy_until
from collapse_tui.storage.layout import is_run
from collapse_tui.storage.saved import SavedRun

__all__ = [
    "DamagedCheckpointError",
    "DamagedRunError",
    "ExportError",
    "FolderNotEmptyError",
    "MissingRecordError",
    "NotARunError",
    "RunFolder",
    "RunLockedError",
    "SavedRun",
    "StorageError",
    "StorageFailedError",
    "copy_until",
    "delete",
    "encode_record",
    "is_run",
    "locate",
    "new_run_folder",
    "open_run",
    "runs_folder",
    "saved_runs",
]
