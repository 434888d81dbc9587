"""Views of vectors and of weights: a needle looks like one, and paths leave the true weights."""

import numpy as np
import pytest

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.events import Curve
from collapse_tui.presentation.draw_view import draw_view, explain_view, view_caption
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.presentation.view_history import ViewHistory
from engines.views.view import View

RNG = np.random.Generator(np.random.PCG64(11))


def ellipse(first: float, last: float) -> np.ndarray:
    return np.array([[[0.0, first**2, 0.0], [0.0, 0.0, last**2]]])


def needle_view(first: float, last: float) -> View:
    """Return a cloud of these deviations beside a round source of deviation 1."""
    sds = np.array([[1.0, 1.0], [first, last]])
    real = RNG.normal(size=(200, 2))
    now = RNG.normal(size=(200, 2)) * sds[1]
    arrays = {"real": real, "now": now, "real_ellipses": ellipse(1, 1),
              "now_ellipses": ellipse(first, last), "axis_sds": sds}  # fmt: skip
    return View("scatter", arrays)


def extent(canvas: Canvas, colour: Colour) -> tuple[int, int]:
    """Return the columns and the rows of the data area that are drawn in a colour."""
    area = canvas.area
    braille = (canvas.chars >= "⠀") & (canvas.chars <= "⣿")
    drawn = (canvas.foreground == colour) & braille
    drawn = drawn[area.top : area.top + area.height, area.left : area.left + area.width]
    rows, columns = (np.flatnonzero(drawn.any(axis=axis)) for axis in (1, 0))
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


@pytest.mark.parametrize("size", [(44, 12), (80, 20), (110, 40)])
@pytest.mark.parametrize("last", [1e-3, 1e-9])
def test_a_needle_is_a_line_as_long_as_its_first_axis(size, last):
    canvas = draw_view(ViewHistory(needle_view(0.8, last), 9), *size, "braille")
    wide, high = extent(canvas, Colour.LAW)
    assert high == 1
    assert 4 * 0.8 / 6 * 0.35 * canvas.area.width < wide


@pytest.mark.parametrize("size", [(44, 12), (80, 20), (110, 40)])
def test_a_circle_is_round(size):
    canvas = draw_view(ViewHistory(needle_view(1.0, 1.0), 9), *size, "braille")
    wide, high = extent(canvas, Colour.LAW)
    assert wide == pytest.approx(2 * high, rel=0.25)


def test_a_tiny_needle_is_enlarged_and_the_caption_says_so():
    view = needle_view(0.01, 1e-7)
    canvas = draw_view(ViewHistory(view, 300), 60, 16, "braille")
    wide, high = extent(canvas, Colour.LAW)
    assert high == 1
    assert wide > canvas.area.width / 3
    caption = "".join(text for text, _ in view_caption(view, 300))
    assert "sd 0.01 along the first axis, 1e−7 along the last · 100 times enlarged" in caption


def test_the_caption_of_a_plane_says_nothing_of_axes():
    view = needle_view(1.0, 0.5)
    arrays = {**view.arrays, "axis_sds": np.empty((0, 2))}
    assert "axis" not in "".join(text for text, _ in view_caption(View("scatter", arrays), 3))


def test_views_stored_before_there_were_axes_are_drawn():
    index = np.arange(10.0)
    points = np.stack([index, index], axis=1)
    none = np.empty((0, 2, 3))
    arrays = {"real": points, "now": points + 1, "real_ellipses": none, "now_ellipses": none}
    old = View("scatter", arrays, {"axes": "weight number against its value"})
    assert draw_view(ViewHistory(old, 1), 44, 12, "braille").has(Colour.SERIES)


@pytest.mark.parametrize("broken", [np.nan, np.inf, 0.0])
def test_a_law_that_is_not_one_is_drawn_without_error(broken):
    view = needle_view(1.0, 0.5)
    arrays = {**view.arrays, "now_ellipses": np.full((1, 2, 3), broken),
              "axis_sds": np.array([[1.0, 1.0], [broken, broken]])}  # fmt: skip
    assert draw_view(ViewHistory(View("scatter", arrays), 9), 44, 12, "braille").width == 44


TRUE = np.full(6, 0.4)


def weights_view(n: int) -> View:
    steps = np.random.Generator(np.random.PCG64(12)).normal(0, 0.1, (30, 6))
    return View("weights", {"real": TRUE, "now": TRUE + steps[:n].sum(axis=0)})


def weights_history(n: int, curves: tuple[Curve, ...] = ()) -> ViewHistory:
    views = [weights_view(at) for at in range(n + 1)]
    history = Scene(Snapshot(generation=n, views=views, curves=curves)).view_history()
    assert history is not None
    return history


def test_paths_begin_at_the_true_weights_and_leave_them():
    canvas = draw_view(weights_history(30), 60, 16, "braille")
    area = canvas.area
    rows = slice(area.top, area.top + area.height)
    lit = np.isin(canvas.foreground, (Colour.SERIES, Colour.EXACT)) & (canvas.chars != " ")
    spread = lit[rows].sum(axis=0)
    assert spread[area.left] <= 2
    assert spread[area.left + area.width - 3 :].max() >= 5
    assert canvas.parts == ("paths",)
    assert "path of each weight" in explain_view(weights_view(30), canvas)


@pytest.mark.parametrize("size", [(60, 24), (120, 16)])
def test_the_error_is_drawn_with_the_laws_of_its_metric_alone(size):
    ramp = np.linspace(0.0, 2.0, 31)
    laws = (
        Curve("a", "mean, exact", "test_error", "mean", "exact", ramp, None, ""),
        Curve("b", "below: accumulated", "test_error", "mean", "bound", ramp / 4, None, ""),
        Curve("c", "of another metric", "weight_norm", "mean", "exact", ramp, None, ""),
    )
    canvas = draw_view(weights_history(30, laws), *size, "braille")
    text = to_plain_text(canvas, PALETTES["plain"])
    assert canvas.parts == ("paths", "error")
    assert "error ‖w − w*‖²" in text
    assert canvas.has(Colour.BOUND)
    assert "of another metric" not in text


def test_the_error_of_the_caption_is_that_of_the_weights():
    view = View("weights", {"real": TRUE, "now": TRUE + 0.1})
    assert "‖w − w*‖² 0.06" in "".join(text for text, _ in view_caption(view, 2))


def test_the_original_has_its_weights():
    canvas = draw_view(weights_history(0), 60, 16, "braille")
    assert canvas.has(Colour.EXACT)
