"""Histograms, bars and scatter plots as line charts: curves, areas and dots."""

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import (
    Band,
    BarsChart,
    Dots,
    HistogramChart,
    Line,
    LineChart,
    ScatterChart,
)
from engines.arrays import FloatArray


def to_line_chart(chart: HistogramChart | BarsChart | ScatterChart, width: int) -> LineChart:
    """Return `chart` as curves, areas and dots.

    Parameters
    ----------
    chart : HistogramChart, BarsChart or ScatterChart
    width : int
        Cells; bins are merged until each is at least one cell wide.

    Returns
    -------
    LineChart
    """
    if isinstance(chart, HistogramChart):
        return histogram_lines(chart, width)
    if isinstance(chart, BarsChart):
        return bars_lines(chart, width)
    return scatter_lines(chart)


def histogram_lines(chart: HistogramChart, width: int) -> LineChart:
    """Return the original and the generation shown as areas, and the laws as curves."""
    group = max(1, -(-(chart.edges.size - 1) // max(8, width - 6)))
    edges, parts = _merge_bins(chart, group)
    real, now, law, theory = (part / np.diff(edges) if part.size else part for part in parts)
    centres = (edges[:-1] + edges[1:]) / 2
    lines: list[Line] = []
    if theory.size:
        lines.append(Line(centres, theory, Colour.EXACT, "theory", "dashed"))
    if law.size:
        lines.append(Line(centres, law, Colour.LAW, "law"))
    return LineChart(
        tuple(lines), _areas(edges, real, now, log=chart.log),
        x_limits=(float(edges[0]), float(edges[-1])),
        y_data=np.concatenate([real, now]), zero=True, log=chart.log, log_x=chart.log_x,
        title=chart.title,
    )  # fmt: skip


def _merge_bins(chart: HistogramChart, group: int) -> tuple[FloatArray, list[FloatArray]]:
    count = (chart.edges.size - 1) // group * group
    edges = chart.edges[: count + 1 : group]

    def merge(shares: FloatArray) -> FloatArray:
        return shares[:count].reshape(-1, group).sum(axis=1) if shares.size else shares

    inner = [chart.real[1:-1], chart.now[1:-1], chart.law, chart.theory]
    return edges, [merge(part) for part in inner]


def _areas(edges: FloatArray, real: FloatArray, now: FloatArray, *, log: bool) -> tuple[Band, ...]:
    floor = np.full(real.shape, np.nan if log else 0.0)
    return (
        Band(edges, floor, real, Colour.REAL_FILL, "real", steps=True),
        Band(edges, floor, now, Colour.NOW_FILL, "now", steps=True),
        Band(edges, floor, np.fmin(real, now), Colour.BOTH_FILL, steps=True),
    )


def bars_lines(chart: BarsChart, width: int) -> LineChart:
    """Return the source and the generation shown as areas, with a cross at each extinct state."""
    states = chart.real.size
    if states == 0:
        return LineChart()
    group = max(1, -(-states // max(8, width - 6)))
    starts = np.arange(0, states, group)
    edges = np.append(starts, states) - 0.5
    sizes = np.diff(edges)
    real, now = (np.add.reduceat(part, starts) / sizes for part in (chart.real, chart.now))
    gone = (now <= 0) & (real > 0)
    dots: tuple[Dots, ...] = ()
    if gone.any():
        height = float(real[real > 0].min()) if chart.log else 0.0
        middles = (edges[:-1] + sizes / 2)[gone]
        dots = (Dots(middles, np.full(middles.size, height), Colour.EXTINCT, "extinct", "×"),)
    return LineChart(
        (), _areas(edges, real, now, log=chart.log), dots, x_limits=(-0.5, states - 0.5),
        y_data=np.concatenate([real, now]), zero=True, log=chart.log, title=chart.title,
    )  # fmt: skip


def scatter_lines(chart: ScatterChart) -> LineChart:
    """Return both clouds as dots and every component as the ellipse of two standard deviations."""
    lines = [
        Line(*_ellipse(row), colour, "" if index else label)
        for rows, colour, label in (
            (chart.real_ellipses, Colour.EXACT, "real 2σ"),
            (chart.now_ellipses, Colour.LAW, "now 2σ"),
        )
        for index, row in enumerate(rows)
    ]
    dots = tuple(
        Dots(points[:, 0], points[:, 1], colour, label)
        for points, colour, label in (
            (chart.real, Colour.REAL, "real"),
            (chart.now, Colour.SERIES, "now"),
        )
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
