"""`export`: every format."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.storage.saved import SavedRun

Cli = Callable[..., Any]


@pytest.mark.parametrize("suffix", [".csv", ".replicates.csv", ".json", ".npz", ".parquet"])
def test_export(cli: Cli, small: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"run{suffix}"
    ended = cli("export", "small", target)
    assert (ended.code, ended.out) == (0, "")
    assert f"wrote {target}" in ended.err
    assert cli("export", "small", target, "--force").code == 0
    values = SavedRun.open(small).values("mean")
    if suffix == ".csv":
        rows = list(csv.DictReader(target.read_text().splitlines()))
        assert [float(row["mean_mean"]) for row in rows] == pytest.approx(values.mean(axis=1))
    if suffix == ".npz":
        with np.load(target) as arrays:
            assert np.array_equal(arrays["mean"], values)


def test_figures_say_which_files_they_are(cli: Cli, small: Path, tmp_path: Path) -> None:
    del small
    ended = cli("export", "small", tmp_path / "a.png", "--metric", "variance", "--view", "3")
    assert (ended.code, ended.out) == (0, "")
    for name in ("variance", "view"):
        assert f"wrote {tmp_path}/a-{name}.png: generations 0 to 12 of small" in ended.err
        assert (tmp_path / f"a-{name}.png").read_bytes()[1:4] == b"PNG"
    assert not (tmp_path / "a.png").exists()
    again = cli("export", "small", tmp_path / "a.png", "--metric", "variance", "--view", "3")
    assert again.code == 2
    assert f"{tmp_path}/a-variance.png already exists" in again.err


def test_a_style_makes_an_svg_a_figure(cli: Cli, small: Path, tmp_path: Path) -> None:
    del small
    plain, figure = tmp_path / "a.svg", tmp_path / "b.svg"
    assert cli("export", "small", plain).code == 0
    assert cli("export", "small", figure, "--style", "slides", "--metric", "mean").code == 0
    assert "matplotlib" not in plain.read_text().lower()
    assert "<dc:title>small: mean</dc:title>" in figure.read_text()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.csv", "--metric and --view are for figures: let a.csv end in .pdf or .png"),
        ("a.svg", "are for figures: add --style paper, or let a.svg end in .pdf or .png"),
        ("a.doc", "must end in one of .replicates.csv .csv .json .npz .parquet"),
    ],
)
def test_options_of_figures_are_refused_elsewhere(
    cli: Cli, small: Path, tmp_path: Path, name: str, words: str
) -> None:
    del small
    ended = cli("export", "small", tmp_path / name, "--metric", "mean", "--view", "1")
    assert ended.code == 2
    assert words in ended.err
    assert not (tmp_path / name).exists()
