"""The layout of a chart: limits, ticks, data area, and the scales from values to dots."""

from dataclasses import dataclass

import numpy as np

from collapse_tui.charts.canvas import Area
from collapse_tui.charts.plotext_adapter import DOTS, Ticks
from collapse_tui.charts.spec import LineChart, Marker
from collapse_tui.number_format import linear_ticks, log_ticks, round_limits
from engines.arrays import FloatArray

FRAME_COLUMNS, FRAME_ROWS = 16, 5
"""Cells from which on axes are drawn."""

ENOUGH = 5
"""Intervals from which on at least two round numbers lie on an axis."""

HUGE = 1e150
MOST_DECADES = 18
"""Decades that a logarithmic axis spans at most."""


@dataclass(frozen=True, slots=True)
class Scales:
    """The scales of one chart.

    Attributes
    ----------
    area : Area
        With the limits of x.
    y_low, y_high : float
        Limits of y, as decimal logarithms if `log`.
    log : bool
    ticks : Ticks or None
    across, down : int
        Columns and rows of dots in one cell.
    """

    area: Area
    y_low: float
    y_high: float
    log: bool
    ticks: Ticks | None
    across: int
    down: int

    @property
    def columns(self) -> int:
        """Columns of dots."""
        return self.area.width * self.across

    @property
    def rows(self) -> int:
        """Rows of dots."""
        return self.area.height * self.down

    def x_dots(self, x: FloatArray) -> FloatArray:
        """Return `x` in dots."""
        return (x - self.area.low) / (self.area.high - self.area.low) * self.columns

    def y_dots(self, y: FloatArray) -> FloatArray:
        """Return `y` in dots; what is far outside the area is moved to just outside of it."""
        dots = (axis_values(y, log=self.log) - self.y_low) / (self.y_high - self.y_low) * self.rows
        inside = np.clip(dots, -2.0 * self.rows, 3.0 * self.rows)
        # plotext drops what lies exactly on the upper limit.
        return np.where(
            (inside >= self.rows) & (inside < self.rows + 0.5), self.rows - 0.01, inside
        )


def axis_values(y: FloatArray, *, log: bool) -> FloatArray:
    """Return `y` on the scale of the axis: limited to a finite range, its logarithm if `log`."""
    values = np.where(np.isfinite(y), np.clip(y, -HUGE, HUGE), np.nan)
    if not log:
        return values
    return np.log10(np.where(values > 0, values, np.nan))


