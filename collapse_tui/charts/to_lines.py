"""Histograms, bars and scatter plots as line charts: curves, areas and dots.

Bins and states are merged until each is at least one of `width` cells wide.
"""

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band, Dots, Line, LineChart
from engines.arrays import FloatArray

NOTHING = np.empty(0)


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
    group = _group_size(edges.size - 1, width)
    count = (edges.size - 1) // group * group
    edges = edges[: count + 1 : group]
    real, now, law, theory = (
        shares[:count].reshape(-1, group).sum(axis=1) / np.diff(edges) if shares.size else shares
        for shares in (real[1:-1], now[1:-1], law, theory)
    )
    centres = (edges[:-1] + edges[1:]) / 2
    lines: list[Line] = []
    if theory.size:
        lines.append(Line(centres, theory, Colour.EXACT, "theory", "dashed"))
    if law.size:
        lines.append(Line(centres, law, Colour.LAW, "law"))
    return LineChart(
        tuple(lines), _areas(edges, real, now, log=log),
        x_limits=(float(edges[0]), float(edges[-1])),
        y_data=np.concatenate([real, now]), zero=True, log=log, log_x=log_x, title=title,
    )  # fmt: skip


def _group_size(count: int, width: int) -> int:
    return max(1, -(-count // max(8, width - 6)))


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
    starts = np.arange(0, states, _group_size(states, width))
    edges = np.append(starts, states) - 0.5
    sizes = np.diff(edges)
    real, now = (np.add.reduceat(part, starts) / sizes for part in (real, now))
    gone = (now <= 0) & (real > 0)
    dots: tuple[Dots, ...] = ()
    if gone.any():
        height = float(real[real > 0].min()) if log else 0.0
        middles = (edges[:-1] + sizes / 2)[gone]
        dots = (Dots(middles, np.full(middles.size, height), Colour.EXTINCT, "extinct", "×"),)
    return LineChart(
        (), _areas(edges, real, now, log=log), dots, x_limits=(-0.5, states - 0.5),
        y_data=np.concatenate([real, now]), zero=True, log=log, title=title,
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
    lines = [
        Line(*_ellipse(row), colour, "" if index else label)
        for rows, colour, label in (
            (real_ellipses, Colour.EXACT, "real 2σ"),
            (now_ellipses, Colour.LAW, "now 2σ"),
        )
        for index, row in enumerate(rows)
    ]
    dots = tuple(
        Dots(points[:, 0], points[:, 1], colour, label)
        for points, colour, label in ((real, Colour.REAL, "real"), (now, Colour.SERIES, "now"))
        if points.size
    )
    return LineChart(tuple(lines), dots=dots)


def _ellipse(row: FloatArray) -> tuple[FloatArray, FloatArray]:
    mean, covariance = row[:, 0], row[:, 1:]
    values, vectors = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 90)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    points = 2 * vectors @ (np.sqrt(np.clip(values, 0, None))[:, None] * circle)
    return mean[0] + points[0], mean[1] + points[1]
