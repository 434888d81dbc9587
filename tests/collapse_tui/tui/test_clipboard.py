"""Text for the clipboard: what is said is what happened."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from collapse_tui.tui.clipboard import SENT, copy_text


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "collapse-tui" / "copied.txt"


def test_a_terminal_that_may_take_it_gets_it(state):
    sent: list[str] = []
    assert copy_text("a chart", sent.append, {"TERM": "xterm-256color"}) == SENT
    assert sent == ["a chart"]
    assert not state.exists()


@pytest.mark.parametrize(
    "environment",
    [
        {"TERM": "linux"},
        {"TERM": "xterm", "VTE_VERSION": "7600"},
        {"TERM_PROGRAM": "Apple_Terminal"},
        {"TERM": "screen", "STY": "1.pts"},
    ],
    ids=str,
)
def test_a_terminal_that_drops_it_is_named_and_a_file_holds_the_text(state, environment):
    sent: list[str] = []
    said = copy_text("a chart", sent.append, environment)
    assert said.startswith("not copied: ")
    assert str(state) in said
    assert state.read_text() == "a chart\n"
    assert not sent


def test_a_file_that_cannot_be_written_is_said(state):
    state.mkdir(parents=True)
    assert "cannot be written" in copy_text("a chart", print, {"TERM": "linux"})


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_tmux_has_it_in_its_buffer(state, tmp_path, monkeypatch):
    socket = str(tmp_path / "tmux.sock")
    tmux = ["tmux", "-S", socket]
    subprocess.run([*tmux, "-f", "/dev/null", "new-session", "-d", "sleep 60"], check=True)
    try:
        monkeypatch.setenv("TMUX", f"{socket},1,0")
        said = copy_text("ein Bild: ⠓", print, os.environ)
        assert "copied into tmux's buffer" in said
        shown = subprocess.run([*tmux, "show-buffer"], capture_output=True, check=True)
        assert shown.stdout.decode() == "ein Bild: ⠓"
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    said = copy_text("later", print, os.environ)
    assert said.startswith("not copied: tmux did not take it")
    assert state.read_text() == "later\n"
