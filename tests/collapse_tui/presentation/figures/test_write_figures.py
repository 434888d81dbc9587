"""Figures of a run: their files, sizes, words, and bytes that do not change."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from collapse_tui.optional_packages import MissingPackageError
from collapse_tui.presentation.figures.figure_style import STYLES
from collapse_tui.presentation.figures.write_figures import (
    FigureChoice,
    FigureSet,
    name_files,
    plan_figures,
    write_figures,
)
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.saved import SavedRun


def plan(run: SavedRun, *metrics: str, **choice: object) -> FigureSet:
    return plan_figures(run, FigureChoice(metrics=metrics, **choice))  # type: ignore[arg-type]


def test_a_pdf_has_a_page_for_each_figure(gaussians: SavedRun, tmp_path: Path) -> None:
    figures = plan(gaussians)
    names = [one.name for one in figures.plans]
    assert names[:3] == ["variance", "w2_squared", "log_sigma"]
    assert names[-2:] == ["strip", "view"]
    assert "w2_squared-variance" in names
    target = tmp_path / "run.pdf"
    assert name_files(target, figures.plans) == [(target, list(figures.plans))]
    write_figures(figures, figures.plans, target, ".pdf")
    data = target.read_bytes()
    assert len(re.findall(rb"/Type /Page\b", data)) == len(names)
    assert b"/FontType 3" not in data
    assert b"/Type3" not in data
    assert b"/FontFile2" in data, "TrueType, embedded"
    assert b"CreationDate" not in data
    assert b"collapse-tui" in data
    assert b"seed 1" in data


@pytest.mark.parametrize("kind", [".pdf", ".png", ".svg"])
def test_the_same_run_gives_the_same_bytes(gaussians: SavedRun, tmp_path: Path, kind: str) -> None:
    for name in ("a", "b"):
        figures = plan(gaussians, "variance")
        write_figures(figures, figures.plans, tmp_path / name, kind)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("style", "width", "millimetres"),
    [("paper", None, 84), ("paper", "page", 174), ("slides", None, 254), ("paper", "5in", 127)],
)
def test_a_png_is_as_wide_as_asked_for(
    gaussians: SavedRun, tmp_path: Path, style: str, width: str | None, millimetres: float
) -> None:
    figures = plan(gaussians, "variance", style=style, width=width)
    write_figures(figures, figures.plans, tmp_path / "a.png", ".png")
    with Image.open(tmp_path / "a.png") as image:
        dpi = STYLES[style].dpi
        assert image.width == pytest.approx(millimetres / 25.4 * dpi, abs=1)
        assert image.info["dpi"][0] == pytest.approx(dpi, abs=0.1)
        assert image.info["Title"] == "gaussians: variance"
        assert "seed 1" in image.info["Comment"]


def test_an_svg_has_its_width_in_points_and_a_title(gaussians: SavedRun, tmp_path: Path) -> None:
    figures = plan(gaussians, "log_sigma")
    write_figures(figures, figures.plans, tmp_path / "a.svg", ".svg")
    root = ET.parse(tmp_path / "a.svg").getroot()  # noqa: S314 - our own file
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(84 / 25.4 * 72, abs=0.1)
    text = (tmp_path / "a.svg").read_text()
    assert "<dc:title>gaussians: log_sigma</dc:title>" in text
    assert "<dc:date>" not in text


def test_files_are_named_after_their_figures(gaussians: SavedRun) -> None:
    figures = plan(gaussians, "variance", "log_sigma")
    files = name_files(Path("out/fig.png"), figures.plans[:2])
    assert [path.as_posix() for path, _ in files] == [
        "out/fig-variance.png",
        "out/fig-log_sigma.png",
    ]
    assert name_files(Path("fig.png"), figures.plans[:1])[0][0] == Path("fig.png")


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (FigureChoice(metrics=("varianse",)), "did you mean 'variance'?"),
        (FigureChoice(view=61), "has generations 0 to 60, got --view 61"),
        (FigureChoice(width="3mm"), "width must be column, page, or from 40mm to 1000mm"),
        (FigureChoice(width="wide"), "got 'wide'"),
    ],
)
def test_what_does_not_exist_is_refused(
    gaussians: SavedRun, choice: FigureChoice, words: str
) -> None:
    with pytest.raises(ExportError, match=re.escape(words)):
        plan_figures(gaussians, choice)


def test_without_matplotlib_a_sentence_says_what_to_install(
    gaussians: SavedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collapse_tui.optional_packages.find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"pip install 'collapse-tui\[figures\]'"):
        plan(gaussians)
