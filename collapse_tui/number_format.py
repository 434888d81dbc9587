"""Numbers and ticks as people write them."""

import math

import numpy as np

from engines.arrays import FloatArray

LEAST, MOST = -4, 6
"""Powers of ten between which numbers are written out."""

PLAIN_POWERS = -2, 3
"""Powers of ten that an axis writes out if all of its ticks are between them."""

DECADES = 2.0
"""Width of a log axis below which its ticks are plain numbers."""

THOUSAND, COUNTED = 1e3, 1e4
"""From the second on things are counted in thousands."""

ROUND, ROUND_FROM_ZERO = 20, 7
"""Limits are round to this part of their span: a fine axis wastes no rows, a coarse one holds
still while a histogram flickers."""

MINUTE, HOUR, DAY = 60, 3600, 86400

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float | None, digits: int = 3) -> str:
    """Return `value` with `digits` significant digits in as few characters as possible.

    Parameters
    ----------
    value : float or None
    digits : int

    Returns
    -------
    str
        ``–`` for None and NaN, ``∞`` and ``−∞`` for the infinities.
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if LEAST <= exponent < MOST:
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
        whole = text if "." not in text else text.rstrip("0").rstrip(".")
        return (whole if whole not in {"0", "-0"} else f"{value:.{digits}g}").replace("-", "−")
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}".replace("-", "−")


def format_fixed(value: float | None, digits: int = 3) -> str:
    """Return `value` as `format_number` does, trailing zeros kept: its width stays the same."""
    if value and math.isfinite(value):
        exponent = math.floor(math.log10(abs(value)))
        if LEAST <= exponent < MOST:
            return f"{value:.{max(0, digits - 1 - exponent)}f}".replace("-", "−")
    return format_number(value, digits)


def round_step(span: float, count: int) -> float:
    """Return the step of 1, 2 or 5 times a power of ten that cuts `span` into at most `count`."""
    rough = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    steps = (factor * power for factor in (1.0, 2.0, 5.0))
    return next((step for step in steps if step >= rough * (1 - 1e-9)), 10.0 * power)


def format_count(count: int) -> str:
    """Return a number of things in few characters: ``500``, ``10k``, ``2.5M``."""
    value, unit = float(count), ""
    for larger in ("k", "M", "G", "T"):
        if value < (THOUSAND if unit else COUNTED):
            break
        value, unit = value / THOUSAND, larger
    if value >= COUNTED:
        return format_number(count)
    return f"{value:.3g}{unit}" if unit else f"{count}"


def linear_ticks(low: float, high: float, count: int) -> tuple[list[float], list[str]]:
    """Return round positions between `low` and `high`, and their labels.

    Parameters
    ----------
    low, high : float
        Finite, low < high.
    count : int
        At most this many intervals.

    Returns
    -------
    positions : list of float
    labels : list of str
        All with the same number of decimals.
    """
    gap = round_step(high - low, count)
    first, last = math.ceil(low / gap - 1e-9), math.floor(high / gap + 1e-9)
    positions = [index * gap for index in range(first, last + 1)]
    top = max(abs(low), abs(high))
    if not 10.0**LEAST <= top < 10.0**MOST:
        # As many digits as it takes to tell neighbours apart.
        digits = max(3, 1 + math.floor(math.log10(top)) - math.floor(math.log10(gap) + 1e-9))
        return positions, [format_number(position, digits) for position in positions]
    decimals = max(0, -math.floor(math.log10(gap) + 1e-9))
    labels = [f"{position + 0.0:.{decimals}f}".replace("-", "−") for position in positions]
    return positions, labels


def log_ticks(low: float, high: float, count: int) -> tuple[list[float], list[str]]:
    """Return ticks for an axis of decimal logarithms.

    Parameters
    ----------
    low, high : float
        Decimal logarithms of the limits.
    count : int
        At most about this many ticks.

    Returns
    -------
    positions : list of float
        As decimal logarithms.
    labels : list of str
        ``1``, ``10``, ``100``, or ``10⁻³`` where that is shorter; round numbers between them
        when there is less than two decades to see.
    """
    if high - low < DECADES:
        return _within_a_decade(low, high, count)
    inside_powers = range(math.ceil(low), math.floor(high) + 1)
    every = max(1, math.ceil((len(inside_powers) - 1) / max(1, count)))
    powers = [power for power in inside_powers if power % every == 0]
    powers = powers if len(powers) > 1 else [inside_powers[0], inside_powers[-1]]
    return [float(p) for p in powers], _label_powers(powers)


def _label_powers(powers: list[int]) -> list[str]:
    """Return powers of ten written out where that is short for all of them."""
    if PLAIN_POWERS[0] <= min(powers) and max(powers) <= PLAIN_POWERS[1]:
        return [f"{10.0**power:.{max(0, -power)}f}" for power in powers]
    return ["10" + str(power).translate(SUPERSCRIPTS) for power in powers]


def _within_a_decade(low: float, high: float, count: int) -> tuple[list[float], list[str]]:
    powers = range(math.floor(low), math.ceil(high) + 1)
    coarse, fine = (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)
    for digits in (coarse, fine) if high - low > DECADES / 3 else (fine,):
        values = [digit * 10.0**power for power in powers for digit in digits]
        inside = [value for value in values if low <= math.log10(value) <= high]
        if len(inside) > 1 and math.log10(inside[-1] / inside[0]) > (high - low) / 3:
            every = max(1, math.ceil(len(inside) / max(1, count)))
            kept = inside[::every] if len(inside) > 2 * every else [inside[0], inside[-1]]
            return [math.log10(value) for value in kept], [format_number(value) for value in kept]
    # So short a stretch of the axis looks like a plain one.
    positions, labels = linear_ticks(10.0**low, 10.0**high, count)
    return [math.log10(position) for position in positions], labels


def round_limits(values: FloatArray, *, zero: bool = False) -> tuple[float, float]:
    """Return round limits that hold the finite part of `values`.

    Parameters
    ----------
    values : ndarray
        May hold NaN and infinities; all of them count for nothing.
    zero : bool
        Keep 0 in sight.

    Returns
    -------
    low, high : float
        low < high always, for a constant or for nothing at all too.
    """
    finite = values[np.isfinite(values)]
    if zero:
        finite = np.append(finite, 0.0)
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    span = high - low
    if span <= 1e-9 * max(abs(low), abs(high)) or span == 0:
        pad = 0.5 * abs(high) or 0.5
        return low - pad, high + pad
    gap = round_step(span, ROUND_FROM_ZERO if zero else ROUND)
    return math.floor(low / gap + 1e-9) * gap, math.ceil(high / gap - 1e-9) * gap


def format_bytes(count: int) -> str:
    """Return a size in one unit, such as ``512 bytes``, ``12 kB`` or ``3.4 GB``."""
    size, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 999.5:
            break
        size, unit = size / 1000, larger
    return f"{size:.2g} {unit}" if size < 10 and unit != "bytes" else f"{size:.0f} {unit}"


def format_rough_duration(seconds: float) -> str:
    """Return an estimate of a time with one digit: ``under a second``, ``about 9 s``."""
    if seconds < 1:
        return "under a second"
    for unit, size in (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", 1)):
        count = seconds / size
        if count >= 1:
            digits = math.floor(math.log10(count))
            return f"about {round(count, -digits):,.0f} {unit}"
    return ""


def format_duration(seconds: float) -> str:
    """Return a time in one unit, such as ``45 s``, ``12 min`` or ``3.5 h``."""
    if seconds < 1.5 * MINUTE:
        return f"{math.ceil(seconds)} s"
    if seconds < 1.5 * HOUR:
        return f"{round(seconds / MINUTE)} min"
    if seconds < 2 * DAY:
        return f"{seconds / HOUR:.1f} h"
    return f"{seconds / DAY:,.1f} d"
