"""`cite`: BibTeX of runs and of every preset."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import presets
from collapse_tui.experiment.loader import load
from collapse_tui.reproduction.citations import collect_references, format_bibtex
from engines.external.hub import MissingDownloadError

Cli = Callable[..., Any]
Preset = Callable[..., Path]
ENTRY = re.compile(r"@misc\{(\w+),\n((?:  \w+ = \{.*\},\n)+)\}\n?")


def entries(text: str) -> dict[str, str]:
    found = ENTRY.findall(text)
    assert "".join(ENTRY.split(text)[::3]).strip() == ""
    assert text.count("{") == text.count("}")
    keys = [key for key, _ in found]
    assert keys == sorted(set(keys))
    return dict(found)


def test_cite(cli: Cli, preset: Preset, tmp_path: Path) -> None:
    out = tmp_path / "runs" / "r"
    cli("batch", "--preset", preset("right"), "--replicates", 3, "--out", out, "--quiet")
    ended = cli("cite", "r")
    assert ended.code == 0
    found = entries(ended.out)
    assert {"shumailov2023", "cochran1934", "collapsetui"} <= set(found)
    assert not {"borji2024", "borkar2025", "shumailov2024"} & set(found)
    assert "eprint = {2305.17493}" in found["shumailov2023"]
    fresh = ("--set", "policy.fresh=0.1", "--out", tmp_path / "runs" / "f", "--quiet")
    cli("batch", "--preset", preset("right"), "--replicates", 3, *fresh)
    found = entries(cli("cite", "f").out)
    assert "doi = {10.1038/s41586-024-07566-y}" in found["shumailov2024"]
    assert cli("cite", "nothing").code == 2


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_can_be_cited(name: str) -> None:
    try:
        experiment = load(name)
    except MissingDownloadError:
        pytest.skip("its data are not on this machine")
    text = "\n\n".join(format_bibtex(reference) for reference in collect_references(experiment))
    found = entries(text)
    assert "collapsetui" in found
    assert len(found) > 1 or not experiment.paper


def test_a_paper_of_the_users_own(preset: Preset) -> None:
    path = preset()
    path.write_text(path.read_text().replace("Shumailov et al. 2023, arXiv:2305.17493", "Doe 2031"))
    found = entries("\n\n".join(map(format_bibtex, collect_references(load(str(path))))))
    assert "year = {2031}" in found["doe2031"]
