"""What a state keeps of each generation is appended to one file, and read back whole."""

from pathlib import Path

import numpy as np
import pytest

from collapse_tui.storage.errors import DamagedCheckpointError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.inspection import inspect_run
from collapse_tui.storage.saved import SavedRun
from tests.collapse_tui.storage.conftest import make_folder, make_record


def past(last: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Return the state of a run that keeps all its models."""
    models = {f"once/past/{n:06d}/mean": np.full(3, float(n)) for n in range(1, last + 1)}
    data = {f"once/pool/{n:06d}": np.arange(n) for n in range(last + 1)}
    return {**models, **data, "model/mean": np.full(3, float(last))}


def same(folder: RunFolder, generation: int) -> bool:
    loaded, expected = folder.checkpoints.load(generation), past(generation)
    return loaded.keys() == expected.keys() and all(
        np.array_equal(loaded[name], expected[name]) for name in expected
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A run of thirty records, with a checkpoint after every fifth."""
    with make_folder(tmp_path / "run", 3) as folder:
        for number in range(30):
            folder.append(make_record(number, 3), seconds=None)
            if number % 5 == 0:
                folder.save_checkpoint(number, past(number))
    return tmp_path / "run"


def test_few_files_and_manifests_of_one_size(path: Path) -> None:
    state = path / "state"
    once = sorted(file.name for file in (state / "once").iterdir())
    assert once == ["past.bin", "past.jsonl", "pool.bin", "pool.jsonl"]
    sizes = [len((state / f"{number}.json").read_bytes()) for number in (15, 20, 25)]
    assert max(sizes) - min(sizes) < 10
    with RunFolder.open(path) as folder:
        assert all(same(folder, number) for number in (0, 15, 20, 25))


def test_cut_and_written_anew(path: Path) -> None:
    with RunFolder.open(path) as folder:
        folder.truncate(17)
        assert folder.checkpoints.generations() == [0, 15]
        for number in range(18, 23):
            folder.append(make_record(number, 3), seconds=None)
        folder.save_checkpoint(22, past(22))
    with RunFolder.open(path) as folder:
        assert same(folder, 22)
        assert same(folder, 15)


def test_less_than_is_stored(path: Path) -> None:
    """A policy that keeps only some of the generations gets files of its own."""
    with RunFolder.open(path) as folder:
        some = {"once/past/000003/mean": np.zeros(2)}
        folder.save_checkpoint(29, some)
        assert folder.checkpoints.load(29).keys() == some.keys()
        assert same(folder, 25)


def test_a_fork_has_its_own(tmp_path: Path, path: Path) -> None:
    before = (path / "state" / "once" / "past.bin").read_bytes()
    with RunFolder.fork(
        SavedRun.open(path), tmp_path / "fork", generation=22, experiment="", provenance={}
    ) as fork:
        assert same(fork, 20)
        fork.append(make_record(23, 3), seconds=None)
        fork.save_checkpoint(23, past(23))
        assert same(fork, 23)
    assert (path / "state" / "once" / "past.bin").read_bytes() == before
    assert inspect_run(tmp_path / "fork").damages == inspect_run(path).damages == ()


@pytest.mark.parametrize("name", ["past.bin", "past.jsonl"])
def test_damage_is_named_and_healed(path: Path, name: str) -> None:
    file = path / "state" / "once" / name
    data = bytearray(file.read_bytes())
    data[len(data) * 7 // 10] ^= 1
    file.write_bytes(data)
    with RunFolder.open(path) as folder, pytest.raises(DamagedCheckpointError, match=r"past\."):
        folder.checkpoints.load(25)
    with RunFolder.open(path, from_generation=29) as folder:
        kept = folder.checkpoints.generations()
        assert kept == [0, 15]
        folder.save_checkpoint(29, past(29))
    with RunFolder.open(path) as folder:
        assert same(folder, 29)
        assert same(folder, 15)
