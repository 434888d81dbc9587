"""Values of a metric that a preset's claims state, as marks on its chart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Dots, Line, LineChart
from collapse_tui.experiment.claim import Claim
from collapse_tui.number_format import format_number
from collapse_tui.presentation.scene import split_topic
from collapse_tui.presentation.verdict_text import ORIGINS

DRAWN = {"mean", "median", "q05", "q25", "q75", "q95"}
"""Statistics whose values belong on the chart of the metric itself."""
PUBLISHED = {"paper", "listing"}
"""Origins of values that somebody published: laws are curves, and bands are ours."""
SIGN = "◇"


@dataclass(frozen=True, slots=True)
class PublishedValue:
    """What a claim expects of one statistic at one generation.

    Attributes
    ----------
    generation : int
    low, high : float
        The same for a number.
    statistic : str
    origin : str
        In words: "paper", "band of ours".
    source : str
        Paper and equation, figure or table.
    """

    generation: int
    low: float
    high: float
    statistic: str
    origin: str
    source: str


def select_published_values(claims: Sequence[Claim], topic: str) -> tuple[PublishedValue, ...]:
    """Return the values that claims state of a topic, in the order of their generations.

    Parameters
    ----------
    claims : sequence of Claim
        Those that are about the settings of the run.
    topic : str
        As in `list_topics`. Laws that a claim names are curves already.
    """
    metric, of_variance = split_topic(topic)
    found: list[PublishedValue] = []
    for claim in claims:
        fits = claim.statistic == "variance" if of_variance else claim.statistic in DRAWN
        stated = claim.origin in PUBLISHED and claim.since is None
        if claim.metric != metric or not fits or not stated:
            continue
        given = claim.expected
        if not isinstance(given, str):
            low, high = given if isinstance(given, tuple) else (given, given)
            origin = ORIGINS[claim.origin]
            found.append(
                PublishedValue(claim.generation, low, high, claim.statistic, origin, claim.source)
            )
    return tuple(sorted(found, key=lambda value: value.generation))


def add_published_values(chart: LineChart, values: Sequence[PublishedValue]) -> LineChart:
    """Return a chart with a mark at each value, and an upright line where it is an interval."""
    reach = chart.x_limits[1] if chart.x_limits is not None else np.inf
    shown = [
        value for value in values if value.generation <= reach and (value.low > 0 or not chart.log)
    ]
    if not shown or chart.note:
        return chart
    at = np.array([float(value.generation) for value in shown])
    middle = np.array([
        np.sqrt(value.low * value.high) if chart.log else (value.low + value.high) / 2
        for value in shown
    ])  # fmt: skip
    spans = tuple(
        Line(np.full(2, float(value.generation)), np.array([value.low, value.high]),
             Colour.PUBLISHED)
        for value in shown
        if value.low < value.high
    )  # fmt: skip
    edges = np.array([[value.low, value.high] for value in shown]).ravel()
    return replace(
        chart,
        lines=(*spans, *chart.lines),
        dots=(*chart.dots, Dots(at, middle, Colour.PUBLISHED, "published", SIGN)),
        y_data=np.concatenate([chart.y_data, edges]) if chart.y_data.size else chart.y_data,
    )


def describe_published_values(values: Sequence[PublishedValue]) -> list[str]:
    """Return a sentence on each value: what it is of, and where it is from."""
    lines: list[str] = []
    for value in values:
        number = format_number(value.low)
        if value.high > value.low:
            number += f" … {format_number(value.high)}"
        source = f"{value.origin}, {value.source}" if value.source else value.origin
        lines.append(
            f"{SIGN} {value.statistic} at generation {value.generation:,}: {number} ({source})"
        )
    return lines
