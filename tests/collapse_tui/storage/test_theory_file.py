"""What theory starts anew from, stored beside the records."""

from pathlib import Path

import pytest

from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import THEORY, is_own_name
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.theory_file import read_states, write_states

STATES = {7: {"mean": 0.1, "sd": 1e-300}, 2: {"mean": -0.0}}


def test_numbers_come_back_to_the_last_bit(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    assert read_states(directory) == {}
    write_states(directory, STATES)
    assert read_states(directory) == STATES
    assert [line[:15] for line in (tmp_path / THEORY).read_text().splitlines()] == [
        '{"generation":2', '{"generation":7'
    ]  # fmt: skip
    write_states(directory, {})
    assert not (tmp_path / THEORY).exists()
    assert is_own_name(THEORY)


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    write_states(directory, STATES)
    whole = (tmp_path / THEORY).read_bytes()
    (tmp_path / THEORY).write_bytes(whole.replace(b"0.1", b"0.2") + b"\xff\n{}\n[1]\n")
    assert read_states(directory) == {2: STATES[2]}
    (tmp_path / THEORY).write_bytes(whole[:-4])
    assert read_states(directory) == {2: STATES[2]}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / THEORY).symlink_to(tmp_path / "elsewhere")
    write_states(RunDirectory(tmp_path), STATES)
    (tmp_path / THEORY).rename(tmp_path / "elsewhere")
    with pytest.raises(DamagedRunError, match="is a link where a run has a file"):
        read_states(RunDirectory(tmp_path / "run"))
