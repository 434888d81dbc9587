"""One repository in the cache of Hugging Face: what is there of it, and whether it is whole.

The cache lists the files of a repository when a selection of them is fetched, and keeps each
file under a digest of its content. Both are read here without the library, which takes a
selection for an incomplete repository.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import file_digest, sha1
from pathlib import Path
from typing import Any

LISTING_FORMAT = 1
"""The form of a listing that is understood; with another one the names of the files must do."""
_SHARD = re.compile(r"(?<=-)\d{5}(?=-of-(\d{5})\.)")
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PART = 1 << 20

Choice = Callable[[Iterable[str]], list[str]]
"""From the names of a repository's files to those that are wanted."""


@dataclass(frozen=True, slots=True)
class CachedRepository:
    """The newest version of a repository in the cache.

    Attributes
    ----------
    folder : Path
    listing : mapping of str to int
        Name of each file of the repository → its bytes; empty where the cache has no listing.
    """

    folder: Path
    listing: Mapping[str, int] = field(default_factory=dict[str, int])

    def list_wanted(self, choice: Choice) -> list[str]:
        """Return the names of the files that should be there, by the listing or by their shards."""
        if self.listing:
            return choice(self.listing)
        paths = (path for path in self.folder.rglob("*") if path.exists() and not path.is_dir())
        found = choice(path.relative_to(self.folder).as_posix() for path in paths)
        return sorted({name for one in found for name in _all_shards(one)})

    def list_missing(self, names: Iterable[str]) -> list[str]:
        """Return which files are not there."""
        return [name for name in names if not (self.folder / name).is_file()]

    def describe_damage(self, name: str) -> str | None:
        """Return what is wrong with the content of a file, as a clause, or None."""
        path = self.folder / name
        facts, size = path.stat(), self.listing.get(name)
        if size is not None and facts.st_size != size:
            return f"it has {facts.st_size:,} of {size:,} bytes"
        if not _has_its_digest(path, facts.st_size, facts.st_mtime_ns):
            return "its content has changed since it was fetched"
        return None


def read_repository(root: Path) -> CachedRepository | None:
    """Return the newest version of a repository, or None where nothing of it is there.

    Parameters
    ----------
    root : Path
        The folder that the cache has for the repository.
    """
    try:
        commit = (root / "refs" / "main").read_text().strip()
        folder = root / "snapshots" / commit
        if not commit or not folder.is_dir():
            return None
    except (OSError, ValueError):
        return None
    return CachedRepository(folder, _read_listing(root / "trees" / f"{commit}.json"))


def delete_damaged(root: Path, names: Collection[str]) -> None:
    """Delete the damaged files of a repository, so that they are fetched again.

    Parameters
    ----------
    root : Path
        The folder that the cache has for the repository.
    names : collection of str
        The files that are looked at.
    """
    found = read_repository(root)
    if found is None:
        return
    there = set(names).difference(found.list_missing(names))
    damaged = [name for name in there if found.describe_damage(name) is not None]
    for name in damaged:
        path = found.folder / name
        stored = path.resolve()
        path.unlink()
        if stored.parent == (root / "blobs").resolve():
            stored.unlink(missing_ok=True)


def _read_listing(path: Path) -> dict[str, int]:
    """Return the listing that the cache keeps of a version; empty where there is none."""
    try:
        content: Any = json.loads(path.read_bytes())
        if content["format_version"] != LISTING_FORMAT:
            return {}
        return {str(name): int(entry["size"]) for name, entry in content["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _all_shards(name: str) -> list[str]:
    """Return the names of all shards of the file that a shard belongs to; else its own."""
    shard = _SHARD.search(name)
    if shard is None:
        return [name]
    # data sets count from 0, models from 1: the last one's number says which
    first = 0 if "/" in name or name.endswith(".parquet") else 1
    numbers = range(first, first + int(shard[1]))
    return [f"{name[: shard.start()]}{number:05}{name[shard.end() :]}" for number in numbers]


@lru_cache(maxsize=256)
def _has_its_digest(path: Path, size: int, changed: int) -> bool:
    """Return whether a file's content is that by which the cache calls it; others are believed.

    The digest is sha256 of a large file, Git's sha1 of a small one or, of some servers, plain sha1.
    """
    del changed  # part of the key: a file that has changed is read again
    name = path.resolve().name
    if not _DIGEST.fullmatch(name):
        return True
    with path.open("rb") as file:
        if len(name) == 64:
            return file_digest(file, "sha256").hexdigest() == name
        plain = sha1(usedforsecurity=False)
        git = sha1(b"blob %d\0" % size, usedforsecurity=False)
        while part := file.read(_PART):
            plain.update(part)
            git.update(part)
    return name in (plain.hexdigest(), git.hexdigest())
