"""Histograms, bars and scatter plots as line charts: curves, areas and dots.

Bins and states are merged until each is at least one of `width` cells wide.
"""

import numpy as np

from collapse_tui.charts.bins import (
    AXIS,
    FEWEST,
    are_whole_numbers,
    column_size,
    group_edges,
    smooth_points,
    split_bars,
    sum_groups,
    with_gaps,
)
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band, Dash, Dots, Line, LineChart
from engines.arrays import FloatArray

NOTHING = np.empty(0)
FEW_STATES = 12
"""States up to which each is named below its bar, as far as there is room."""
LAWS: tuple[tuple[Colour, str, Dash], ...] = (
    (Colour.LAW, "model", "solid"),
    (Colour.EXACT, "theory", "dashed"),
)
"""How the law of the fitted model and, over it, that which theory gives are drawn."""
SAME, BOTH = 0.03, "model ≈ theory"
"""Share of the largest density within which the two are one curve, and its name."""


def _law_curves(
    centres: FloatArray, law: FloatArray, theory: FloatArray, *, log: bool
) -> list[Line]:
    """Return the curves of the model and of theory; one for both where it would hide the other."""
    together = law.size == theory.size > 0 and not log
    if together and float(np.abs(law - theory).max()) <= SAME * float(law.max()):
        return [Line(centres, law, Colour.LAW, BOTH, "solid")]
    return [
        Line(centres, mass, colour, label, dash)
        for mass, (colour, label, dash) in zip((law, theory), LAWS, strict=True)
        if mass.size
    ]


def histogram_lines(  # noqa: PLR0913 - arrays by position, all else by keyword
    edges: FloatArray,
    real: FloatArray,
    now: FloatArray,
    width: int,
    *,
    law: FloatArray = NOTHING,
    theory: FloatArray = NOTHING,
    log: bool = False,
    log_x: bool = False,
    title: str = "",
) -> LineChart:
    """Return the original and the generation shown as areas, and exact laws as curves.

    Parameters
    ----------
    edges : ndarray, shape (b + 1,)
    real, now : ndarray, shape (b + 2,)
        Shares, with the two overflow bins first and last.
    width : int
        In cells.
    law, theory : ndarray, shape (b,) or (0,)
        Exact mass in each bin of the fitted model, and of what theory gives.
    log : bool
    log_x : bool
        Edges are decimal logarithms, so that densities are per decade.
    title : str
    """
    group = column_size(edges.size - 1, width)
    edges = group_edges(edges, group)
    real, now, law, theory = (
        sum_groups(shares, group) for shares in (real[1:-1], now[1:-1], law, theory)
    )
    widths = np.diff(edges)
    law, theory = (mass / widths if mass.size else mass for mass in (law, theory))
    if are_whole_numbers(edges):
        return _whole_numbers(edges, real / widths, now / widths, law, theory, width, log=log)
    real, now = smooth_points(edges, real), smooth_points(edges, now)
    centres = (edges[:-1] + edges[1:]) / 2
    lines = _law_curves(centres, law, theory, log=log)
    return LineChart(
        tuple(lines), _areas(edges, real, now, log=log),
        x_limits=(float(edges[0]), float(edges[-1])),
        y_data=np.concatenate([real, now]), zero=True, log=log, log_x=log_x, title=title,
    )  # fmt: skip


def _whole_numbers(  # noqa: PLR0913 - the four densities of one histogram
    edges: FloatArray, real: FloatArray, now: FloatArray, law: FloatArray, theory: FloatArray,
    width: int, *, log: bool,
) -> LineChart:  # fmt: skip
    """Return bars, and laws as the height that they give each bar: between them there is none."""
    limits = (float(edges[0]), float(edges[-1]))
    bars, step = split_bars(edges, width)
    lines = [
        Line(bars, with_gaps(mass, step), colour, label, dash, steps=True)
        for mass, (colour, label, dash) in zip((law, theory), LAWS, strict=True)
        if mass.size
    ]
    areas = _areas(bars, with_gaps(real, step), with_gaps(now, step), log=log)
    return LineChart(
        tuple(lines), areas, x_limits=limits, y_data=np.concatenate([real, now, law]),
        zero=True, log=log, whole_x=True,
    )  # fmt: skip


def _areas(edges: FloatArray, real: FloatArray, now: FloatArray, *, log: bool) -> tuple[Band, ...]:
    floor = np.full(real.shape, np.nan if log else 0.0)
    return (
        Band(edges, floor, real, Colour.REAL_FILL, "real", steps=True),
        Band(edges, floor, now, Colour.NOW_FILL, "now", steps=True),
        Band(edges, floor, np.fmin(real, now), Colour.BOTH_FILL, steps=True),
    )


