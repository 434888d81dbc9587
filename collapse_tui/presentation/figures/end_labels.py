"""Names beside the ends of curves, moved apart where they would overlap.

A curve that ends inside the axes, as a law does where settings change, has its name there.
"""

from dataclasses import dataclass, replace

import numpy as np

from collapse_tui.charts.layout import axis_values
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import LineChart
from collapse_tui.presentation.figures.figure_style import Axes, PlotStyle, ink
from engines.arrays import FloatArray

SPACING = 1.15
"""From one name to the next, in heights of the text."""
AT_THE_EDGE = 0.88
"""Share of the width from which on a curve ends at the right edge, as the last box does."""
NAMED_LIKE_TEXT = {Colour.BAND, Colour.BAND_INNER}
"""Colours too pale to write in."""


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The name of a curve.

    Attributes
    ----------
    x, y : float
        Where the curve is last seen, as shares of the axes.
    text : str
    colour : str
        ``#rrggbb``.
    """

    x: float
    y: float
    text: str
    colour: str

    @property
    def outside(self) -> bool:
        """Whether it stands right of the axes."""
        return self.x >= AT_THE_EDGE


def find_end_labels(axes: Axes, chart: LineChart) -> list[EndLabel]:
    """Return the names of the curves and bands of a chart that can be seen.

    Parameters
    ----------
    axes : Axes
        With the chart drawn on it.
    chart : LineChart
    """
    named = [(line.x, line.y, line.label, line.colour) for line in chart.lines]
    named += [(band.x, band.high, band.label, band.colour) for band in chart.bands]
    found: list[EndLabel] = []
    for x, y, text, colour in named:
        end = _last_seen(axes, x, axis_values(y, log=chart.log))
        if text and end is not None:
            looks = Colour.TEXT if colour in NAMED_LIKE_TEXT else colour
            found.append(EndLabel(*end, text, ink(looks)))
    return found


def _last_seen(axes: Axes, x: FloatArray, y: FloatArray) -> tuple[float, float] | None:
    """Return the last point inside the axes, as shares of them; None where none is.

    Of steps, which have one more x than y, it is where the last one ends.
    """
    x = x[x.size - y.size :]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
    with np.errstate(invalid="ignore"):
        inside = (across >= -1e-6) & (across <= 1 + 1e-6) & (up >= -0.02) & (up <= 1.02)
    if not inside.any():
        return None
    last = int(np.flatnonzero(inside)[-1])
    return float(across[last]), float(np.clip(up[last], 0.0, 1.0))


def spread_labels(labels: list[EndLabel], height: float, text: float) -> list[EndLabel]:
    """Return the labels right of the axes moved up and down until they do not overlap.

    Parameters
    ----------
    labels : list of EndLabel
    height, text : float
        Of the axes, and of a line of text, in points.
    """
    outside = sorted((label for label in labels if label.outside), key=lambda one: one.y)
    if not outside:
        return labels
    gap = min(SPACING * text / height, 1.0 / len(outside))
    places = np.array([label.y for label in outside])
    for at in range(1, places.size):
        places[at] = max(places[at], places[at - 1] + gap)
    # what was pushed above the top goes down again, with those below it
    places[-1] = min(places[-1], max(1.0, outside[-1].y))
    for at in range(places.size - 2, -1, -1):
        places[at] = min(places[at], places[at + 1] - gap)
    moved = [replace(label, y=float(place)) for label, place in zip(outside, places, strict=True)]
    return [*moved, *(label for label in labels if not label.outside)]


def draw_end_labels(axes: Axes, labels: list[EndLabel], style: PlotStyle) -> None:
    """Write the labels beside the axes, or inside where their curves end there."""
    for label in labels:
        pad = 0.5 * style.text
        left = not label.outside and label.x > 0.6
        shift = (pad, 0.0) if label.outside else (-pad if left else pad, pad)
        axes.annotate(
            label.text, (1.0 if label.outside else label.x, label.y), shift,
            xycoords="axes fraction", textcoords="offset points", annotation_clip=False,
            color=label.colour, fontsize=style.text, parse_math=False, zorder=5,
            horizontalalignment="right" if left else "left",
            verticalalignment="center" if label.outside else "bottom",
        )  # fmt: skip
