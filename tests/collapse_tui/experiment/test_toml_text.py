"""TOML of strangers: read as it is meant, or refused at once in one short sentence."""

import os
import time
from pathlib import Path

import pytest

from collapse_tui.experiment.document import read, with_settings
from collapse_tui.experiment.sweep import read_sweeps
from collapse_tui.experiment.toml_text import MOST_PARTS, parse_toml
from engines.errors import InvalidExperimentError

REFUSED = {
    "depth": ("x = " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
    "a depth that can be parsed": ("x = " + "[" * 60 + "]" * 60, "nested too deeply"),
    "parts": (".".join("a" * 30_000) + " = 1", "of more than 32 parts"),
    "quoted parts": ('"a" . ' * 30_000 + "a = 1", "of more than 32 parts"),
    "parts of a header": ("[" + ".".join("a" * 30_000) + "]", "of more than 32 parts"),
    "key": ("k" * 5_000_000 + " = 1", "a key of 5,000,000 characters"),
    "digits": ("x = " + "1" * 5_000, "number that is too long"),
    "hexadecimal digits": ("x = 0x" + "f" * 5_000, "an integer of 20,000 bits"),
    "tables": ("[[claims]]\n" * 300_000, "keys and brackets"),
    "numbers": ("x = [" + "1," * 3_000_000 + "]", "commas"),
    "size": ("a" * 17_000_000, "characters"),
    "strings that do not end": ('"""' + '\\"""' * 500_000 + "\\", "not valid TOML"),
    "NUL": ("\0", "not valid TOML"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_beyond_a_limit_is_refused_at_once(fault: str) -> None:
    text, sentence = REFUSED[fault]
    began = time.process_time()
    with pytest.raises(InvalidExperimentError, match=sentence) as caught:
        parse_toml(text, "file.toml")
    assert time.process_time() - began < 5.0
    assert "file.toml" in str(caught.value)
    assert len(str(caught.value)) < 300


def test_dots_in_strings_and_comments_are_no_keys() -> None:
    dots = "a." * 100
    text = (
        f'x = "{dots}" # {dots}\n'
        f"y = '{dots}'\n"
        f'z = """\n{dots}\\""" {dots}"""""\n'
        f"w = '''{dots}'{dots}'''\n"
        f'v = {{ k = "{dots}" }}\n'
    )
    assert parse_toml(text, "file")["x"] == dots
    deep = ".".join("a" * (MOST_PARTS - 1))
    assert parse_toml(f"{deep} = 1", "file")
    with pytest.raises(InvalidExperimentError, match="parts"):
        parse_toml(f"{text}{deep}.b.c = 1", "file")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


FILES = {
    "pipe": (_pipe, "is a pipe"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is a device"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "circle": (lambda path: path.symlink_to(path), "could not be read"),
    "nothing": (lambda path: path.symlink_to("nothing"), "does not exist"),
    "too long": (lambda path: path.write_bytes(b"#" * (1 << 25)), "33,554,432 bytes"),
    "UTF-16": (lambda path: path.write_text("x = 1", "utf-16"), "not UTF-8 text: byte 0 is 0xff"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_preset_is_a_regular_file(tmp_path: Path, kind: str) -> None:
    make, sentence = FILES[kind]
    path = tmp_path / "preset.toml"
    make(path)
    with pytest.raises(InvalidExperimentError, match=sentence):
        read(str(path))


def test_a_mark_of_byte_order_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "preset.toml"
    path.write_text("title = 'é'", encoding="utf-8-sig")
    assert read(str(path)) == ("preset", {"title": "é"})


@pytest.mark.parametrize("path", ["a\0b", "~nobody-here/x", "a\udc80"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(InvalidExperimentError):
        read(f"{path}/x.toml")


@pytest.mark.parametrize(
    "settings",
    [
        {"source": 3, "source.mean": 1},
        {"source.mean": 1, "source.mean.deep": 2},
        {"source": 3, "source.path": "x"},
        {".".join(["source"] * 40): 1},
        {"source." + "k" * 300: 1},
        {"x": 1, "source": 3},
    ],
)
def test_a_setting_without_its_table_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(InvalidExperimentError, match=r"cannot be set|unknown key") as caught:
        with_settings({"source": {"name": "normal"}}, settings)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "entries", [3, [3], [{}], [{"over": 3}], [{"over": []}], [{"over": ["a"]}], [{"over": [1]}]]
)
def test_a_sweep_is_a_list_of_axes(entries: object) -> None:
    with pytest.raises(InvalidExperimentError, match="sweep"):
        read_sweeps(entries)


def test_axes_are_found() -> None:
    assert read_sweeps([{"over": ["a=1,2"]}, {"over": ["b=3", "c=4"]}]) == ("a=1,2", "b=3", "c=4")
