"""`config`: shown, found, edited, removed."""

import sys
from pathlib import Path

import pytest

from collapse_tui.user_config import TEMPLATE, VARIABLE


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings" / "config.toml"
    monkeypatch.setenv(VARIABLE, str(path))
    monkeypatch.delenv("VISUAL", raising=False)
    return path


def test_settings_are_shown_and_the_file_found(cli, config):
    assert cli("config", "path").out == f"{config}\n"
    shown = cli("config")
    assert shown.code == 0
    assert "not there" in shown.out
    assert "theme   auto" in shown.out
    assert "pause" in shown.out


def test_an_editor_opens_the_template_and_what_it_leaves_is_checked(cli, config, monkeypatch):
    script = "import sys; open(sys.argv[1], 'a').write('# mine')"
    monkeypatch.setenv("EDITOR", f'{sys.executable} -c "{script}"')
    assert cli("config", "edit").code == 0
    assert config.read_text() == TEMPLATE + "# mine"
    wrong = "import sys; open(sys.argv[1], 'w').write('pace = 0')"
    monkeypatch.setenv("VISUAL", f'{sys.executable} -c "{wrong}"')
    refused = cli("config", "edit")
    assert refused.code == 2
    assert "pace must be a number above 0" in refused.err
    assert cli("config").code == 2


def test_without_an_editor_the_file_is_named(cli, config, monkeypatch):
    monkeypatch.delenv("EDITOR", raising=False)
    assert str(config) in cli("config", "edit").err
    monkeypatch.setenv("EDITOR", "no-such-editor-anywhere")
    assert "cannot start the editor 'no-such-editor-anywhere'" in cli("config", "edit").err
    monkeypatch.setenv("EDITOR", "false")
    assert "ended with 1" in cli("config", "edit").err


def test_reset_removes_the_file(cli, config):
    assert "there is no" in cli("config", "reset").err
    config.parent.mkdir()
    config.write_text('theme = "light"\n')
    assert "theme   light" in cli("config").out
    assert cli("config", "reset").code == 0
    assert not config.exists()


def test_an_unknown_word_names_the_nearest(cli, config):
    del config
    assert "did you mean 'path'" in cli("config", "pth").err
