"""Verdicts as people read them: numbers with the digits that their errors leave."""

import math
from collections import Counter
from collections.abc import Sequence

from collapse_tui.charts.numbers import format_number
from collapse_tui.experiment.claim import Origin
from collapse_tui.reproduction.statistic import Measured
from collapse_tui.reproduction.verdict import Band, Judgement, by_groups

DIGITS = 5
COUNTED = {
    "holds": "hold",
    "erratum confirmed": "errata confirmed",
    "fails": "fail",
    "erratum refuted": "errata refuted",
    "not run": "not run",
}
"""Verdicts in the order in which they are counted, each as it reads of several claims."""
ORIGINS: dict[Origin, str] = {
    "paper": "paper",
    "listing": "listing, run by us",
    "law": "law",
    "simulation": "simulated by us",
}
"""What an expected value is, in words."""


def value(band: Band | None, digits: int = DIGITS) -> str:
    """Return a number, ``low … high``, or nothing."""
    if band is None:
        return ""
    low, high = band
    return (
        format_number(low, digits)
        if low == high
        else f"{format_number(low, digits)} … {format_number(high, digits)}"
    )


def obtained(item: Judgement) -> str:
    """Return what the run gave, with its standard error if that was asked for."""
    if item.obtained is None:
        return "–"
    if item.claim.runs is not None:
        return format_number(item.obtained.value, DIGITS)
    return measure(item.obtained)


def measure(got: Measured) -> str:
    """Return what a run gave and its standard error."""
    error = "" if math.isnan(got.standard_error) else f" ± {format_number(got.standard_error, 2)}"
    return f"{format_number(got.value, DIGITS)}{error}"


def allowance(item: Judgement) -> str:
    """Return by how much it may miss."""
    if item.obtained is None:
        return "–"
    if by_groups(item.claim):
        return value((item.obtained.low, item.obtained.high), 3)
    if item.allowance == 0:
        return "in the interval"
    return f"± {format_number(item.allowance, 2)}"


def counted(found: Sequence[Judgement]) -> str:
    """Return how many claims there are of each verdict, as a sentence."""
    counts = Counter(item.verdict for item in found)
    parts = ", ".join(
        f"{counts[name]} {name if counts[name] == 1 else several}"
        for name, several in COUNTED.items()
        if counts[name]
    )
    return f"{len(found)} {'claim' if len(found) == 1 else 'claims'}: {parts}"
