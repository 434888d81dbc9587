"""A command fails only by what it needs: what else is damaged is said in a sentence."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from collapse_tui.events import Generation
from collapse_tui.tui.runs.launcher import Launcher

GARBLED = b"\x00\xff not what it was {"
FILES = ("status.json", "timing.jsonl", "experiment.toml", "provenance.json", "metrics.jsonl",
         "views/index.jsonl", "views/arrays.bin")  # fmt: skip
DAMAGES: dict[str, Callable[[Path], object]] = {
    "garbled": lambda path: path.write_bytes(GARBLED + b"\n"),
    "empty": lambda path: path.write_bytes(b""),
    "missing": lambda path: path.unlink(),
    "a list": lambda path: path.write_bytes(b"[1]\n"),
    "deep": lambda path: path.write_bytes(b"[" * 100_000 + b"\n"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_runs_lists_every_run_whatever_one_of_them_holds(cli, small, file, damage):
    shutil.copytree(small, small.parent / "other")
    DAMAGES[damage](small / file)
    ended = cli("runs", "--json")
    assert ended.code == 0, ended.err
    rows = {row["name"]: row for row in map(json.loads, ended.out.splitlines())}
    assert rows["other"]["state"] == "finished"
    if "small" in rows and rows["small"]["state"] in {"damaged", "unknown"}:
        assert str(small / file) in rows["small"]["reason"]
    assert cli("runs").code == 0


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", ["status.json", "timing.jsonl", "views/index.jsonl",
                                  "views/arrays.bin", "experiment.toml"])  # fmt: skip
def test_show_needs_the_records_alone(cli, small, file, damage):
    if (file, damage) == ("experiment.toml", "missing"):
        pytest.skip("then the folder is no run")
    DAMAGES[damage](small / file)
    ended = cli("show", small)
    assert ended.code == 0, ended.err
    assert "variance" in ended.out
    assert "internal error" not in ended.err
    if file in {"experiment.toml", "views/arrays.bin"}:
        assert str(small / file) in ended.err


def test_records_of_another_form_are_named(cli, small):
    (small / "metrics.jsonl").write_text('{"generation": 0}\n')
    ended = cli("show", small)
    assert ended.code == 2
    assert str(small / "metrics.jsonl") in ended.err
    assert "internal error" not in ended.err


@pytest.mark.parametrize(
    "status",
    [{"state": ["x" * 10**6]}, {"state": "finished", "changed": 1e300}, {"changed": "nan"}],
)
def test_a_status_that_makes_no_sense_hides_nothing(cli, small, status):
    (small / "status.json").write_text(json.dumps(status))
    ended = cli("runs", "--json")
    assert ended.code == 0
    row = json.loads(ended.out)
    assert row["generation"] == 12
    assert row["state"] == status.get("state") or len(row["reason"]) < 1000


def test_what_was_received_is_shortened(cli, tmp_path):
    path = tmp_path / "long.toml"
    path.write_text("format = 1\n" + "k" * 2_000_000 + " = 1\n")
    ended = cli("presets", "check", path)
    assert ended.code == 2
    assert len(ended.err) < 5000
    long = "z" * 100_000
    ended = cli("batch", "--preset", "shumailov", "--set", f"engine.name={long}")
    assert ended.code == 2
    assert "(100,002 characters)" in ended.err or "(100,000 characters)" in ended.err
    assert len(ended.err) < 1000


def test_bytes_that_are_no_utf8_are_refused_where_they_would_be_stored(cli, tmp_path):
    folder = tmp_path / "\udcff"
    folder.mkdir()
    (folder / "data.csv").write_text("value\n1\n2\n3\n4\n")
    (folder / "one.toml").write_text(
        'format = 1\n[source]\nname = "file"\npath = "data.csv"\n[engine]\nname = "gaussian"\n'
    )
    ended = cli("presets", "check", folder / "one.toml")
    assert ended.code == 2
    assert "source.path must be text in UTF-8" in ended.err
    ended = cli("batch", "--preset", "shumailov", "--set", "title=a\udcffb")
    assert ended.code == 2
    assert "title must be text in UTF-8, got 'a\\udcffb'" in ended.err


def test_the_picker_lists_every_run_and_the_screen_opens_one_with_a_damaged_view(small):
    other = Path(shutil.copytree(small, small.parent / "other"))
    (other / "metrics.jsonl").write_bytes(GARBLED + b"\n")
    lines = {entry.name: entry.line for entry in Launcher(small.parent).entries()}
    assert lines["small"] == "finished, generation 12"
    assert lines["other"].startswith(f"damaged: {other / 'metrics.jsonl'}, its last line")
    index = small / "views" / "index.jsonl"
    opened = Launcher(small.parent).resume(small)
    index.write_bytes(GARBLED + b"\n")  # since it was opened
    records = [event for event in opened.events if isinstance(event, Generation)]
    assert [record.view for record in records] == [None] * 13
