"""What stands on a figure of a metric, and where."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Line, LineChart
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.presentation.figures.chart_axes import draw_chart
from collapse_tui.presentation.figures.end_labels import EndLabel, find_end_labels, spread_labels
from collapse_tui.presentation.figures.figure_page import FigurePage
from collapse_tui.presentation.figures.figure_style import STYLES, dash_of
from collapse_tui.presentation.figures.metric_figure import axis_words, build_chart
from collapse_tui.presentation.figures.write_figures import FigureChoice, plan_figures
from collapse_tui.presentation.stored_scene import load_scene, load_theory
from collapse_tui.storage.saved import SavedRun


def drawn(saved: SavedRun, name: str) -> FigurePage:
    figures = plan_figures(saved, FigureChoice(metrics=(name,)))
    return figures.plans[0].draw(figures.style, figures.width)


def texts(page: FigurePage) -> list[str]:
    (axes,) = page.figure.axes
    return [text.get_text() for text in (*page.figure.texts, *axes.texts)]


def test_names_of_curves_bands_and_laws_stand_at_their_ends(gaussians: SavedRun) -> None:
    page = drawn(gaussians, "variance")
    said = texts(page)
    for name in ("median", "mean", "50 % of runs", "90 % of runs", "exact mean", "median, approx."):
        assert name in said
    assert page.figure.axes[0].get_xlabel() == "generation"
    assert said[0] == "variance of model n"


def test_no_name_leaves_the_page_or_covers_another(gaussians: SavedRun) -> None:
    page = drawn(gaussians, "variance")
    renderer: Any = page.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in page.figure.axes[0].texts]
    assert len(boxes) >= 6
    for box in boxes:
        assert 0 <= box.x0 < box.x1 <= page.width + 0.5
        assert 0 <= box.y0 < box.y1 <= page.height
    boxes.sort(key=lambda box: box.y0)
    for below, above in pairwise(boxes):
        assert above.y0 >= below.y1 - 0.35 * page.style.text, "lines of text, with their descenders"


def test_references_published_values_and_the_seed_stand_below(gaussians: SavedRun) -> None:
    said = " ".join(texts(drawn(gaussians, "variance")))
    assert "arXiv:2305.17493" in said
    assert "seed 1, 20 replicates, generations 0 to 60" in said
    assert "◇ mean at generation 50: 1 (paper" in said
    assert "Costs $5 and $6" in said, "a dollar sign is no formula"


def test_an_axis_is_logarithmic_where_values_span_decades(gaussians: SavedRun) -> None:
    experiment, curves, _ = load_theory(gaussians)
    scene = load_scene(gaussians, experiment, curves)
    assert not build_chart(scene, "variance").log
    rows = scene.snapshot.series["variance"].copy()
    rows[:, :6] *= np.geomspace(1, 1e-6, len(rows))[:, None]
    fallen = replace(scene, snapshot=replace(scene.snapshot, series={"variance": rows}))
    assert build_chart(fallen, "variance").log


def test_every_meaning_has_its_own_dash() -> None:
    meanings = (Colour.SERIES, Colour.MEAN, Colour.EXACT, Colour.LIMIT, Colour.PUBLISHED,
                Colour.BOUND)  # fmt: skip
    assert len({dash_of(colour, "solid") for colour in meanings}) == len(meanings)


def test_labels_are_moved_apart_and_stay_beside_the_axes() -> None:
    labels = [EndLabel(1.0, y, str(y), "#000000") for y in (0.97, 0.98, 0.99, 1.0, 0.0)]
    labels.append(EndLabel(0.3, 0.98, "inside", "#000000"))
    spread = spread_labels(labels, height=100.0, text=7.0)
    places = sorted(label.y for label in spread if label.outside)
    assert np.diff(places).min() >= 0.08
    assert places[0] == 0.0
    assert places[-1] == 1.0
    assert labels[-1] in spread


def test_a_law_that_ends_is_named_where_it_ends() -> None:
    x = np.arange(11.0)
    law = np.where(x <= 4, 1.0, np.nan)
    chart = LineChart((Line(x, law, Colour.EXACT, "law"), Line(x, x, Colour.SERIES, "run")))
    page = FigurePage(STYLES["paper"], 84.0, "title")
    axes = page.add_axes()
    draw_chart(axes, chart, page.style)
    found = {label.text: label for label in find_end_labels(axes, chart)}
    assert found["law"].x == pytest.approx(0.4)
    assert not found["law"].outside
    assert found["run"].outside


def test_words_of_a_metric_and_of_its_variance() -> None:
    assert axis_words("w1") == "W₁ to the real law: Wasserstein-1 distance to the source"
    assert axis_words("variance") == "variance of model n"
    assert axis_words("mean:variance") == "variance over the replicates of mean of model n"
    assert axis_words("of_a_plugin") == "of_a_plugin"


def test_boxes_of_few_generations_are_named_too(tmp_path: Path) -> None:
    experiment = load("shumailov", generations=3, replicates=8, **{"metrics.names": ["variance"]})
    list(run(experiment, folder=tmp_path / "few", device="cpu"))
    page = drawn(SavedRun.open(tmp_path / "few"), "variance")
    assert {"median", "exact mean", "50 % of runs"} <= set(texts(page))
    page.canvas.draw()
