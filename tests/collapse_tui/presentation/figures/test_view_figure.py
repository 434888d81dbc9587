"""The figure of one generation, for every kind of view."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from collapse_tui.presentation.draw_view import VIEW_KINDS
from collapse_tui.presentation.figures.figure_page import matplotlib_settings
from collapse_tui.presentation.figures.figure_style import STYLES
from collapse_tui.presentation.figures.run_words import RunWords
from collapse_tui.presentation.figures.view_figure import draw_view_figure
from collapse_tui.presentation.figures.write_figures import (
    FigureChoice,
    plan_figures,
    write_figures,
)
from collapse_tui.presentation.view_content import split_view
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.storage.saved import SavedRun
from engines.views.view import View

WORDS = RunWords("run", "Run.", "run")
EDGES = np.linspace(-3, 3, 31)
SHARES = np.r_[0.1, np.full(30, 0.8 / 30), 0.1]
ELLIPSE = np.array([[[0.0, 1.0, 0.3], [0.0, 0.3, 1.0]]])
POINTS = np.random.default_rng(0).normal(size=(50, 2))
VIEWS: Mapping[str, View] = {
    "histogram": View(
        "histogram", {"edges": EDGES, "real": SHARES, "now": SHARES, "law": SHARES[1:-1]}
    ),
    "states": View(
        "states", {"real": np.full(5, 0.2), "now": np.r_[0.5, 0.5, 0, 0, 0], "values": np.arange(5)}
    ),
    "tokens": View(
        "tokens",
        {"ranks": np.arange(1.0, 9), "real": 1 / np.arange(2.0, 10), "now": np.r_[1.0, np.zeros(7)],
         "alive": np.array([1.0, 8.0])},
    ),
    "scatter": View(
        "scatter",
        {"real": POINTS, "now": POINTS[:9], "real_ellipses": ELLIPSE, "now_ellipses": ELLIPSE},
    ),
    "weights": View("weights", {"real": np.full(4, 0.5), "now": np.array([0.1, 0.4, 0.7, 0.5])}),
}  # fmt: skip


@pytest.mark.parametrize("kind", VIEW_KINDS)
@pytest.mark.parametrize("generation", [0, 7])
def test_every_kind_of_view_has_a_figure(
    kind: str, generation: int, made_views: Mapping[str, Callable[[int], View]]
) -> None:
    view = VIEWS[kind] if kind in VIEWS else made_views[kind](generation)
    content = split_view(ViewHistory(view, generation), 100)
    assert content.charts or content.pictures or content.passages
    with matplotlib_settings():
        page = draw_view_figure(ViewHistory(view, generation), 3, WORDS, STYLES["paper"], 84.0)
        page.canvas.draw()
    said = page.figure.texts[0].get_text()
    assert said == ("generation 7, run 1 of 3, and the real data" if generation else
                    "the real data")  # fmt: skip
    assert len(page.figure.axes) == len(content.charts) + len(content.pictures)


def test_the_view_of_a_generation_is_drawn(gaussians: SavedRun, tmp_path: Path) -> None:
    figures = plan_figures(gaussians, FigureChoice(view=40))
    assert [plan.name for plan in figures.plans] == ["view"]
    write_figures(figures, figures.plans, tmp_path / "a.svg", ".svg")
    assert "gaussians: generation 40" in (tmp_path / "a.svg").read_text()
