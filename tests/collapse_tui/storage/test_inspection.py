"""What is said of a damaged run: the file that is at fault, what is whole, what heals it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from collapse_tui.storage.errors import GarbledLineError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.inspection import inspect_run
from collapse_tui.storage.saved import SavedRun

JUNK: dict[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda _: b"zz\n",
    "a line again": lambda data: data.splitlines(keepends=True)[-1],
    "no generation": lambda _: b"[1]\n",
}


@pytest.fixture
def replicates() -> int:
    """Values in the lines: files of values of their own would say which lines are records."""
    return 3


@pytest.mark.parametrize("junk", JUNK)
def test_lines_after_the_last_record(run_path: Path, junk: str) -> None:
    path = run_path / "metrics.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + JUNK[junk](whole))
    with pytest.raises(GarbledLineError, match="`collapse-tui runs check "):
        RunFolder.open(run_path)
    found = inspect_run(run_path)
    (damage,) = found.damages
    assert f"{path}, line 11: must be" in damage
    assert "records 0 to 9 are whole" in damage
    assert re.findall("`(.*?)`", damage) == [f"collapse-tui resume {run_path} --from 9"]
    assert found.records == (11 if junk == "a line again" else 10)
    RunFolder.open(run_path, from_generation=9).close()
    assert inspect_run(run_path).damages == ()
    assert path.read_bytes() == whole


def test_lines_after_the_last_view(run_path: Path) -> None:
    path = run_path / "views" / "index.jsonl"
    path.write_bytes(path.read_bytes() + b"zz\n")
    (damage,) = inspect_run(run_path).damages
    assert re.findall("`(.*?)`", damage) == [f"collapse-tui resume {run_path}"]
    RunFolder.open(run_path).close()
    assert inspect_run(run_path).damages == ()


@pytest.mark.parametrize("name", ["timing.jsonl", "views/arrays.bin", "metrics.jsonl"])
def test_a_table_that_is_missing_lacks_all(run_path: Path, name: str) -> None:
    (run_path / name).unlink()
    said = " ".join(inspect_run(run_path).damages)
    assert (
        f"{name} is missing" in said if name == "metrics.jsonl" else "lacks records 0 to 9" in said
    )
    assert "0 to 0" not in said


@pytest.mark.parametrize(("gone", "first"), [("[9]", 6), ("[0-9]", 0)])
def test_checkpoints_that_are_gone_are_a_note(run_path: Path, gone: str, first: int) -> None:
    for path in (run_path / "state").glob(f"{gone}.json"):
        path.unlink()
    found = inspect_run(run_path)
    assert found.damages == ()
    assert f"computes the generations {first} to 9 again" in found.notes[0]


def test_the_first_checkpoint_serves_forks(run_path: Path) -> None:
    (note,) = inspect_run(run_path).notes
    assert "no checkpoint of generation 0: a fork before generation 2 computes" in note


@pytest.mark.parametrize("changed", ["sha256", "bytes", "arrays"])
def test_a_changed_manifest_is_told_from_a_changed_archive(run_path: Path, changed: str) -> None:
    path, archive = (run_path / "state" / f"9.{end}" for end in ("json", "npz"))
    text = path.read_text()
    manifest = json.loads(text)
    manifest["files"][0][changed] = {"sha256": "0" * 64, "bytes": 1, "arrays": ["else"]}[changed]
    path.write_text(json.dumps(manifest))
    (damage,) = inspect_run(run_path).damages
    assert f"{path} was changed" in damage
    path.write_text(text)
    data = bytearray(archive.read_bytes())
    data[len(data) // 3] ^= 16
    archive.write_bytes(data)
    (damage,) = inspect_run(run_path).damages
    assert f"{archive} fails its checksum" in damage


@pytest.mark.parametrize("text", [b"", b"][", b"\xff\xfe", b"seed = 3\n", None])
def test_an_experiment_that_is_none_is_not_offered_to_run(
    run_path: Path, text: bytes | None
) -> None:
    path = run_path / "experiment.toml"
    shutil.copy(path, run_path.parent / "kept.toml")
    path.unlink() if text is None else path.write_bytes(text)
    (damage,) = inspect_run(run_path).damages
    assert str(path) in damage
    assert re.findall("`(.*?)`", damage) == [f"collapse-tui export {run_path} records.csv"]
    shutil.copy(run_path.parent / "kept.toml", path)
    assert inspect_run(run_path).damages == ()


@pytest.mark.parametrize("text", [b"", b"[1]", b"{}", None])
def test_a_lost_provenance_names_what_gives_the_same_numbers(
    run_path: Path, text: bytes | None
) -> None:
    path = run_path / "provenance.json"
    path.unlink() if text is None else path.write_bytes(text)
    damages = inspect_run(run_path).damages
    batch = f"`collapse-tui batch --preset {run_path / 'experiment.toml'}`"
    assert any(str(path) in damage and batch in damage for damage in damages)
    with pytest.raises(Exception, match="restore it; else the same numbers"):
        SavedRun.open(run_path).layout  # noqa: B018 - that it is read is what fails
