"""Settings of the screen: which one is in force, keys, and what is remembered."""

import json
import math
from collections import Counter
from pathlib import Path

import pytest

from collapse_tui.tui.keys import LIVE_ACTIONS, RUNS_ACTIONS, remap_actions
from collapse_tui.tui.remembered import Remembered
from collapse_tui.tui.settings import ScreenSettings, describe_settings, resolve_settings
from collapse_tui.tui.widgets.bars import KeyHints
from collapse_tui.user_config import VARIABLE, ConfigError


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv(VARIABLE, str(path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return path


def test_options_come_before_the_file_and_the_file_before_the_last_time(config):
    assert resolve_settings().theme == "auto"
    Remembered.of_user().keep("theme", "light")
    assert resolve_settings().theme == "light"
    config.write_text('theme = "ansi"\nmarker = "block"\npace = 30\n')
    assert (resolve_settings().theme, resolve_settings().marker) == ("ansi", "block")
    assert resolve_settings("dark", "ascii").theme == "dark"
    assert resolve_settings("dark", "ascii").marker == "ascii"
    assert resolve_settings().pace == 30


def test_where_utf_8_is_unknown_only_the_user_asks_for_other_characters(config):
    Remembered.of_user().keep("marker", "block")
    assert resolve_settings(unicode=True).marker == "block"
    assert resolve_settings(unicode=False).marker == "ascii"
    config.write_text('marker = "braille"\n')
    assert resolve_settings(unicode=False).marker == "braille"


@pytest.mark.parametrize("damage", [b"", b"[1]", b"{", b'{"theme": 3, "marker": "nothing"}'])
def test_a_damaged_memory_is_none(config, damage):
    del config
    Remembered.of_user().keep("theme", "light")
    file = Remembered.of_user()._path
    assert file is not None
    assert json.loads(file.read_bytes()) == {"theme": "light"}
    file.write_bytes(damage)
    settings = resolve_settings()
    assert (settings.theme, settings.marker) == ("auto", "braille")


def test_an_unknown_theme_or_action_names_the_file_and_the_nearest(config):
    config.write_text('theme = "darc"\n')
    with pytest.raises(ConfigError, match=r"config\.toml: there is no theme 'darc'; did you mean"):
        resolve_settings()
    config.write_text('[keys]\npaus = "p"\n')
    with pytest.raises(ConfigError, match=r"config\.toml: \[keys\] has no action 'paus'; did you"):
        resolve_settings()


def test_settings_are_described_with_every_action(config):
    config.write_text('pace = "max"\n[keys]\npause = "p"\n')
    lines = describe_settings()
    assert lines[0] == str(config)
    assert "pace    full speed" in lines
    assert any(line.split()[:2] == ["pause", "p"] for line in lines)
    assert all(any(line.startswith(action.id) for line in lines) for action in LIVE_ACTIONS)


def test_each_action_has_one_plain_name():
    names = Counter(action.id for action in LIVE_ACTIONS)
    assert all(name.isidentifier() and count == 1 for name, count in names.items())


def test_the_list_of_runs_shares_a_name_only_where_it_shares_the_key():
    live = {action.id: action.keys for action in LIVE_ACTIONS}
    shared = [action for action in RUNS_ACTIONS if action.id in live and action.hint]
    assert shared
    assert {action.id: action.keys for action in shared} == {
        action.id: live[action.id] for action in shared
    }


def test_two_actions_on_one_key_are_refused():
    with pytest.raises(ConfigError, match="gives the key 'f' to two actions, 'pause' and 'fork'"):
        remap_actions(LIVE_ACTIONS, {"pause": ("f",)})
    swapped = remap_actions(LIVE_ACTIONS, {"pause": ("f",), "fork": ("space",)})
    assert {one.id: one.keys for one in swapped}["fork"] == "space"


async def test_a_key_of_the_users_works_and_is_shown(start):
    actions = remap_actions(LIVE_ACTIONS, {"log": ("p", "("), "help": ("h",)})
    async with start(chosen=ScreenSettings(actions=actions)) as bench:
        await bench.press("l")
        assert not bench.live.options.log_axis
        await bench.press("left_parenthesis")
        assert bench.live.options.log_axis
        await bench.press("p")
        assert not bench.live.options.log_axis
        assert "h help" in bench.live.query_one(KeyHints).text()
        await bench.press("h")
        assert bench.app.screen is not bench.live


async def test_the_pace_of_the_settings_is_that_of_the_run(start, fake_launcher, monkeypatch):
    monkeypatch.undo()
    async with start(chosen=ScreenSettings(pace=math.inf), launcher=fake_launcher()) as bench:
        assert bench.live.runs.newest.pace.rate == math.inf
        await bench.until(lambda: bench.snapshot.over)


@pytest.mark.parametrize(
    ("bell", "written"), [("off", ""), ("bell", "\x07"), ("notification", "\x1b]9;borji: ")]
)
async def test_the_end_is_announced_as_asked(start, monkeypatch, bell, written):
    async with start(chosen=ScreenSettings(bell=bell)) as bench:
        sent: list[str] = []
        driver = bench.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", sent.append)
        monkeypatch.setattr(bench.app, "bell", lambda: sent.append("\x07"))
        bench.live.runs.pause(paused=False)
        await bench.until(lambda: bench.live.runs.over)
        await bench.settle()
        await bench.settle()
        text = "".join(sent)
        assert text.count(written) == 1 if written else "\x07" not in text


async def test_what_is_chosen_on_the_screen_is_remembered(start, tmp_path):
    memory = Remembered(tmp_path / "choices.json")
    async with start(chosen=ScreenSettings(remembered=memory)) as bench:
        assert memory.read() == {}
        bench.app.theme = "collapse-light"
        bench.app.choose_marker("block")
        await bench.settle()
    assert memory.read() == {"theme": "collapse-light", "marker": "block"}


async def test_a_theme_that_follows_the_terminal_is_remembered_as_such(start, tmp_path):
    memory = Remembered(tmp_path / "choices.json")
    async with start(chosen=ScreenSettings(remembered=memory, background="light")) as bench:
        bench.app.choose_theme("auto")
        await bench.settle()
        assert bench.app.theme == "collapse-light"
        assert memory.read() == {"theme": "auto"}
