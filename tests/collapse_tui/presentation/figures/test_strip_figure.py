"""The figure of a run by generation: its shades, its axes, the real data beside it."""

import numpy as np
import pytest

from collapse_tui.presentation.figures.figure_page import matplotlib_settings
from collapse_tui.presentation.figures.figure_style import STYLES
from collapse_tui.presentation.figures.run_words import RunWords
from collapse_tui.presentation.figures.strip_figure import draw_strip_figure
from collapse_tui.presentation.figures.write_figures import FigureChoice, plan_figures
from collapse_tui.presentation.strip import RunStrip
from collapse_tui.presentation.strip_shades import explain_shades, shade_strip
from collapse_tui.storage.saved import SavedRun
from engines.views.strip import STRIPS

WORDS = RunWords("run", "Run.", "run")


def strip_of(name: str, values: np.ndarray, real: np.ndarray | None, width: int = 1) -> RunStrip:
    rows = values.astype(np.float32)
    given = None if real is None else real.astype(np.float32)
    return RunStrip(STRIPS[name], (-2.0, 2.0), width, rows[:-1], rows[-1], given)


def test_a_needle_is_the_strongest_shade_and_nothing_is_none() -> None:
    values = np.full((3, 4), 0.25)
    values[2] = [0.0, 1.0, 0.0, 0.0]
    shades = shade_strip(strip_of("density", values, values[0]))
    assert shades.columns[2].tolist() == [0.0, 1.0, 0.0, 0.0]
    assert np.allclose(shades.columns[0], shades.columns[0, 0])
    assert 0 < shades.columns[0, 0] < 1
    assert shades.real is not None
    assert np.array_equal(shades.real, shades.columns[0])


def test_zero_is_in_the_middle_of_signed_shades() -> None:
    values = np.array([[1.0, 0.0, -1.0], [9.0, 0.0, -9.0]])
    shades = shade_strip(strip_of("weights", values, values[0]))
    assert shades.columns[:, 1].tolist() == [0.5, 0.5]
    assert (shades.columns[:, 0] > 0.5).all()
    assert (shades.columns[:, 2] < 0.5).all()


@pytest.mark.parametrize("name", STRIPS)
@pytest.mark.parametrize("known", [True, False])
def test_every_kind_of_strip_has_a_figure(name: str, *, known: bool) -> None:
    values = np.random.default_rng(0).random((20, 8)) / 8
    strip = strip_of(name, values, values[0] if known else None, width=4)
    with matplotlib_settings():
        page = draw_strip_figure(strip, 3, WORDS, STYLES["paper"], 84.0)
        page.canvas.draw()
    (axes,) = page.figure.axes
    assert axes.get_xlabel() == "generation"
    assert axes.get_ylabel() == strip.strip.axis
    assert len(axes.images) == 1 + known
    assert axes.get_xlim()[1] == 79.5, "20 columns of 4 generations"
    said = [text.get_text() for text in page.figure.texts]
    assert explain_shades(strip.strip) in " ".join(said)
    assert said[0].endswith("run 1 of 3")


def test_the_strip_alone_can_be_asked_for(gaussians: SavedRun) -> None:
    figures = plan_figures(gaussians, FigureChoice(strip=True))
    assert [plan.name for plan in figures.plans] == ["strip"]
    with matplotlib_settings():
        page = figures.plans[0].draw(figures.style, figures.width)
    assert page.figure.axes[0].images[-1].get_array().shape[0] > 10
