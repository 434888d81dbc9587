"""Opens the files that a user names: regular ones only, and never more than memory holds.

A preset of a stranger may name a pipe, a device, a folder or a file that unpacks to a thousand
times its size: each is refused before a byte of it is read.
"""

import os
import stat
from io import BufferedReader
from pathlib import Path

from engines.errors import InvalidExperimentError

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
SMALL = 1 << 28
"""Bytes that are unpacked however small the file is: 256 MiB."""
MOST_GROWTH = 100
"""Most bytes, beyond `SMALL`, that one byte of a packed file may become; numbers and images that
were measured grow tenfold at most."""


class MissingFileError(InvalidExperimentError):
    """A file of the user's that does not exist.

    Attributes
    ----------
    path : Path
    """

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


def open_regular(path: Path) -> BufferedReader:
    """Return a file opened to be read.

    Raises
    ------
    FileNotFoundError
        If there is none.
    InvalidExperimentError
        If it is a folder, a pipe, a device or a socket, or may not be read.
    """
    try:
        # a device may act when it is opened, and what stands here may change meanwhile
        _require_regular(path, path.stat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        file = os.fdopen(descriptor, "rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise InvalidExperimentError(
            f"{path} could not be read: {error.strerror or error}"
        ) from error
    except ValueError as error:
        raise InvalidExperimentError(f"{str(path)!r} is no path of a file: {error}") from None
    try:
        _require_regular(path, os.fstat(file.fileno()).st_mode)
    except BaseException:
        file.close()
        raise
    return file


def _require_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no file")
        raise InvalidExperimentError(f"{path} could not be read: it is {kind}, not a file")


def open_source(path: Path) -> BufferedReader:
    """Return the file of ``source.path`` opened to be read.

    Raises
    ------
    InvalidExperimentError
        If it does not exist, is no regular file or may not be read.
    """
    try:
        return open_regular(path)
    except FileNotFoundError:
        raise MissingFileError(
            f"source.path names {str(path)!r}, which does not exist", path
        ) from None


def read_whole(path: Path, most: int) -> bytes:
    """Return the content of a file of at most so many bytes.

    Raises
    ------
    FileNotFoundError
        If there is none.
    InvalidExperimentError
        If it is larger, no regular file, or cannot be read.
    """
    with open_regular(path) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise InvalidExperimentError(
                f"{path} could not be read: {error.strerror or error}"
            ) from error
    if len(content) > most:
        size = path.stat().st_size
        raise InvalidExperimentError(
            f"{path} holds {max(size, len(content)):,} bytes, at most {most:,} are read"
        )
    return content


def check_memory(place: str, wanted: int) -> None:
    """Refuse what would not fit into the memory that is free.

    Parameters
    ----------
    place : str
        The file, and what of it.
    wanted : int
        Bytes that it takes while it is read.

    Raises
    ------
    InvalidExperimentError
        With both numbers.
    """
    if wanted < SMALL:
        return
    import psutil  # costs a tenth of a start

    free = psutil.virtual_memory().available
    if wanted > free:
        raise InvalidExperimentError(
            f"{place} takes about {wanted / 1e9:,.1f} GB to read, but {free / 1e9:,.1f} GB of"
            " memory are free: give a smaller file"
        )


def check_growth(place: str, packed: int, unpacked: int) -> None:
    """Refuse a packed file that unpacks to far more than its size.

    Raises
    ------
    InvalidExperimentError
        With both numbers.
    """
    if unpacked > SMALL and unpacked > MOST_GROWTH * packed:
        raise InvalidExperimentError(
            f"{place} would unpack to {unpacked:,} bytes from {packed:,}: beyond {SMALL:,} bytes a"
            f" file may grow {MOST_GROWTH}-fold; store it unpacked"
        )
