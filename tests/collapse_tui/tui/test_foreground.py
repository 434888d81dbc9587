"""What computes waits while the screen is at work, and not for ever."""

import threading

import pytest

from collapse_tui.tui import foreground
from collapse_tui.tui.foreground import Foreground


def stands_aside(one: Foreground) -> threading.Thread:
    thread = threading.Thread(target=one.stand_aside)
    thread.start()
    return thread


def test_nobody_waits_for_a_screen_at_rest():
    Foreground().stand_aside()


def test_others_wait_for_the_outermost_end(monkeypatch):
    monkeypatch.setattr(foreground, "PATIENCE", 60.0)
    one = Foreground()
    with one.busy():
        with one.busy():
            thread = stands_aside(one)
        assert thread.is_alive()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_patience_ends(monkeypatch):
    monkeypatch.setattr(foreground, "PATIENCE", 0.001)
    one = Foreground()
    with one.busy():
        one.stand_aside()


def test_an_error_on_the_screen_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(foreground, "PATIENCE", 60.0)
    one = Foreground()
    with pytest.raises(ZeroDivisionError), one.busy():
        1 / 0  # noqa: B018
    one.stand_aside()
