"""A run folder from a stranger: nothing outside it is read, written, linked or deleted."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.catalogue import delete
from collapse_tui.storage.errors import DamagedRunError, StorageError, StorageFailedError
from collapse_tui.storage.export import export
from collapse_tui.storage.file_names import is_own_name
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.saved import SavedRun

FILES = (
    "experiment.toml",
    "provenance.json",
    "metrics.jsonl",
    "timing.jsonl",
    "status.json",
    "lock",
    ".status.json.tmp",
    ".experiment.toml.tmp",
    "metrics/w1.f64",
    "views/arrays.bin",
    "views/index.jsonl",
    "state/9.json",
    "state/9.npz",
    "state/.10.json.tmp",
    "state/.10.npz.tmp",
    "state/partial.json",
    "state/once/real.npz",
)
FOLDERS = ("metrics", "views", "state", "state/once", "state/weights")
pytestmark = pytest.mark.parametrize("replicates", [150])
CANARY = "the user's own words"


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder beside the run that no command may touch."""
    folder = tmp_path / "outside"
    (folder / "deep").mkdir(parents=True)
    for name in ("thesis.tex", "deep/9.npz", "deep/arrays.bin", "deep/9.json"):
        (folder / name).write_text(CANARY)
    before = fingerprint(folder)
    yield folder
    assert fingerprint(folder) == before


def fingerprint(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Return what of a folder would show that it was touched: bytes, links, time of change."""
    found: dict[str, tuple[str, int, int]] = {}
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        digest = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[path.name] = (digest, facts.st_nlink, facts.st_mtime_ns)
    return found


def use(path: Path, record: Callable[..., Generation], replicates: int) -> None:
    """Do with a run whatever can be done with it; what is refused is refused in a sentence."""
    other = path.parent.parent / "fork"
    with suppress(StorageError, UnicodeDecodeError):
        run = SavedRun.open(path)
        for read in (
            lambda: run.status,
            lambda: run.experiment_text,
            lambda: run.provenance,
            lambda: list(run.records()),
            lambda: list(run.timings()),
            lambda: run.values("w1"),
            lambda: run.view(9),
            lambda: run.checkpoints.load(9),
            lambda: export(run, path.parent.parent / "table.csv", force=True),
        ):
            with suppress(StorageError):
                read()
        with (
            suppress(StorageError),
            RunFolder.fork(run, other, generation=9, experiment="", provenance={}) as fork,
        ):
            write(fork, record, replicates)
    with suppress(StorageError), RunFolder.open(path) as folder:
        write(folder, record, replicates)
    with suppress(StorageError):
        delete(path)


def write(folder: RunFolder, record: Callable[..., Generation], replicates: int) -> None:
    """Write in a run everything that can be written."""
    steps: tuple[Callable[[], Any], ...] = (
        lambda: folder.append(record(folder.last + 1, replicates), seconds=None),
        lambda: folder.save_checkpoint(folder.last, {"a": record(0, 3).metrics["w1"]}),
        lambda: folder.save_partial(folder.last + 1, {"a": record(0, 3).metrics["w1"]}),
        lambda: folder.replace_experiment("format = 1\n"),
        lambda: folder.set_status("paused"),
        lambda: folder.update_provenance(ended="now"),
        lambda: folder.truncate(0),
        lambda: folder.truncate(-1),
    )
    for step in steps:
        with suppress(StorageError):
            step()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["symlink", "hard link", "broken link", "pipe", "folder"])
def test_odd_files(
    run_path: Path,
    outside: Path,
    record: Callable[..., Generation],
    replicates: int,
    name: str,
    kind: str,
) -> None:
    path = run_path / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if kind == "symlink":
        path.symlink_to(outside / "thesis.tex")
    elif kind == "broken link":
        path.symlink_to(outside / "new.tex")
    elif kind == "hard link":
        # the link itself counts, so that its target is one beside the canaries
        (run_path.parent / "linked").write_text(CANARY)
        path.hardlink_to(run_path.parent / "linked")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    use(run_path, record, replicates)
    if kind == "hard link":
        assert (run_path.parent / "linked").read_text() == CANARY


@pytest.mark.parametrize("name", FOLDERS)
def test_linked_folders(
    run_path: Path, outside: Path, record: Callable[..., Generation], replicates: int, name: str
) -> None:
    shutil.rmtree(run_path / name, ignore_errors=True)
    (run_path / name).symlink_to(outside / "deep", target_is_directory=True)
    use(run_path, record, replicates)


@pytest.mark.parametrize("name", ["ABSOLUTE", "../../outside/thesis.tex", "once/../9.npz", "9", ""])
@pytest.mark.parametrize("manifest", ["9.json", "partial.json"])
def test_manifests_that_name_other_files(
    run_path: Path,
    outside: Path,
    record: Callable[..., Generation],
    replicates: int,
    name: str,
    manifest: str,
) -> None:
    name = str(outside / "thesis.tex") if name == "ABSOLUTE" else name
    data = CANARY.encode()
    entry = {
        "file": name,
        "bytes": len(data),
        "sha256": sha256(data).hexdigest(),
        "arrays": ["mean"],
    }
    document = {"generation": 9, "durable": True, "files": [entry]}
    (run_path / "state" / manifest).write_text(json.dumps(document))
    if manifest == "9.json":
        with pytest.raises(StorageError, match="no file of a state; it was not touched"):
            SavedRun.open(run_path).checkpoints.load(9)
    use(run_path, record, replicates)


def test_links_are_named(run_path: Path, outside: Path) -> None:
    (run_path / "status.json").unlink()
    (run_path / "status.json").symlink_to(outside / "thesis.tex")
    with pytest.raises(DamagedRunError, match=r"ten/status\.json is a link where a run has a file"):
        RunDirectory(run_path).read("status.json")


def test_only_names_of_the_table_are_opened(run_path: Path) -> None:
    directory = RunDirectory(run_path)
    for name in (
        "../outside/thesis.tex",
        "/etc/passwd",
        "notes.txt",
        "state/x.npz",
        "views/../lock",
    ):
        assert not is_own_name(name)
        with pytest.raises(DamagedRunError, match="no file of a run"):
            directory.read(name)


def test_what_is_not_the_runs_stays(run_path: Path) -> None:
    nested = run_path / "nested"
    shutil.copytree(run_path, nested)
    (run_path / "notes.txt").write_text(CANARY)
    assert delete(run_path) == ["nested", "notes.txt"]
    assert sorted(path.name for path in run_path.iterdir()) == ["nested", "notes.txt"]
    assert SavedRun.open(nested).last == 9


def test_another_folder_under_the_same_name(run_path: Path) -> None:
    with RunFolder.open(run_path) as folder:
        run_path.rename(run_path.with_name("moved"))
        shutil.copytree(run_path.with_name("moved"), run_path)
        before = (run_path / "status.json").read_bytes()
        with pytest.raises(StorageFailedError, match="another took its name"):
            folder.set_status("paused")
        assert (run_path / "status.json").read_bytes() == before


def test_archives_shared_with_a_fork_are_not_changed(
    tmp_path: Path, run_path: Path, record: Callable[..., Generation]
) -> None:
    run = SavedRun.open(run_path)
    with RunFolder.fork(run, tmp_path / "fork", generation=9, experiment="", provenance={}) as fork:
        assert (run_path / "state" / "9.npz").stat().st_nlink == 2
        before = (run_path / "state" / "9.npz").read_bytes()
        fork.save_checkpoint(9, {"a": record(0, 3).metrics["w1"]})
        fork.truncate(-1)
        assert (run_path / "state" / "9.npz").read_bytes() == before
