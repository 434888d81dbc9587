"""Checkpoints are complete or absent, bounded in number, and never trusted unchecked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.errors import DamagedCheckpointError, MissingRecordError
from collapse_tui.storage.folder import RunFolder

State = Callable[[int], dict[str, Any]]


def fill(folder: RunFolder, record: Callable[..., Generation], count: int) -> None:
    for number in range(count):
        folder.append(record(number, 3), seconds=None)


def test_reads_back(run_path: Path, state: State) -> None:
    with RunFolder.open(run_path) as folder:
        for generation in (2, 5, 9):
            loaded, expected = folder.checkpoints.load(generation), state(generation)
            assert loaded.keys() == expected.keys()
            for name, array in expected.items():
                assert np.array_equal(loaded[name], array)
                assert loaded[name].dtype == array.dtype
        with pytest.raises(MissingRecordError, match=r"generation 3 \(there are: 2, 5, 9\)"):
            folder.checkpoints.load(3)


def test_prunes_to_the_newest_and_the_first(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation], state: State
) -> None:
    with new(tmp_path / "run", 3, keep=2) as folder:
        fill(folder, record, 40)
        for generation in range(0, 40, 6):
            folder.save_checkpoint(generation, state(generation))
        assert folder.checkpoints.generations() == [0, 30, 36]
        once = sorted(path.name for path in (folder.path / "state" / "once").iterdir())
        assert once == ["data%2F0.npz", "data%2F3.npz", "real.npz"]
        assert len(list((folder.path / "state").glob("*.npz"))) == 3


def test_once_is_written_once(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    path = tmp_path / "run" / "state" / "once" / "real.npz"
    with new(tmp_path / "run", 3) as folder:
        fill(folder, record, 3)
        folder.save_checkpoint(0, {"once/real": np.ones(3)})
        written = path.stat()
        folder.save_checkpoint(1, {"once/real": np.ones(3)})
    with RunFolder.open(tmp_path / "run") as folder:
        folder.save_checkpoint(2, {"once/real": np.ones(3)})
        assert path.stat().st_ino == written.st_ino
        assert list(folder.checkpoints.load(2)) == ["once/real"]
        folder.truncate(-1)
        assert not path.exists()


def test_one_generation_twice(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    with new(tmp_path / "run", 3) as folder:
        fill(folder, record, 1)
        for number in range(3):
            folder.save_checkpoint(0, {"batch": np.array(number)})
            assert folder.checkpoints.load(0)["batch"] == number
        assert len(list((folder.path / "state").glob("*.npz"))) == 1


def test_newest_durable_one_is_kept(
    tmp_path: Path,
    new: Callable[..., RunFolder],
    record: Callable[..., Generation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with new(tmp_path / "run", 3, keep=2) as folder:
        fill(folder, record, 9)
        for generation in range(9):
            with monkeypatch.context() as patched:
                if generation == 4:
                    patched.setattr("collapse_tui.storage.files.SYNC_INTERVAL", 0.0)
                folder.save_checkpoint(generation, {})
        assert folder.checkpoints.generations() == [0, 4, 7, 8]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


@pytest.mark.parametrize(
    ("damage", "said"),
    [(flip, "fails its checksum"), (shorten, "bytes instead of"), (Path.unlink, "is missing")],
)
@pytest.mark.parametrize("name", ["9.npz", "once/data%2F0.npz"])
def test_damage_is_named(
    run_path: Path, damage: Callable[[Path], None], said: str, name: str
) -> None:
    damage(run_path / "state" / name)
    with RunFolder.open(run_path) as folder, pytest.raises(DamagedCheckpointError) as caught:
        folder.checkpoints.load(9)
    message = str(caught.value)
    assert f"state/{name} {said}" in message or f"state/{name} has" in message
    start = "the checkpoint of generation 5" if name == "9.npz" else "no older checkpoint"
    assert f"{start} is intact" in message
    assert f"`collapse-tui resume {run_path} --from 9`" in message
    assert caught.value.exit_code == 2


def test_garbled_manifest_is_named(run_path: Path) -> None:
    manifest = run_path / "state" / "9.json"
    manifest.write_text("{}")
    with RunFolder.open(run_path) as folder:
        assert folder.checkpoints.generations() == [2, 5, 9]
        with pytest.raises(DamagedCheckpointError, match=r"9\.json: files must .*--from 9"):
            folder.checkpoints.load(9)
    manifest.write_text(json.dumps({"files": [{"file": "9.npz"}]}))
    with RunFolder.open(run_path) as folder, pytest.raises(DamagedCheckpointError):
        folder.checkpoints.load(9)


def test_nothing_is_pickled(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    with new(tmp_path / "run", 3) as folder:
        fill(folder, record, 1)
        with pytest.raises(ValueError, match="allow_pickle"):
            folder.save_checkpoint(0, {"bad": np.array([{}], dtype=object)})
        assert folder.checkpoints.generations() == []


def test_leftovers_of_a_kill_go(run_path: Path) -> None:
    state = run_path / "state"
    leftovers = [state / ".9.json.tmp", state / "7.npz", state / "once" / "gone.npz"]
    for path in leftovers:
        path.write_bytes(b"half")
    with RunFolder.open(run_path) as folder:
        assert not any(path.exists() for path in leftovers)
        assert folder.checkpoints.load(9)


def test_state_beyond_the_last_record_goes(run_path: Path) -> None:
    lines = (run_path / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    (run_path / "metrics.jsonl").write_bytes(b"".join(lines[:7]))
    with RunFolder.open(run_path) as folder:
        assert (folder.last, folder.checkpoints.generations()) == (6, [2, 5])


def test_before_the_first_record(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    with new(tmp_path / "run", 3) as folder:
        folder.save_checkpoint(-1, {"file": np.arange(3)})
    with RunFolder.open(tmp_path / "run") as folder:
        assert np.array_equal(folder.checkpoints.load(-1)["file"], np.arange(3))


def test_keep_must_be_positive(run_path: Path) -> None:
    with pytest.raises(ValueError, match=r"state\.keep must be at least 1, got 0"):
        RunFolder.open(run_path, keep=0)
    RunFolder.open(run_path).close()
