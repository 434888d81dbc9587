"""Files of a run belong together: every change is found and named, and the advice heals."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.checksums import read_blocks
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import BESIDE
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.inspection import inspect_run
from collapse_tui.storage.saved import SavedRun
from tests.collapse_tui.storage.conftest import make_folder, make_record, make_state

TABLES = (
    "metrics.jsonl",
    "timing.jsonl",
    "views/index.jsonl",
    "views/arrays.bin",
    "metrics/w1.f64",
)


@pytest.fixture
def replicates() -> int:
    """Values in files of their own."""
    return 150


def flip(path: Path, share: float) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[int(share * len(data))] ^= 16
    path.write_bytes(data)


def other_run(path: Path) -> Path:
    """Return a run like that of `run_path`, at another place."""
    with make_folder(path, 150) as folder:
        for number in range(10):
            folder.append(make_record(number, 150), seconds=0.5)
            if number in {2, 5, 9}:
                folder.save_checkpoint(number, make_state(number))
        folder.set_status("finished")
    return path


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.97])
def test_every_flip_is_found(run_path: Path, name: str, share: float) -> None:
    assert inspect_run(run_path).damages == ()
    flip(run_path / name, share)
    run = SavedRun.open(run_path)
    assert any(name in damage for damage in inspect_run(run_path).damages)
    if name in BESIDE:
        assert [damage.name for damage in run.verify()] == [name]
        return
    with pytest.raises(DamagedRunError, match=f"{name} was changed in records"):
        run.verify()
    with pytest.raises(DamagedRunError, match="collapse-tui"):
        RunFolder.open(run_path)


def test_only_the_blocks_of_the_records_that_are_needed_are_compared(run_path: Path) -> None:
    run = SavedRun.open(run_path)
    first, second, *_ = read_blocks(run.directory)
    damaged = range(first.last + 1, second.last + 1)
    whole = [generation for generation in range(run.last + 1) if generation not in damaged]
    path = run_path / "metrics.jsonl"
    end = (first.files[path.name].end + second.files[path.name].end) // 2
    flip(path, end / path.stat().st_size)
    for among in (whole, [0], []):
        assert run.verify_records(among=among) == ()
    for among in (None, damaged, [*damaged][:1], [0, *damaged][:2], [*damaged][-1:]):
        with pytest.raises(DamagedRunError, match="was changed in records"):
            run.verify_records(among=among)


@pytest.mark.parametrize("damage", ["changed", "foreign", "cut", "missing"])
@pytest.mark.parametrize("name", BESIDE)
def test_what_no_number_needs_is_dropped_and_said(
    run_path: Path, name: str, damage: str, record: Callable[..., Generation]
) -> None:
    path, records = run_path / name, (run_path / "metrics.jsonl").read_bytes()
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "changed":
        flip(path, 0.5)
    else:
        path.write_bytes(data[: len(data) // 2] if damage == "cut" else b"[1]\n" * len(data))
    with RunFolder.open(run_path) as folder:
        assert len(folder.notes) == 1
        assert f"{path} " in folder.notes[0]
        assert "no number needs it" in folder.notes[0]
        assert folder.last == 9
        folder.append(record(10, 150), seconds=0.5)
    assert inspect_run(run_path).damages == ()
    assert (run_path / "metrics.jsonl").read_bytes().startswith(records)
    assert [line["generation"] for line in SavedRun.open(run_path).timings()][-1] == 10
    with RunFolder.open(run_path) as folder:
        assert folder.notes == ()


def test_changed_provenance_is_named_and_taken(run_path: Path) -> None:
    path = run_path / "provenance.json"
    with RunFolder.open(run_path) as folder:
        folder.update_provenance(ended="now")
    assert inspect_run(run_path).damages == ()
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "device": "cuda"}))
    (damage,) = inspect_run(run_path).damages
    assert f"{path} was changed since the run wrote it" in damage
    assert f"`collapse-tui resume {run_path}` takes it as it is" in damage
    assert SavedRun.open(run_path).verify_records() == (damage.partition("; restore")[0],)
    with RunFolder.open(run_path) as folder:
        assert "provenance.json was changed" in folder.notes[0]
    assert inspect_run(run_path).damages == ()


@pytest.mark.parametrize("kept", [0, 1])
def test_a_kill_around_a_change_of_provenance(run_path: Path, kept: int) -> None:
    path = run_path / "provenance.json"
    texts = [path.read_bytes()]
    with RunFolder.open(run_path) as folder:
        folder.update_provenance(ended="now")
    texts.append(path.read_bytes())
    path.write_bytes(texts[kept])
    assert inspect_run(run_path).damages == ()


def test_records_without_a_block_are_counted(run_path: Path) -> None:
    table = run_path / "checksums.jsonl"
    lines = table.read_bytes().splitlines(keepends=True)
    assert json.loads(lines[-2])["last"] == 0
    table.write_bytes(b"".join(lines[:-1]))
    found = inspect_run(run_path)
    assert found.damages == ()
    assert "no checksum covers the last 9 records (1 to 9) yet" in found.notes[0]
    RunFolder.open(run_path).close()
    assert not any("checksum" in note for note in inspect_run(run_path).notes)


def test_records_that_are_gone_are_said_to_be_computed_again(run_path: Path) -> None:
    (run_path / "metrics" / "w1.f64").write_bytes(b"")
    with RunFolder.open(run_path) as folder:
        assert folder.last == -1
        assert folder.notes == (
            "the records 0 to 9 were stored, and are gone: they are computed again",
        )


def test_a_garbled_last_line_is_discarded_with_consent(run_path: Path) -> None:
    path = run_path / "metrics.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-1], b"\xff" * (len(lines[-1]) - 1) + b"\n"]))
    with pytest.raises(DamagedRunError, match="--from 0"):
        RunFolder.open(run_path)
    with RunFolder.open(run_path, from_generation=0) as folder:
        assert folder.last == 0
    assert inspect_run(run_path).damages == ()


def test_the_advice_heals(run_path: Path, record: Callable[..., Generation]) -> None:
    flip(run_path / "metrics" / "w1.f64", 0.5)
    with pytest.raises(DamagedRunError, match=rf"`collapse-tui resume {run_path} --from 0`"):
        RunFolder.open(run_path)
    with RunFolder.open(run_path, from_generation=0) as folder:
        assert folder.last == 0
        for number in range(1, 10):
            folder.append(record(number, 150), seconds=0.5)
    assert inspect_run(run_path).damages == ()


def test_damaged_checkpoints_go_with_consent(run_path: Path) -> None:
    for number in (2, 5, 9):
        flip(run_path / "state" / f"{number}.npz", 0.5)
    assert len(inspect_run(run_path).damages) == 3
    with RunFolder.open(run_path, from_generation=9) as folder:
        assert folder.checkpoints.generations() == []
        assert folder.last == 9


def test_bytes_lost_with_the_power_are_no_change(run_path: Path) -> None:
    path = run_path / "metrics.jsonl"
    path.write_bytes(path.read_bytes()[:-100])
    SavedRun.open(run_path).verify()
    assert any("metrics.jsonl lacks" in damage for damage in inspect_run(run_path).damages)
    with RunFolder.open(run_path) as folder:
        assert folder.last == 8
    assert inspect_run(run_path).damages == ()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["checksums.jsonl"], "of another run"),
        (["provenance.json"], "of another run"),
        (["experiment.toml"], "experiment.toml was changed"),
    ],
)
def test_files_of_another_run(tmp_path: Path, run_path: Path, names: list[str], said: str) -> None:
    other = other_run(tmp_path / "other")
    with RunFolder.open(other) as folder:
        folder.replace_experiment("format = 1\nseed = 8\n")
    for name in names:
        shutil.copyfile(other / name, run_path / name)
    with pytest.raises(DamagedRunError, match=said):
        RunFolder.open(run_path)
    with pytest.raises(DamagedRunError, match=said):
        SavedRun.open(run_path).verify()


def test_checkpoints_of_another_run(tmp_path: Path, run_path: Path) -> None:
    shutil.rmtree(run_path / "state")
    shutil.copytree(other_run(tmp_path / "other") / "state", run_path / "state")
    damages = inspect_run(run_path).damages
    assert len(damages) == 3
    assert "9.json is of another run" in damages[2]
    assert f"`collapse-tui resume {run_path} --from 9`" in damages[2]


def test_a_kill_between_two_experiments_leaves_either(run_path: Path) -> None:
    old, new = (run_path / "experiment.toml").read_text(), "format = 1\nseed = 9\n"
    table = run_path / "checksums.jsonl"
    with RunFolder.open(run_path) as folder:
        folder.replace_experiment(new)
    lines = table.read_bytes().splitlines(keepends=True)
    assert json.loads(lines[-2])["from"] == 10
    for text in (old, new):
        table.write_bytes(b"".join(lines[:-1]))
        (run_path / "experiment.toml").write_text(text)
        with RunFolder.open(run_path) as folder:
            folder.set_status("finished")
        assert inspect_run(run_path).damages == ()
        other = old if text == new else new
        (run_path / "experiment.toml").write_text(other)
        with pytest.raises(
            DamagedRunError, match=r"was changed since .* no experiment now: restore"
        ):
            RunFolder.open(run_path)


def test_a_run_of_an_earlier_version_is_adopted_once(run_path: Path) -> None:
    (run_path / "checksums.jsonl").unlink()
    for path in (run_path / "provenance.json", *(run_path / "state").glob("*.json")):
        document = json.loads(path.read_text())
        document.pop("run")
        document.pop("experiment", None)
        path.write_text(json.dumps(document))
    found = inspect_run(run_path)
    assert found.damages == ()
    assert "without checksums" in found.notes[0]
    SavedRun.open(run_path).verify()
    with RunFolder.open(run_path) as folder:
        assert "records 0 to 9 were stored without checksums" in folder.notes[0]
        assert folder.checkpoints.load(9)
    with RunFolder.open(run_path) as folder:
        assert folder.notes == ()
    assert [block.last for block in read_blocks(SavedRun.open(run_path).directory)] == [9]
    flip(run_path / "metrics.jsonl", 0.5)
    with pytest.raises(DamagedRunError, match="was changed in records 0 to 9"):
        RunFolder.open(run_path)


def test_lost_and_damaged_checksums(run_path: Path) -> None:
    table = run_path / "checksums.jsonl"
    data = table.read_bytes()
    flip(table, 0.7)
    with pytest.raises(DamagedRunError, match=r"checksums\.jsonl, line \d fails its own"):
        RunFolder.open(run_path)
    table.write_bytes(data[:-5])  # torn by a kill
    RunFolder.open(run_path).close()
    table.unlink()
    with pytest.raises(DamagedRunError, match=r"checksums\.jsonl is missing"):
        RunFolder.open(run_path)
    assert "cannot be told" in SavedRun.open(run_path).verify_records()[0]
    for lost in (None, b"", b"garbled\n"):
        if lost is not None:
            table.write_bytes(lost)
        with RunFolder.open(run_path, from_generation=9) as folder:
            assert "stored without checksums, or lost them" in folder.notes[0]
        assert inspect_run(run_path).damages == ()
    assert inspect_run(run_path).damages == ()


def test_forks_have_names_of_their_own(tmp_path: Path, run_path: Path) -> None:
    parent = SavedRun.open(run_path)
    with RunFolder.fork(
        parent, tmp_path / "fork", generation=6, experiment="seed = 1\n", provenance={}
    ) as folder:
        assert folder.checkpoints.load(5)
    fork = SavedRun.open(tmp_path / "fork")
    assert fork.provenance["run"] != parent.provenance["run"]
    assert inspect_run(fork.path).damages == inspect_run(run_path).damages == ()


def test_cuts_keep_the_checksums_right(run_path: Path, record: Callable[..., Generation]) -> None:
    for last in (7, 0, -1):
        with RunFolder.open(run_path) as folder:
            folder.truncate(last)
            folder.append(record(last + 1, 150), seconds=None)
        assert inspect_run(run_path).damages == ()
