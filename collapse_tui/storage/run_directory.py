"""The one place where files of a run folder are opened, made, replaced, linked and deleted.

The folder may come from a stranger. Therefore only names of `file_names` are touched, each
opened relative to the descriptor of the folder it is in; no link is followed, and what is no
regular file is refused. A file that shares its bytes with another name is never written
through: it is replaced by a copy first.
"""

import errno
import json
import os
import shutil
import stat
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedRandom, BufferedReader, FileIO
from pathlib import Path

from collapse_tui.storage.errors import (
    DamagedRunError,
    NotARunError,
    StorageFailedError,
    missing_file,
    way_without,
)
from collapse_tui.storage.file_names import (
    EXPERIMENT,
    FOLDERS,
    is_own_name,
    is_temporary,
    temporary_name,
)

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# without O_NONBLOCK the opening of a pipe would wait for its other end
_SAFE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LARGEST_DOCUMENT = 1 << 28
_LINKS = {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}


class RunDirectory:
    """The files of one run folder, by names relative to it.

    Parameters
    ----------
    path : Path
        The folder; it must stay the same folder as long as this object is used.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path = path
        self._identity: tuple[int, int] | None = None

    def require_unmoved(self) -> None:
        """Raise StorageFailedError if the folder is gone, or another one has its name."""
        os.close(self._open_folder())

    def exists(self, name: str) -> bool:
        """Return whether there is something under a name, whatever it is."""
        return self.size(name) is not None

    def size(self, name: str) -> int | None:
        """Return the bytes under a name, None if there is nothing."""
        try:
            with self.parent(name) as (folder, last):
                return os.stat(last, dir_fd=folder, follow_symlinks=False).st_size
        except FileNotFoundError:
            return None

    def modified_at(self, name: str) -> float:
        """Return when a file was last written, in seconds since 1970."""
        with self.parent(name) as (folder, last):
            return os.stat(last, dir_fd=folder, follow_symlinks=False).st_mtime

    def change_of(self, name: str) -> tuple[int, int]:
        """Return a value that changes with the bytes of a file; zeros where it cannot be told."""
        try:
            with self.parent(name) as (folder, last):
                facts = os.stat(last, dir_fd=folder, follow_symlinks=False)
        except (OSError, DamagedRunError, NotARunError, StorageFailedError):
            return 0, 0
        return facts.st_mtime_ns, facts.st_size

    def open_to_read(self, name: str) -> BufferedReader:
        """Open a file; FileNotFoundError if it is missing."""
        with self.parent(name) as (folder, last):
            descriptor = os.open(last, os.O_RDONLY | _SAFE, dir_fd=folder)
            self._require_file(descriptor, name)
        return open(descriptor, "rb")  # noqa: PTH123 - a descriptor

    def read(self, name: str, limit: int = _LARGEST_DOCUMENT) -> bytes:
        """Return the bytes of a file; one longer than `limit` is damaged."""
        with self.open_to_read(name) as file:
            # room for what is there: a request for more is room in memory all the same
            data = file.read(min(limit, os.fstat(file.fileno()).st_size) + 1)
        if len(data) > limit:
            raise DamagedRunError(
                f"{self.path / name} must have at most {limit:,} bytes, got more:"
                f" {way_without(self.path / name)}"
            )
        return data

    def read_json(self, name: str) -> dict[str, object]:
        """Return the JSON object in a file; an error names the file."""
        path = self.path / name
        try:
            document: object = json.loads(self.read(name))
        except FileNotFoundError:
            raise missing_file(path) from None
        except (ValueError, RecursionError) as error:
            raise DamagedRunError(f"{path} is not JSON ({error}): {way_without(path)}") from error
        if not isinstance(document, dict):
            raise DamagedRunError(
                f"{path} must hold a JSON object, got {type(document).__name__}:"
                f" {way_without(path)}"
            )
        return document  # pyright: ignore[reportUnknownVariableType]

    def open_to_append(self, name: str) -> FileIO:
        """Open a file for reading and for writing at its end; it is made if it is missing."""
        descriptor = self._open_to_append(name)
        if os.fstat(descriptor).st_nlink > 1:
            os.close(descriptor)
            self._separate(name)
            descriptor = self._open_to_append(name)
        return FileIO(descriptor, "a+b")

    def create(self, name: str, data: bytes = b"") -> None:
        """Make a file that must not exist yet."""
        with self.parent(name) as (folder, last):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE
            descriptor = os.open(last, flags, 0o666, dir_fd=folder)
            with FileIO(descriptor, "w") as file:
                write_all(file.fileno(), data)

    @contextmanager
    def replacement(self, name: str, *, durable: bool = False) -> Generator[BufferedRandom]:
        """Yield a new file to write, which then takes the place of `name` in one step.

        Parameters
        ----------
        name : str
        durable : bool
            Whether it must survive power loss.
        """
        with self.parent(name) as (folder, last):
            temporary = temporary_name(last)
            # what a kill left under this name may be a link
            with suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=folder)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE
            descriptor = os.open(temporary, flags, 0o666, dir_fd=folder)
            try:
                with open(descriptor, "w+b") as file:  # noqa: PTH123 - a descriptor
                    yield file
                    file.flush()
                    if durable:
                        os.fsync(file.fileno())
                os.replace(temporary, last, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                # on a full disk the half of a file would take the last of the space
                with suppress(OSError):
                    os.unlink(temporary, dir_fd=folder)
                raise
            if durable:
                _sync_names(folder)

    def replace(self, name: str, data: bytes, *, durable: bool = False) -> None:
        """Put `data` under `name` in one step; `durable` survives power loss too."""
        with self.replacement(name, durable=durable) as file:
            write_all(file.fileno(), data)

    def delete(self, name: str) -> None:
        """Delete a file; a missing one is no error."""
        with suppress(FileNotFoundError), self.parent(name) as (folder, last):
            os.unlink(last, dir_fd=folder)

    def make_folder(self, name: str) -> None:
        """Make one of the folders of a run, and those it is in, where they are missing."""
        parts = name.split("/")
        for count in range(1, len(parts) + 1):
            above = "/".join(parts[: count - 1])
            with self._folder(above) as parent, suppress(FileExistsError):
                os.mkdir(parts[count - 1], dir_fd=parent)
            # refuses a link, or a file, in the folder's place
            with self._folder("/".join(parts[:count])):
                pass

    def names(self, folder: str = "") -> list[str]:
        """Return what is in a folder of the run, relative to the run; a missing one is empty."""
        try:
            with self._folder(folder) as descriptor:
                return [f"{folder}/{name}".lstrip("/") for name in os.listdir(descriptor)]
        except FileNotFoundError:
            return []

    def foreign_names(self) -> list[str]:
        """Return what in the folder is not the run's, sorted."""
        found: list[str] = []
        for folder in ("", *(each for each in FOLDERS if self._is_folder(each))):
            for name in self.names(folder):
                own_folder = name in FOLDERS and self._is_folder(name)
                if not (own_folder or is_own_name(name) or is_temporary(name)):
                    found.append(name)
        return sorted(found)

    def delete_all(self) -> list[str]:
        """Delete what is the run's, and the folder if nothing else is in it; return what is left.

        A link is deleted, not what it points to. experiment.toml goes first: without it the
        folder is no run.
        """
        folders = ["", *(each for each in FOLDERS if self._is_folder(each))]
        names = [name for folder in folders for name in self.names(folder)]
        for name in sorted(names, key=lambda name: (name != EXPERIMENT, name)):
            if is_own_name(name) or is_temporary(name):
                with suppress(IsADirectoryError, PermissionError):
                    self.delete(name)
        for folder in reversed(folders[1:]):
            parent, _, last = folder.rpartition("/")
            with suppress(OSError), self._folder(parent) as descriptor:
                os.rmdir(last, dir_fd=descriptor)
        with suppress(OSError):
            self.path.rmdir()
            return []
        return sorted(self.names())

    def link_from(self, source: "RunDirectory", source_name: str, name: str) -> None:
        """Give a file of another run a name in this one too, or copy it where that cannot be.

        Only for files that are never written again once they have their name.
        """
        with source.open_to_read(source_name) as original:
            try:
                with source.parent(source_name) as (there, old), self.parent(name) as (here, new):
                    os.link(old, new, src_dir_fd=there, dst_dir_fd=here, follow_symlinks=False)
            except OSError:
                with self.replacement(name) as copy:
                    shutil.copyfileobj(original, copy)

    def sync(self, name: str) -> None:
        """Make the bytes of a file survive power loss; a missing one is no error."""
        with suppress(FileNotFoundError), self.open_to_read(name) as file:
            os.fsync(file.fileno())

    def sync_folder(self, folder: str = "") -> None:
        """Make the names in a folder survive power loss, where its file system can."""
        with suppress(FileNotFoundError), self._folder(folder) as descriptor:
            _sync_names(descriptor)

    def _is_folder(self, name: str) -> bool:
        try:
            with self._folder(name):
                return True
        except (FileNotFoundError, DamagedRunError):
            return False

    def _separate(self, name: str) -> None:
        """Give a file bytes of its own: another name that shares them must not change."""
        with self.open_to_read(name) as original, self.replacement(name) as copy:
            shutil.copyfileobj(original, copy)

    def _open_to_append(self, name: str) -> int:
        with self.parent(name) as (folder, last):
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _SAFE
            descriptor = os.open(last, flags, 0o666, dir_fd=folder)
            self._require_file(descriptor, name)
            return descriptor

    @contextmanager
    def parent(self, name: str) -> Generator[tuple[int, str]]:
        """Yield the descriptor of the folder in which `name` is, and the last part of the name.

        A name that is not the run's is refused; errors of the system get the whole name.
        """
        if not (is_own_name(name) or is_temporary(name)):
            raise DamagedRunError(
                f"{self.path} names {name!r}, which is no file of a run; nothing was done with it:"
                " get the run again from where it came"
            )
        folder, _, last = name.rpartition("/")
        try:
            with self._folder(folder) as descriptor:
                yield descriptor, last
        except OSError as error:
            if error.errno in _LINKS:
                raise self._refusal(name, "a link") from None
            if error.errno is not None:
                error.filename, error.filename2 = str(self.path / name), None
            raise

    @contextmanager
    def _folder(self, name: str) -> Generator[int]:
        with ExitStack() as opened:
            descriptor = self._open_folder()
            opened.callback(os.close, descriptor)
            for part in name.split("/") if name else ():
                try:
                    descriptor = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
                except OSError as error:
                    if error.errno in _LINKS:
                        raise self._refusal(name, "a link or a file") from None
                    error.filename = str(self.path / name)
                    raise
                opened.callback(os.close, descriptor)
            yield descriptor

    def _open_folder(self) -> int:
        try:
            descriptor = os.open(self.path, _FOLDER)
        except NotADirectoryError:
            raise NotARunError(f"{self.path} is not a run: it is a file") from None
        facts = os.fstat(descriptor)
        identity = (facts.st_dev, facts.st_ino)
        if self._identity not in (None, identity):
            os.close(descriptor)
            raise StorageFailedError(
                f"{self.path} is no longer the folder that it was: it was moved or deleted"
                " meanwhile, and another took its name"
            )
        self._identity = identity
        return descriptor

    def _require_file(self, descriptor: int, name: str) -> None:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            os.close(descriptor)
            raise self._refusal(name, "a folder" if stat.S_ISDIR(mode) else "a pipe or a device")

    def _refusal(self, name: str, what: str) -> DamagedRunError:
        return DamagedRunError(
            f"{self.path / name} is {what} where a run has {_kind(name)}; it was not followed:"
            " delete it, or get the run again from where it came"
        )


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; a nearly full disk takes only a part at the first call."""
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, data[written:])


def read_pieces(file: BufferedReader, size: int, piece: int = 1 << 20) -> Iterator[bytes]:
    """Yield the next `size` bytes of a file in pieces; fewer where it ends before."""
    while size and (data := file.read(min(size, piece))):
        yield data
        size -= len(data)


def _sync_names(descriptor: int) -> None:
    # some network file systems refuse; the files themselves are synced all the same
    with suppress(OSError):
        os.fsync(descriptor)


def _kind(name: str) -> str:
    return "a folder" if name in FOLDERS else "a file"
