"""Verdicts as text: numbers with as many digits as their errors allow."""

import math
from collections import Counter
from collections.abc import Sequence

from collapse_tui.experiment.claim import Origin
from collapse_tui.number_format import format_number
from collapse_tui.reproduction.plan import Band
from collapse_tui.reproduction.statistic import Measurement
from collapse_tui.reproduction.verdict import Judgement

DIGITS = 5
PLURALS = {
    "holds": "hold",
    "erratum confirmed": "errata confirmed",
    "fails": "fail",
    "erratum refuted": "errata refuted",
    "not run": "not run",
}
"""Verdicts in the order in which they are counted, with their forms for several claims."""
ORIGINS: dict[Origin, str] = {
    "paper": "paper",
    "listing": "listing, run by us",
    "law": "law",
    "simulation": "simulated by us",
}
"""Where an expected value is from, in words."""


def format_band(band: Band | None, digits: int = DIGITS) -> str:
    """Return a number, ``low … high``, or nothing."""
    if band is None:
        return ""
    low, high = (format_number(value, digits) for value in band)
    return low if band[0] == band[1] else f"{low} … {high}"


def format_obtained(item: Judgement) -> str:
    """Return what the run gave, with its standard error unless the value is over several runs."""
    if item.obtained is None:
        return "–"
    if item.claim.runs is not None:
        return format_number(item.obtained.value, DIGITS)
    return format_measurement(item.obtained)


def format_measurement(measurement: Measurement) -> str:
    """Return a value and its standard error."""
    error = measurement.standard_error
    value = format_number(measurement.value, DIGITS)
    return value if math.isnan(error) else f"{value} ± {format_number(error, 2)}"


def format_tolerance(item: Judgement) -> str:
    """Return how far the run may be from the value that should hold."""
    if item.obtained is None:
        return "–"
    if item.resolved.uses_group_band:
        return format_band((item.obtained.low, item.obtained.high), 3)
    if item.tolerance == 0:
        return "in the interval"
    return f"± {format_number(item.tolerance, 2)}"


def summarize_verdicts(found: Sequence[Judgement]) -> str:
    """Return how many claims have each verdict, such as ``2 claims: 1 holds, 1 fails``."""
    counts = Counter(item.verdict for item in found)
    parts = ", ".join(
        f"{counts[name]} {name if counts[name] == 1 else several}"
        for name, several in PLURALS.items()
        if counts[name]
    )
    return f"{len(found)} {'claim' if len(found) == 1 else 'claims'}: {parts}"
