"""States to resume from: each complete or absent, verified by sha256 when loaded.

``state/<generation>.json`` is renamed last and lists the files of its checkpoint; a file
that no manifest lists is a leftover of a kill. Arrays named ``once/…`` never change, so
they have a file each, shared by all checkpoints that name them; so have networks, whose
tensors are named ``weights/<network>/<tensor>``. Those of a generation, ``once/<series>/<six
digits>``, are appended to one file a series. ``partial.json`` is the same for a step in
flight.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from numpy.typing import NDArray

from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.array_log import ArrayLog, Reach, group_series, read_series
from collapse_tui.storage.checkpoint_file import (
    FileEntry,
    holds_own_checksums,
    read_archive,
    require_archive_name,
    write_archive,
)
from collapse_tui.storage.checksums import Identity
from collapse_tui.storage.errors import DamagedCheckpointError, DamagedRunError, MissingRecordError
from collapse_tui.storage.file_names import (
    ARCHIVE,
    ONCE,
    PARTIAL,
    RECORDS,
    SAFETENSORS,
    STATE,
    WEIGHTS,
    is_temporary,
)
from collapse_tui.storage.files import dump_json
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.run_directory import RunDirectory

FIXED = (ONCE, WEIGHTS)
"""Prefixes of the names of arrays that never change."""
Manifest = dict[str, Any]

_NOBODY = Identity()
_INDEX = re.compile(rf"{STATE}/once/([a-z]+)\.jsonl")
_MANIFEST = re.compile(rf"{STATE}/(-?(?:0|[1-9]\d{{0,19}}))\.json")


class Checkpoints:
    """The checkpoints of one run.

    Parameters
    ----------
    directory : RunDirectory
        Their folder ``state`` is made by the first `save`.
    keep : int
        How many of the newest stay, beside the first one and the newest that was fsynced.
    identity : Identity
        What the checkpoints must belong to; an empty one allows all.
    """

    def __init__(
        self, directory: RunDirectory, keep: int = 3, identity: Identity = _NOBODY
    ) -> None:
        if keep < 1:
            raise ValueError(f"state.keep must be at least 1, got {keep}")
        self._directory: RunDirectory = directory
        self._keep: int = keep
        self._identity: Identity = identity
        self._experiment = ""
        self._logs: dict[str, ArrayLog] = {}
        self._manifests: dict[int, Manifest] = {}
        self._unsynced: list[str] = []
        self._partial: Manifest | None = self._partial_manifest()
        for generation in self.generations():
            with suppress(DamagedRunError):
                self._manifests[generation] = self.manifest(generation)

    def set_experiment(self, digest: str) -> None:
        """Say with which experiment.toml the next checkpoints are computed: its sha256."""
        self._experiment = digest
        experiments = self._identity.experiments | {digest}
        self._identity = self._identity._replace(experiments=experiments)

    def generations(self) -> list[int]:
        """Return the generations of which there is a checkpoint, ascending."""
        found = map(_MANIFEST.fullmatch, self._directory.names(STATE))
        return sorted(int(name[1]) for name in found if name)

    def save(self, generation: int, arrays: Mapping[str, NDArray[Any]], *, durable: bool) -> None:
        """Store the state after `generation`; prune what `keep` does not cover.

        Parameters
        ----------
        generation : int
        arrays : dict of str to ndarray
            Names are '/'-separated; those that begin with ``once/`` are written only if
            no checkpoint names them yet.
        durable : bool
            Whether to fsync, so that it survives power loss.
        """
        manifest = {"generation": generation, "durable": durable}
        manifest |= self._store(self._free_name(generation), arrays) | self._marks()
        if durable:
            self._sync()
        self._directory.replace(_manifest_name(generation), dump_json(manifest), durable=durable)
        replaced, self._manifests[generation] = self._manifests.get(generation), manifest
        self._drop(replaced)
        self._prune()

    def save_partial(self, generation: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Store what is finished of the step to `generation`; it replaces what was stored."""
        last = self._partial["files"][0]["file"] if self._partial else ""
        name = "partial-b.npz" if last == "partial-a.npz" else "partial-a.npz"
        stored = self._store(name, arrays)
        manifest: Manifest = {"generation": generation} | stored | self._marks()
        self._directory.replace(f"{STATE}/{PARTIAL}", dump_json(manifest))
        replaced, self._partial = self._partial, manifest
        self._drop(replaced)

    def load_partial(self, generation: int) -> dict[str, NDArray[Any]] | None:
        """Return what is finished of a step; None where nothing is, or it is damaged."""
        if self._partial is None or self.partial_generation != generation:
            return None
        with suppress(DamagedRunError):
            return self._read_files(self._partial, PARTIAL)
        return None

    @property
    def partial_generation(self) -> int:
        """Generation of the step in flight that is stored, -1 without one."""
        return int(self._partial["generation"]) if self._partial else -1

    def delete_partial(self) -> None:
        """Delete the stored part of the step in flight."""
        self._directory.delete(f"{STATE}/{PARTIAL}")
        dropped, self._partial = self._partial, None
        self._drop(dropped)

    def load(self, generation: int) -> dict[str, NDArray[Any]]:
        """Return the arrays of a checkpoint after verifying every checksum."""
        existing = self.generations()
        if generation not in existing:
            known = ", ".join(map(str, existing)) or "none"
            raise MissingRecordError(
                f"{self._directory.path} has no checkpoint of generation {generation} "
                f"(there are: {known})"
            )
        try:
            return self._read(generation)
        except DamagedRunError as error:
            message = self._damage_message(generation, str(error))
            raise DamagedCheckpointError(message) from error

    def delete_damaged(self) -> None:
        """Delete the checkpoints that cannot be read: an older one, or a replay, serves.

        Of a series, what comes after its first damage is deleted too.
        """
        for generation in self.generations():
            try:
                self._read(generation)
            except DamagedRunError:
                self._remove([generation])
        for series in self.series():
            self._log(series).cut_damaged()

    def discard_after(self, generation: int) -> None:
        """Remove later checkpoints, and the part of a step that is no longer in flight."""
        newest = max((other for other in self.generations() if other <= generation), default=-1)
        if self._partial and not newest < self.partial_generation <= generation + 1:
            self.delete_partial()
        self._remove([other for other in self.generations() if other > generation])
        for series in self.series():
            self._log(series).cut(generation)

    def delete_leftovers(self) -> None:
        """Remove temporary files and archives that no manifest lists: a kill left them."""
        if set(self.generations()) != self._manifests.keys():
            return  # with a garbled manifest, its files cannot be told from leftovers
        listed = {f"{STATE}/{name}" for name in self._listed()}
        folders = [STATE, *(f"{STATE}/{fixed}".rstrip("/") for fixed in FIXED)]
        for name in [name for folder in folders for name in self._directory.names(folder)]:
            is_archive = ARCHIVE.fullmatch(name.removeprefix(f"{STATE}/"))
            if is_temporary(name) or (is_archive and name not in listed):
                self._directory.delete(name)

    def _store(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> Manifest:
        """Write what is not stored yet; return where all of it is."""
        for fixed in FIXED:
            self._directory.make_folder(f"{STATE}/{fixed}".rstrip("/"))
        changing = {key: array for key, array in arrays.items() if not key.startswith(FIXED)}
        files = [self._write(name, changing)]
        logs, logged = self._store_series(arrays)
        known = self._known_fixed()
        groups: dict[str, dict[str, NDArray[Any]]] = {}
        for key in arrays.keys() - changing.keys() - logged:
            groups.setdefault(_fixed_file(key), {})[key] = arrays[key]
        files += [known.get(file) or self._write(file, groups[file]) for file in sorted(groups)]
        return {"files": files, "logs": logs} if logs else {"files": files}

    def _store_series(
        self, arrays: Mapping[str, NDArray[Any]]
    ) -> tuple[dict[str, Reach], set[str]]:
        """Append what is new of each series; return how far they reach, and the names in them."""
        logs, names = dict[str, Reach](), set[str]()
        for series, generations in group_series(arrays).items():
            log = self._log(series)
            reach = log.extend(generations)
            if reach is None:
                continue  # the log holds more than this state has: it gets files of its own
            logs[series] = reach
            self._unsynced += log.files
            for generation, named in generations.items():
                names.update(f"{ONCE}{series}/{generation:06d}{rest}" for rest in named)
        return logs, names

    def _log(self, series: str) -> ArrayLog:
        if series not in self._logs:
            self._logs[series] = ArrayLog(self._directory, series)
        return self._logs[series]

    def series(self) -> list[str]:
        """Return the names of what is stored generation by generation."""
        found = map(_INDEX.fullmatch, self._directory.names(f"{STATE}/once"))
        return [name[1] for name in found if name]

    def _write(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> FileEntry:
        self._unsynced.append(f"{STATE}/{name}")
        return write_archive(self._directory, name, arrays)

    def _sync(self) -> None:
        for name in self._unsynced:  # it may have been pruned since
            self._directory.sync(name)
        self._unsynced.clear()
        for name in FIXED:
            self._directory.sync_folder(f"{STATE}/{name}".rstrip("/"))

    def _free_name(self, generation: int) -> str:
        # a second checkpoint of one generation must not touch the file of the first
        old = self._manifests.get(generation)
        plain = f"{generation}.npz"
        return f"{generation}.again.npz" if old and old["files"][0]["file"] == plain else plain

    def _known_fixed(self) -> dict[str, FileEntry]:
        return {file["file"]: file for manifest in self._all() for file in manifest["files"][1:]}

    def _all(self) -> list[Manifest]:
        return [*self._manifests.values(), *([self._partial] if self._partial else [])]

    def _prune(self) -> None:
        generations = sorted(self._manifests)
        durable = [other for other in generations if self._manifests[other]["durable"]]
        kept = {*generations[-self._keep :], generations[0], *durable[-1:]}
        self._remove([other for other in generations if other not in kept])

    def _remove(self, generations: Iterable[int]) -> None:
        dropped: list[Manifest] = []
        for generation in generations:
            # the manifest first: a kill in between leaves files that `delete_leftovers` removes
            self._directory.delete(_manifest_name(generation))
            dropped.append(self._manifests.pop(generation, {"files": []}))
        self._drop(*dropped)

    def _drop(self, *manifests: Manifest | None) -> None:
        """Delete the files of manifests that no other manifest lists."""
        files = {file["file"] for manifest in manifests if manifest for file in manifest["files"]}
        for name in files - self._listed() if files else ():
            self._directory.delete(f"{STATE}/{name}")

    def _listed(self) -> set[str]:
        return {file["file"] for manifest in self._all() for file in manifest["files"]}

    def manifest(self, generation: int) -> Manifest:
        """Return what describes a checkpoint; DamagedRunError where it is garbled or foreign."""
        name = _manifest_name(generation)
        return self._check_manifest(self._directory.read_json(name), name)

    def _check_manifest(self, manifest: Manifest, name: str) -> Manifest:
        """Return a manifest all of whose files have names of archives."""
        path, files = self._directory.path / name, manifest.get("files")
        if not isinstance(files, list) or not files:
            raise DamagedRunError(f"{path}: files must be a list of archives, got {files!s:.200}")
        for entry in files:  # pyright: ignore[reportUnknownVariableType]
            if not isinstance(entry, dict):
                raise DamagedRunError(f"{path}: each of files must be a table")
            require_archive_name(self._directory, entry.get("file"))  # pyright: ignore[reportUnknownMemberType,reportUnknownArgumentType]
        manifest.setdefault("durable", False)
        self._require_identity(manifest, name)
        return manifest

    def _require_identity(self, manifest: Manifest, name: str) -> None:
        run, experiments, adopted = (
            self._identity.run,
            self._identity.experiments,
            self._identity.adopted,
        )
        if not run:
            return
        # what an earlier version stored bears no name
        if "run" not in manifest and _generation_of(manifest) <= adopted:
            return
        if manifest.get("run") != run:
            raise DamagedRunError(f"{self._directory.path / name} is of another run")
        if manifest.get("experiment") not in (None, *experiments):
            raise DamagedRunError(f"{self._directory.path / name} is of another experiment.toml")

    def _marks(self) -> Manifest:
        """Return what a manifest says of where it belongs."""
        run = self._identity.run
        return {"run": run, "experiment": self._experiment} if run else {}

    def _partial_manifest(self) -> Manifest | None:
        name = f"{STATE}/{PARTIAL}"
        try:
            manifest = self._check_manifest(self._directory.read_json(name), name)
        except DamagedRunError:
            return None  # absent or garbled: the step starts from its beginning
        return manifest if isinstance(manifest.get("generation"), int) else None

    def _read(self, generation: int) -> dict[str, NDArray[Any]]:
        return self._read_files(self.manifest(generation), f"{generation}.json")

    def _read_files(self, manifest: Manifest, name: str) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {}
        try:
            for entry in manifest["files"]:
                arrays |= self._read_archive(entry, name)
            for series, reach in manifest.get("logs", {}).items():
                arrays |= read_series(self._directory, str(series), Reach(*reach))
        except (KeyError, TypeError, AttributeError):
            raise DamagedRunError(f"{self._directory.path / STATE / name} is garbled") from None
        return arrays

    def _read_archive(self, entry: FileEntry, name: str) -> dict[str, NDArray[Any]]:
        try:
            return read_archive(self._directory, entry)
        except DamagedRunError:
            if not holds_own_checksums(self._directory, entry["file"]):
                raise
            place = self._directory.path / STATE
            raise DamagedRunError(
                f"{place / name} was changed: it does not describe {place / entry['file']}, of"
                " which the checksums within hold"
            ) from None

    def _damage_message(self, generation: int, fault: str) -> str:
        way = "no older checkpoint is intact, a replay from generation 0"
        for older in reversed([other for other in self.generations() if other < generation]):
            with suppress(DamagedRunError):
                self._read(older)
                way = f"the checkpoint of generation {older} is intact, a replay from there"
                break
        run = to_shell_word(str(self._directory.path))
        last = max(0, LineFile(self._directory, RECORDS).last_generation())
        return (
            f"the checkpoint of generation {generation} is damaged: {fault}; {way} keeps every"
            f" record: `collapse-tui resume {run} --from {last}`"
        )


def _generation_of(manifest: Manifest) -> int:
    generation: object = manifest.get("generation")
    return generation if isinstance(generation, int) else sys.maxsize


def _manifest_name(generation: int) -> str:
    return f"{STATE}/{generation}.json"


def _fixed_file(name: str) -> str:
    if name.startswith(WEIGHTS):
        return name.rsplit("/", 1)[0] + SAFETENSORS
    escaped = name.removeprefix(ONCE).replace("%", "%25").replace("/", "%2F")
    return f"{ONCE}{escaped}.npz"
