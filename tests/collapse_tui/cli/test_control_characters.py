"""Controls in anything from outside: no command writes them on a terminal or into a picture."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from collapse_tui.charts.palette import PALETTES
from collapse_tui.cli import output

ATTACK = "\x1b]52;c;eA==\x07\x1b]0;t\x07\x9b2J\x1b[31m\x7f\u202e\u2028\x00\r\x08"
"""Writes the clipboard and the title, clears the screen, turns the text around."""
NAME = ATTACK.replace("\x00", "") + "\udcff"
"""The same in a file name, with a byte that is no UTF-8."""
CONTROL = re.compile("(?![\n\t])[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
                     "\ud800-\udfff]")  # fmt: skip
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def quoted(text: str) -> str:
    """A TOML string that means `text`."""
    return '"' + "".join(f"\\u{ord(char):04x}" for char in text) + '"'


ONE = quoted(f"one{ATTACK}")
PRESET = f"""\
format = 1
title = {ONE}
paper = {ONE}
figure = {ONE}
watch = {ONE}
generations = 3
replicates = 2
source = {{ name = "normal" }}
engine = {{ name = "gaussian" }}
policy = {{ name = "replace" }}
schedule = {{ name = "constant", size = 9 }}
[[claims]]
text = {ONE}
metric = "variance"
generation = 2
expected = 1.0
tolerance = 100.0
source = {ONE}
erratum = {ONE}
corrected = 1.0
"""


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    path = tmp_path / f"{NAME}.toml"
    path.write_text(PRESET)
    return path


@pytest.fixture(scope="module")
def made() -> list[Path]:
    return []


@pytest.fixture
def run(cli, preset, runs, made, tmp_path_factory) -> Path:
    """A run whose folder, experiment, status and flags are hostile."""
    folder = runs / f"run{NAME}"
    if not made:
        ended = cli("batch", "--preset", preset, "--out", folder)
        assert ended.code == 0
        assert not CONTROL.search(ended.out + ended.err)
        made.append(shutil.copytree(folder, tmp_path_factory.mktemp("kept") / "run"))
    else:
        shutil.copytree(made[0], folder)
    (folder / "status.json").write_text(json.dumps({"state": ATTACK, "reason": ATTACK}))
    # as a run of version 0.1.0: what is made up of its records is not found by their checksums
    (folder / "checksums.jsonl").unlink()
    provenance = json.loads((folder / "provenance.json").read_text())
    del provenance["run"]
    (folder / "provenance.json").write_text(json.dumps(provenance))
    records = folder / "metrics.jsonl"
    lines = [json.loads(line) for line in records.read_text().splitlines()]
    lines[-1]["flags"] = {"variance": ATTACK}
    lines[-1]["stage"] = {ATTACK: 2}
    records.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


COMMANDS = {
    "presets show": ("presets", "show", "{preset}"),
    "presets check": ("presets", "check", "{preset}"),
    "presets copy": ("presets", "copy", "{preset}", "{tmp}/copy{name}.toml"),
    "batch --json": ("batch", "--preset", "{preset}", "--json"),
    "reproduce": ("reproduce", "--no-cache", "{preset}"),
    "reproduce --json": ("reproduce", "--no-cache", "--json", "{preset}"),
    "runs": ("runs",),
    "runs --json": ("runs", "--json"),
    "runs delete": ("runs", "delete", "{run}"),
    "runs delete unknown": ("runs", "delete", "{run}x"),
    "runs prune": ("runs", "prune", "--older", "0s", "--yes"),
    "show": ("show", "{run}"),
    "cite": ("cite", "{run}"),
    "export": ("export", "{run}", "{tmp}/out{name}.csv"),
    "resume": ("resume", "{run}", "--generations", "5"),
    "fork": ("fork", "{run}", "--at", "1"),
    "fetch": ("fetch", "{preset}"),
    "unknown key": ("batch", "--preset", "{preset}", "--set", "{name}=1"),
    "unknown value": ("batch", "--preset", "{preset}", "--set", "engine.name={name}"),
    "unknown preset": ("batch", "--preset", "{name}"),
    "unknown option": ("batch", "--{name}"),
    "unknown command": ("{name}",),
    "unknown run": ("show", "{name}"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_control_of_a_stranger_leaves_a_command(command, cli, preset, run, tmp_path):
    places = {"preset": preset, "run": run, "tmp": tmp_path, "name": NAME}
    ended = cli(*(part.format(**places) for part in COMMANDS[command]))
    said = ended.out + ended.err
    assert said.strip()
    assert not CONTROL.search(said), repr(CONTROL.search(said))
    assert "internal error" not in said
    assert "Traceback" not in said


def test_a_preset_without_a_title_has_its_name_as_one(preset, cli, tmp_path):
    preset.write_text("\n".join(line for line in PRESET.splitlines() if "title =" not in line))
    ended = cli("batch", "--preset", preset, "--out", tmp_path / "run", "--quiet")
    assert ended.code == 0, ended.err


def test_the_texts_are_still_there_to_be_read(cli, preset, run):
    for arguments in (("presets", "show", preset), ("show", run)):
        assert "one\\u001b]52;c;eA==\\u0007" in cli(*arguments).out
    row = json.loads(cli("runs", "--json").out)
    assert row["path"] == str(run)
    assert row["title"] == f"one{ATTACK}"


def test_colours_are_the_only_codes_in_a_report(cli, run, monkeypatch):
    monkeypatch.setattr(output, "palette_name", lambda: "ansi")
    shown = cli("show", run).out
    assert COLOUR.search(shown)
    assert not CONTROL.search(COLOUR.sub("", shown))
    assert "ansi" in PALETTES


def test_a_picture_has_no_control(cli, run, tmp_path):
    target = tmp_path / "page.svg"
    assert cli("export", run, target).code == 0
    assert not CONTROL.search(target.read_text())


def test_a_crash_log_has_no_control(cli, preset, monkeypatch):
    from collapse_tui.experiment import loader

    def fail(*_: object) -> None:
        raise RuntimeError(ATTACK)

    monkeypatch.setattr(loader, "load", fail)
    ended = cli("presets", "check", preset)
    assert ended.code == 1
    assert not CONTROL.search(ended.err)
    log = Path(ended.err.rpartition(" in ")[2].strip())
    assert not CONTROL.search(log.read_text())


def test_progress_has_no_control(capsys, monkeypatch):
    from collapse_tui.cli.progress import BarDisplay, LineDisplay, Meter
    from collapse_tui.events import Progress, Started

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    meter = Meter(ATTACK)
    meter.update(Started(-1, 5, None, "cpu", ()))
    meter.update(Progress(0, 0.5, ATTACK))
    for display in (LineDisplay(), BarDisplay(ATTACK, 5)):
        display.draw(meter)
        display.close()
    meter.close()
    written = capsys.readouterr().err
    assert "\\u001b]52" in written
    for code in ("\x1b]", "\x9b", "\u202e", "\x7f"):
        assert code not in written
