"""Verdicts as text: numbers with as many digits as their errors allow."""

import math
from collections import Counter
from collections.abc import Sequence

from collapse_tui.experiment.claim import Origin
from collapse_tui.number_format import format_number
from collapse_tui.reproduction.by_seed import SeedVerdicts
from collapse_tui.reproduction.stated_claim import Band
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
    "band": "band of ours",
    "listing": "listing, run by us",
    "law": "law",
    "simulation": "simulated by us",
}
"""Where an expected value is from, in words."""


def format_band(band: Band | None, digits: int = DIGITS) -> str:
    """Return a number, ``low … high``, or nothing for a band that is None or unknown."""
    if band is None or math.isnan(band[0]):
        return ""
    low, high = (format_number(value, digits) for value in band)
    return low if band[0] == band[1] else f"{low} … {high}"


def format_obtained(item: SeedVerdicts) -> str:
    """Return what the run gave, with its standard error unless the value is over several runs.

    Of several seeds, the lowest and the highest value.
    """
    obtained = [one.obtained for one in item.judgements if one.obtained is not None]
    if not obtained:
        return "–"
    if len(obtained) > 1:
        values = [one.value for one in obtained]
        return format_band((min(values), max(values)))
    if item.first.claim.runs is not None:
        return format_number(obtained[0].value, DIGITS)
    return format_measurement(obtained[0])


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


def format_verdict(item: SeedVerdicts) -> str:
    """Return a verdict, with why a claim was not run, or at how many seeds it holds."""
    first, count = item.first, len(item.judgements)
    if first.obtained is None:
        return f"{first.verdict}: {first.note}"
    if count == 1:
        return first.verdict
    good = [one for one in item.judgements if one.good]
    return f"{(good or item.judgements)[0].verdict} at {len(good) or count} of {count} seeds"


def summarize_verdicts(found: Sequence[SeedVerdicts]) -> str:
    """Return how many claims have each verdict, such as ``2 claims: 1 holds, 1 fails``."""
    counts = Counter(item.verdict for item in found)
    parts = ", ".join(
        f"{counts[name]} {name if counts[name] == 1 else several}"
        for name, several in PLURALS.items()
        if counts[name]
    )
    return f"{len(found)} {'claim' if len(found) == 1 else 'claims'}: {parts}"
