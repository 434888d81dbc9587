"""What can be wrong with a run folder, each error in one sentence.

CollapseError
└── StorageError
    ├── NotARunError             no such run, or a folder that is not a run
    ├── FolderNotEmptyError      a new run would overwrite something
    ├── RunLockedError           a living process is writing this run
    ├── DamagedRunError          a file of the run is missing or garbled
    │   ├── GarbledLineError     a line of a table is not what is written there
    │   └── LostChecksumsError   the table of checksums is: records cannot be verified
    ├── DamagedCheckpointError   a checkpoint fails its checksum
    ├── MissingRecordError       the generation asked for is not stored
    ├── ExportError              an export that cannot be made
    └── StorageFailedError       a write failed: full, read-only, no permission
"""

from pathlib import Path
from typing import ClassVar

from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.file_names import EXPERIMENT, PROVENANCE
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


class GarbledLineError(DamagedRunError):
    """A line of a table is not what the program writes there.

    Attributes
    ----------
    fault : str
        The clause that names the line, without the way on.
    """

    def __init__(self, fault: str, run: Path) -> None:
        check = f"`collapse-tui runs check {to_shell_word(str(run))}`"
        super().__init__(f"{fault}; {check} says what is left and how to go on")
        self.fault: str = fault


class LostChecksumsError(DamagedRunError):
    """The table of checksums is missing or garbled; the records may be whole."""


def missing_file(path: Path) -> DamagedRunError:
    """Return the error that a file of a run is missing."""
    return DamagedRunError(f"{path} is missing: {way_without(path)}")


def way_without(path: Path) -> str:
    """Return what helps where a document of a run is lost, and what can be had without it."""
    run, experiment = map(to_shell_word, (str(path.parent), str(path.with_name(EXPERIMENT))))
    if path.name == EXPERIMENT:
        return (
            "restore it; nothing else lets the run go on, but its records can be had:"
            f" `collapse-tui export {run} records.csv`"
        )
    if path.name == PROVENANCE:
        return (
            "restore it; else the same numbers come, in a new run, from"
            f" `collapse-tui batch --preset {experiment}`"
        )
    return "restore it, or start a new run"


class DamagedCheckpointError(StorageError):
    """A checkpoint whose checksum differs from its entry."""


class MissingRecordError(StorageError, LookupError):
    """A generation or checkpoint that the run does not hold."""


class ExportError(StorageError):
    """An export that cannot be made: its suffix, or a file in the way."""


class StorageFailedError(StorageError, OSError):
    """A write failed; everything complete before it is kept."""

    default_exit_code: ClassVar[int] = 1
