"""What can be wrong with a run folder, each error in one sentence.

CollapseError
└── StorageError
    ├── NotARunError             no such run, or a folder that is not a run
    ├── FolderNotEmptyError      a new run would overwrite something
    ├── RunLockedError           a living process is writing this run
    ├── DamagedRunError          a file of the run is missing or garbled
    │   └── LostChecksumsError   the table of checksums is: records cannot be verified
    ├── DamagedCheckpointError   a checkpoint fails its checksum
    ├── MissingRecordError       the generation asked for is not stored
    ├── ExportError              an export that cannot be made
    └── StorageFailedError       a write failed: full, read-only, no permission
"""

from pathlib import Path
from typing import ClassVar

from engines.errors import CollapseError


class StorageError(CollapseError):
    """Base of the errors of storage, written for the user.

    Attributes
    ----------
    exit_code : int
        What the command line ends with: 2 bad input, 1 a failure during the run.
    """

    default_exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code: int = self.default_exit_code if exit_code is None else exit_code


class NotARunError(StorageError, LookupError):
    """No run is found under the name or path received."""


class FolderNotEmptyError(StorageError, FileExistsError):
    """The folder for a new run already holds something."""


class RunLockedError(StorageError):
    """Another living process holds the run."""


class DamagedRunError(StorageError):
    """A file of the run is missing or garbled."""


class LostChecksumsError(DamagedRunError):
    """The table of checksums is missing or garbled; the records may be whole."""


def missing_file(path: Path) -> DamagedRunError:
    """Return the error that a file of a run is missing."""
    return DamagedRunError(f"{path} is missing: restore it, or start a new run")


class DamagedCheckpointError(StorageError):
    """A checkpoint whose checksum differs from its entry."""


class MissingRecordError(StorageError, LookupError):
    """A generation or checkpoint that the run does not hold."""


class ExportError(StorageError):
    """An export that cannot be made: its suffix, or a file in the way."""


class StorageFailedError(StorageError, OSError):
    """A write failed; everything complete before it is kept."""

    default_exit_code: ClassVar[int] = 1