def bars_lines(
    real: FloatArray, now: FloatArray, width: int, *, log: bool = False, title: str = ""
) -> LineChart:
    """Return probabilities of states as areas, with a cross at each extinct state.

    Parameters
    ----------
    real, now : ndarray, shape (k,)
        At the source, and in the generation shown.
    width : int
        In cells.
    log : bool
    title : str
    """
    states = real.size
    if states == 0:
        return LineChart()
    group = column_size(states, width)
    edges = group_edges(np.arange(states + 1, dtype=np.float64) - 0.5, group)
    sizes = np.diff(edges)
    real, now = (sum_groups(part, group) / sizes for part in (real, now))
    gone = (now <= 0) & (real > 0)
    dots: tuple[Dots, ...] = ()
    if gone.any():
        height = float(real[real > 0].min()) if log else 0.0
        middles = (edges[:-1] + sizes / 2)[gone]
        dots = (Dots(middles, np.full(middles.size, height), Colour.EXTINCT, "extinct", "×"),)
    bars, step = split_bars(edges, width)
    named = tuple((float(at), str(at)) for at in range(states)) if states <= FEW_STATES else ()
    return LineChart(
        (), _areas(bars, with_gaps(real, step), with_gaps(now, step), log=log), dots,
        x_limits=(-0.5, states - 0.5), y_data=np.concatenate([real, now]), zero=True, log=log,
        title=title, whole_x=True, x_ticks=named,
    )  # fmt: skip


def ranks_lines(real: FloatArray, now: FloatArray, width: int) -> LineChart:
    """Return probabilities by rank on two logarithmic axes, with a cross where all are extinct.

    Parameters
    ----------
    real, now : ndarray, shape (k,)
        At the source, descending, and in the generation shown, of the same states.
    width : int
        In cells. States that share a column are drawn as their mean.
    """
    columns = max(FEWEST, width - AXIS)
    bounds = np.unique(np.geomspace(1, real.size + 1, columns + 1).round()).astype(np.int64)
    edges, sizes = np.log10(bounds), np.diff(bounds)
    real, now = (np.add.reduceat(part, bounds[:-1] - 1) / sizes for part in (real, now))
    gone = (now <= 0) & (real > 0)
    middles = ((edges[:-1] + edges[1:]) / 2)[gone]
    positive = np.concatenate([real[real > 0], now[now > 0]])
    floor = float(positive.min(initial=1.0))
    crosses = Dots(middles, np.full(middles.size, floor), Colour.EXTINCT, "extinct", "×")
    return LineChart(
        (), _areas(edges, real, now, log=True), (crosses,) if gone.any() else (),
        x_limits=(0.0, float(edges[-1])), y_data=positive, log=True, log_x=True,
        x_name="rank",
    )  # fmt: skip


def scatter_lines(
    real: FloatArray, now: FloatArray, real_ellipses: FloatArray, now_ellipses: FloatArray
) -> LineChart:
    """Return both clouds as dots and every component as the ellipse of two standard deviations.

    Parameters
    ----------
    real, now : ndarray, shape (m, 2)
    real_ellipses, now_ellipses : ndarray, shape (k, 2, 3)
        Mean and covariance of each component as [mean | covariance].
    """
    whole = [rows[np.isfinite(rows).all(axis=(1, 2))] for rows in (real_ellipses, now_ellipses)]
    real_outlines, now_outlines = ([_ellipse(row) for row in rows] for rows in whole)
    lines = [
        Line(x, y, Colour.LAW, "" if index else "now 2σ")
        for index, (x, y) in enumerate(now_outlines)
    ]
    dots = tuple(
        Dots(points[:, 0], points[:, 1], colour, label)
        for points, colour, label in ((real, Colour.REAL, "real"), (now, Colour.SERIES, "now"))
        if points.size
    )
    # points that are not joined: they differ from the other outlines without a colour too
    outlines = tuple(
        Dots(x, y, Colour.EXACT, "" if index else "real 2σ")
        for index, (x, y) in enumerate(real_outlines)
    )
    return LineChart(tuple(lines), dots=(*dots, *outlines))


def _ellipse(row: FloatArray) -> tuple[FloatArray, FloatArray]:
    mean, covariance = row[:, 0], row[:, 1:]
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 90)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    points = 2 * vectors @ (np.sqrt(np.clip(values, 0, None))[:, None] * circle)
    return mean[0] + points[0], mean[1] + points[1]
