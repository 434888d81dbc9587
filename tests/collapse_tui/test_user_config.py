"""config.toml: what it may say, and the sentences about what it may not."""

import math
import re
from pathlib import Path

import pytest

from collapse_tui.user_config import (
    TEMPLATE,
    VARIABLE,
    ConfigError,
    UserConfig,
    config_path,
    parse_config,
    read_config,
)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def test_without_a_file_nothing_is_stated(config):
    assert config_path() == config
    assert read_config() == UserConfig()


def test_everything_that_can_be_stated(config):
    config.write_text(
        'theme = "light"\nmarker = "block"\nlayout = 2\npace = "max"\nbell = "notification"\n'
        '[keys]\npause = "p"\nleave = ["q", "x"]\n'
    )
    stated = read_config()
    assert (stated.theme, stated.marker, stated.layout) == ("light", "block", 2)
    assert (stated.pace, stated.bell) == (math.inf, "notification")
    assert stated.keys == {"pause": ("p",), "leave": ("q", "x")}


def test_the_template_is_valid_as_it_is_and_with_every_line_in_force(config):
    config.write_text(TEMPLATE)
    assert read_config() == UserConfig()
    lines = [line.removeprefix("# ") for line in TEMPLATE.splitlines() if "=" in line]
    lines.insert(5, "[keys]")
    config.write_text("\n".join(lines))
    assert read_config().pace == 30
    assert read_config().keys["pause"] == ("p",)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"themes": "dark"}, "unknown key 'themes'; did you mean 'theme'?"),
        ({"theme": 3}, "theme must be a name in quotes, got 3"),
        ({"marker": "dots"}, "marker must be one of braille, block, ascii, got 'dots'"),
        ({"layout": 0}, "layout must be a whole number from 1 to 9, got 0"),
        ({"layout": True}, "layout must be a whole number from 1 to 9, got True"),
        ({"pace": -1}, 'pace must be a number above 0 or "max", got -1'),
        ({"pace": math.nan}, 'pace must be a number above 0 or "max", got nan'),
        ({"bell": True}, "bell must be one of off, bell, notification, got True"),
        ({"keys": "p"}, "keys must be a table of actions and keys, got 'p'"),
        ({"keys": {"pause": []}}, "keys.pause must be a key or a list of keys, got []"),
        ({"keys": {"pause": ["p", 1]}}, "keys.pause must be a key or a list of keys"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(document, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_config(document)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"theme =", "is not TOML"), (b"\xff", "is not UTF-8"), (b"pace = 0", "pace must be")],
)
def test_the_file_is_named(config, content, sentence):
    config.write_bytes(content)
    with pytest.raises(ConfigError, match=sentence) as error:
        read_config()
    assert str(config) in str(error.value)


def test_a_folder_in_the_place_of_the_file_is_a_sentence(config):
    config.mkdir()
    with pytest.raises(ConfigError, match="cannot read"):
        read_config()