def compute_scales(chart: LineChart, width: int, height: int, marker: Marker) -> Scales:
    """Return the scales of `chart` on `width` × `height` cells.

    Parameters
    ----------
    chart : LineChart
    width, height : int
        Cells for axes and data; the title is not among them.
    marker : str

    Returns
    -------
    Scales
    """
    x_low, x_high = x_limits(chart)
    y_low, y_high = y_limits(chart)
    across, down = DOTS[marker]
    area, ticks = Area(0, 0, width, height, x_low, x_high), None
    if chart.frame and width >= FRAME_COLUMNS and height >= FRAME_ROWS:
        tall = max(2, (height - 2) // 3)
        y_at, y_labels = label_axis(y_low, y_high, tall, marker, log=chart.log)
        gutter = max(chart.gutter, max((len(label) for label in y_labels), default=0) + 1)
        y_labels = [label.rjust(gutter - 1) for label in y_labels]
        area = Area(gutter, 0, max(1, width - gutter), height - 2, x_low, x_high)
        wide = max(1, area.width // 12)
        x_at, x_labels = label_axis(x_low, x_high, wide, marker, log=chart.log_x)
        if chart.x_ticks:
            x_at, x_labels = _fitting_ticks(chart, area)
        elif chart.whole_x:
            x_at, x_labels = whole_ticks(x_at, x_labels)
        columns, rows = across * area.width, down * area.height
        x, y = _to_dots(x_at, x_low, x_high, columns), _to_dots(y_at, y_low, y_high, rows)
        ticks = Ticks(x, x_labels, y, y_labels)
    return Scales(area, y_low, y_high, chart.log, ticks, across, down)


def label_axis(
    low: float, high: float, count: int, marker: Marker, *, log: bool
) -> tuple[list[float], list[str]]:
    """Return ticks and their labels, at least two of them.

    Parameters
    ----------
    low, high : float
        Limits of the axis; decimal logarithms if `log`.
    count : int
        About so many, unless that would leave fewer than two.
    marker : str
    log : bool

    Returns
    -------
    positions : list of float
    labels : list of str
    """
    places, labels = label_ticks(low, high, count, marker, log=log)
    if len(places) < 2:
        places, labels = label_ticks(low, high, max(count, ENOUGH), marker, log=log)
        step = (len(places) - 1) // 2 if len(places) % 2 else len(places) - 1
        return places[:: max(1, step)], labels[:: max(1, step)]
    return places, labels


def label_ticks(
    low: float, high: float, count: int, marker: Marker, *, log: bool
) -> tuple[list[float], list[str]]:
    """Return at most about `count` ticks and their labels, which ASCII can show if it has to."""
    places, labels = (log_ticks if log else linear_ticks)(low, high, count)
    if marker == "ascii" and log:
        powers = [text.startswith("10") and not text.isascii() for text in labels]
        labels = [
            f"1e{round(at)}" if power else text
            for at, text, power in zip(places, labels, powers, strict=True)
        ]
    return places, labels


def whole_ticks(places: list[float], labels: list[str]) -> tuple[list[float], list[str]]:
    """Return the ticks at whole numbers, without decimals."""
    if not any("." in label and "e" not in label for label in labels):
        return places, labels
    whole = [at for at in places if round(at, 6).is_integer()]
    return whole, [f"{at:,.0f}".replace("-", "−").replace(",", "") for at in whole]


def _fitting_ticks(chart: LineChart, area: Area) -> tuple[list[float], list[str]]:
    """Return every one of the given ticks, or every second, so that their labels stand apart."""
    shown = [(at, text) for at, text in chart.x_ticks if area.low <= at <= area.high]
    longest = max((len(text) for _, text in shown), default=0) + 1
    apart = area.width / (area.high - area.low) * min(np.diff([at for at, _ in shown]), default=1.0)
    kept = shown[:: max(1, int(np.ceil(longest / apart)))]
    return [at for at, _ in kept], [text for _, text in kept]


def _to_dots(places: list[float], low: float, high: float, dots: int) -> list[float]:
    scale = dots / (high - low)
    return [min(max((at - low) * scale, 0.01), dots - 0.01) for at in places]


def x_limits(chart: LineChart) -> tuple[float, float]:
    """Return the limits of the x axis of a chart."""
    if chart.x_limits is not None:
        return chart.x_limits
    parts = [part.x for part in (*chart.lines, *chart.bands, *chart.dots)]
    joined = np.concatenate(parts) if parts else np.empty(0)
    finite = joined[np.isfinite(joined)]
    if finite.size == 0 or finite.min() == finite.max():
        return round_limits(finite)
    return float(finite.min()), float(finite.max())


def y_limits(chart: LineChart) -> tuple[float, float]:
    """Return the limits of the y axis of a chart, as decimal logarithms if it is logarithmic."""
    if chart.y_limits is not None:
        return chart.y_limits
    if chart.y_data.size:
        joined = chart.y_data
    else:
        parts = [line.y for line in chart.lines] + [dots.y for dots in chart.dots]
        parts += [edge for band in chart.bands for edge in (band.low, band.high)]
        joined = np.concatenate(parts) if parts else np.empty(0)
    values = axis_values(joined, log=chart.log)
    if chart.log and np.isfinite(values).any():
        values = np.maximum(values, np.nanmax(values) - MOST_DECADES)
    return round_limits(values, zero=chart.zero and not chart.log)
