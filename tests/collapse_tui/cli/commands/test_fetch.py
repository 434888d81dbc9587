"""`fetch`: what a preset needs from the network, asked of a Hugging Face of our own."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest

Cli = Callable[..., Any]

WIKI = '[source]\nname = "text"\ndataset = "wikitext-2"\n[engine]\nname = "ngram"\n'


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    path = tmp_path / "wiki.toml"
    path.write_text("format = 1\n" + WIKI)
    return path


@pytest.fixture
def hugging_face(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give what was fetched, from a repository with a file of each kind."""
    names = ["README.md", "wikitext-2-raw-v1/train-0.parquet", "wikitext-103-v1/train-0.parquet"]
    files = [SimpleNamespace(rfilename=name, size=2_000_000_000) for name in names]
    taken: list[list[str]] = []

    def info(*_: Any, **__: Any) -> SimpleNamespace:
        return SimpleNamespace(siblings=files)

    def snapshot(repository: str, *, allow_patterns: list[str], **_: Any) -> str:
        taken.append([repository, *allow_patterns])
        return "/cache/folder"

    monkeypatch.setattr(huggingface_hub.HfApi, "repo_info", info)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    return taken


def test_what_is_needed_is_fetched(cli: Cli, preset: Path, hugging_face: list[list[str]]) -> None:
    ended = cli("fetch", preset)
    assert ended.code == 0
    assert hugging_face == [["Salesforce/wikitext", "wikitext-2-raw-v1/train-0.parquet"]]
    assert "1 file, 2.00 GB" in ended.err
    assert ended.out == "Salesforce/wikitext is in /cache/folder\n"


def test_a_preset_that_needs_nothing_says_so(cli: Cli) -> None:
    assert cli("fetch", "borji") == (0, "borji needs nothing from the network\n", "")


def test_no_network_is_one_sentence(
    cli: Cli, preset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def info(*_: Any, **__: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(huggingface_hub.HfApi, "repo_info", info)
    ended = cli("fetch", preset)
    assert ended.code == 2
    assert ended.err.startswith("error: Hugging Face cannot be reached (no route to host): fetch")
    assert ended.err.count("\n") == 1


def test_an_unknown_preset_is_named(cli: Cli) -> None:
    ended = cli("fetch", "borj")
    assert ended.code == 2
    assert "did you mean" in ended.err
    assert "'borji'" in ended.err


def test_a_run_without_its_data_names_the_command(cli: Cli, preset: Path) -> None:
    ended = cli("batch", "--preset", preset)
    assert ended.code == 2
    assert f"`collapse-tui fetch {preset}` fetches what is missing" in ended.err
