"""Values of a metric that a preset's claims state, as marks on its chart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Dots, Line, LineChart
from collapse_tui.number_format import format_number
from collapse_tui.presentation.shares import is_share

if TYPE_CHECKING:
    from collapse_tui.experiment.claim import Claim
    from collapse_tui.experiment.experiment import Experiment

DRAWN = {
    "mean": "mean", "median": "median", "q05": "5 % quantile", "q25": "25 % quantile",
    "q75": "75 % quantile", "q95": "95 % quantile", "variance": "",
}  # fmt: skip
"""Statistics whose values belong on a chart, in words: of the metric itself, or of its variance."""
PUBLISHED = {"paper", "listing"}
"""Origins of values that somebody published: laws are curves, and bands are ours."""
SIGN = "◇"


@dataclass(frozen=True, slots=True)
class PublishedValue:
    """What a claim expects of one statistic at one generation.

    Attributes
    ----------
    metric : str
    generation : int
    low, high : float
        The same for a number.
    statistic : str
    origin : str
        In words: "paper", "listing, run by us".
    source : str
        Paper and equation, figure or table.
    erratum : str
        What is wrong with it, empty if nothing is known to be.
    """

    metric: str
    generation: int
    low: float
    high: float
    statistic: str
    origin: str
    source: str
    erratum: str = ""

    @property
    def of_variance(self) -> bool:
        """Whether it is a variance across replicates."""
        return self.statistic == "variance"

    @property
    def number(self) -> str:
        """The value, or its least and its greatest."""
        low, high = format_number(self.low), format_number(self.high)
        return low if self.low == self.high else f"{low} … {high}"


def read_published_values(experiment: "Experiment") -> tuple[PublishedValue, ...]:
    """Return the values that claims state of an experiment, in the order of their generations.

    Claims that are about other settings are left out, and those about generations after which
    a setting was changed.
    """
    # the first paint does not wait for the claims
    from collapse_tui.presentation.verdict_text import ORIGINS
    from collapse_tui.reproduction.applicable_claims import select_claims

    found = [_read(claim, ORIGINS[claim.origin]) for claim in select_claims(experiment, _is_value)]
    return tuple(sorted(found, key=lambda value: value.generation))


def _is_value(claim: "Claim") -> bool:
    """Return whether a claim states a published number; laws are curves already."""
    stated = claim.origin in PUBLISHED and claim.since is None and claim.statistic in DRAWN
    return stated and not isinstance(claim.expected, str)


def _read(claim: "Claim", origin: str) -> PublishedValue:
    given = claim.expected
    low, high = given if isinstance(given, tuple) else (float(given), float(given))
    return PublishedValue(
        claim.metric, claim.generation, low, high, claim.statistic, origin,
        claim.source, claim.erratum,
    )  # fmt: skip


def add_published_values(
    chart: LineChart,
    values: Sequence[PublishedValue],
    named: PublishedValue | None = None,
    name: str = "published",
) -> LineChart:
    """Return a chart with a mark at each value, and an upright line where it is an interval.

    Parameters
    ----------
    chart : LineChart
    values : sequence of PublishedValue
        Of the topic of the chart.
    named : PublishedValue or None
        The one that the name stands beside; None: the last one.
    name : str
    """
    low, high = chart.x_limits or (-np.inf, np.inf)
    shown = [
        value
        for value in values
        if low <= value.generation <= high and (value.low > 0 or not chart.log)
    ]
    if not shown or chart.note:
        return chart
    named = named if named in shown else shown[-1]
    dots = (
        _mark([value for value in shown if value is not named], log=chart.log),
        _mark([named], name, log=chart.log),
    )
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
        dots=(*chart.dots, *dots),
        y_data=np.concatenate([chart.y_data, edges]) if chart.y_data.size else chart.y_data,
    )


def _mark(values: Sequence[PublishedValue], name: str = "", *, log: bool) -> Dots:
    """Return marks in the middle of some values."""
    at = np.array([float(value.generation) for value in values])
    middle = [
        np.sqrt(value.low * value.high) if log else (value.low + value.high) / 2 for value in values
    ]
    return Dots(at, np.array(middle), Colour.PUBLISHED, name, SIGN)


def last_published(values: Sequence[PublishedValue], generation: int) -> PublishedValue:
    """Return the last of some values up to a generation, before all of them the first one.

    Parameters
    ----------
    values : sequence of PublishedValue
        At least one, in the order of their generations.
    generation : int
    """
    return next((one for one in reversed(values) if one.generation <= generation), values[0])


def name_published_value(value: PublishedValue, *, several: bool) -> str:
    """Return a value in words.

    Parameters
    ----------
    value : PublishedValue
    several : bool
        There is more than one replicate, so that it matters which statistic it is.
    """
    word = "" if is_share(value.metric) else DRAWN[value.statistic]
    # of one run, the mean of many is what it is expected to give
    which = f"{word} " if word and (several or word != "mean") else ""
    return f"published {which}{value.number} at {value.generation:,}"


def describe_published_values(values: Sequence[PublishedValue]) -> list[str]:
    """Return a sentence on each value: what it is of, and where it is from."""
    lines: list[str] = []
    for value in values:
        source = f"{value.origin}, {value.source}" if value.source else value.origin
        wrong = f"; wrong: {value.erratum}" if value.erratum else ""
        lines.append(
            f"{SIGN} {value.statistic} at generation {value.generation:,}: {value.number}"
            f" ({source}{wrong})"
        )
    return lines
