"""Values of settings: on a slider, the next one up or down, as text, and from text."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import cast

from collapse_tui.experiment.form_field import FormField
from collapse_tui.experiment.knobs import Knob
from collapse_tui.number_format import format_count, format_number

TINY = 1e-12
"""Two values closer than this, relatively, are the same."""

SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Where a share stops on its way from 0 to 1."""

DECADES = 2.0
"""A slider reaches so many powers of ten below and above the value at the start."""

DIGITS = 2
"""A number that is set by pointing at a slider has so many digits."""

WORDS = {True: "yes", False: "no", None: "none"}


def next_value(knob: Knob, value: object, sign: int) -> object | None:
    """Return the next value of a knob, or None at its end or if it cannot be stepped.

    Parameters
    ----------
    knob : Knob
    value : object
        The present one.
    sign : int
        1 up, -1 down.

    Returns
    -------
    object or None
    """
    if isinstance(value, bool):
        return not value
    if value in knob.choices and not _is_number(value):
        at = knob.choices.index(value) + sign
        return knob.choices[at] if 0 <= at < len(knob.choices) else None
    if not isinstance(value, int | float):
        return None
    further = [
        rung
        for rung in _rungs(knob, value)
        if (rung - value) * sign > TINY * max(abs(value), TINY) and knob.allows(rung)
    ]
    if not further:
        return None
    return further[0] if sign > 0 else further[-1]


def _rungs(knob: Knob, value: float) -> tuple[float, ...]:
    """Return the values at which arrow keys stop, ascending."""
    if knob.is_share:
        return SHARES
    if _is_whole(knob, value):
        return (0, *(digit * 10**power for power in range(13) for digit in (1, 2, 5)))
    # a number that was 0 at the start has no size of its own
    least = -3 if knob.value == 0 else -12
    ladder = (float(f"{digit}e{power}") for power in range(least, 13) for digit in (1, 2, 5))
    return (0.0, *ladder) if knob.low == 0 else tuple(ladder)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(knob: Knob, value: object) -> bool:
    """Return whether a number is an integer: as at the start, whatever was typed since."""
    return isinstance(knob.value if _is_number(knob.value) else value, int)


def slider_share(knob: Knob, value: object) -> float | None:
    """Return how far along its slider a value is, 0 to 1; None where a setting has no slider.

    Shares lie evenly, other numbers by their logarithm around the value at the start; choices
    in their order.
    """
    if value in knob.choices and not _is_number(value):
        return knob.choices.index(value) / max(1, len(knob.choices) - 1)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    low, high, logarithmic = _reach(knob)
    if logarithmic:
        if value <= 0:
            return 0.0
        low, high, value = math.log(low), math.log(high), math.log(value)
    return min(1.0, max(0.0, (value - low) / (high - low)))


def slider_scale(knob: Knob, value: object) -> str:
    """Return from where to where a slider goes where its numbers do not lie evenly, else nothing.

    Parameters
    ----------
    knob : Knob
    value : object
        The present one.
    """
    if not _is_number(value) or knob.is_share:
        return ""
    low, high, logarithmic = _reach(knob)
    ends = [format_count(round(end)) if end >= 1 else format_number(end, 2) for end in (low, high)]
    return f"{ends[0]} to {ends[1]}, log scale" if logarithmic else ""


def slider_value(knob: Knob, share: float, value: object) -> object:
    """Return the value at a place of the slider, a round number within the bounds.

    Parameters
    ----------
    knob : Knob
    share : float
        0 to 1, as `slider_share` returns it.
    value : object
        The present one, which says whether it is an integer or a word.
    """
    if slider_share(knob, value) is None:
        return value
    share = min(1.0, max(0.0, share))
    if value in knob.choices and not _is_number(value):
        return knob.choices[round(share * (len(knob.choices) - 1))]
    low, high, logarithmic = _reach(knob)
    number = low * (high / low) ** share if logarithmic else low + share * (high - low)
    if knob.is_share:
        number = round(number, 2)
    elif number > 0:
        number = round(number, DIGITS - 1 - math.floor(math.log10(number)))
    if _is_whole(knob, value):
        number = round(number)
    return number if knob.allows(number) else value


def _reach(knob: Knob) -> tuple[float, float, bool]:
    """Return the ends of a slider of numbers, and whether it is logarithmic."""
    start = knob.value
    if knob.is_share:
        return 0.0, 1.0, False
    if not _is_number(start) or start <= 0:
        usual = 100.0 if isinstance(start, int) else 1.0
        high = usual if knob.high is None else min(usual, knob.high)
        return float(knob.low or 0.0), float(high), False
    low, high = start * 10**-DECADES, start * 10**DECADES
    if isinstance(start, int):
        low = max(1.0, low)
    if knob.low is not None and knob.low > 0:
        low = max(low, knob.low)
    if knob.high is not None:
        high = min(high, knob.high)
    return low, high, True


def show_setting(knob: Knob, value: object) -> str:
    """Return a setting as a reader sees it: shares in per cent, numbers with separators."""
    if isinstance(value, bool) or value is None:
        return WORDS[value]
    if isinstance(value, tuple | list):
        return f"{len(value)} values"  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(value, int | float):
        return str(value) if isinstance(value, str) else "set"
    if knob.is_share:
        return f"{100 * value:.3g} %"
    return f"{value:,}" if isinstance(value, int) else format_number(value, 4)


def format_setting(value: object) -> str:
    """Return a setting as the reader would type it."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (int, float)):
        return str(value)
    return str(value) if isinstance(value, int) else format_number(value, 4)


def parse_setting(text: str) -> object:
    """Return the value that was typed: TOML, a number such as ``.5``, or else the text itself."""
    from collapse_tui.experiment.document import parse_value

    value = parse_value(text)
    if value == text:
        with suppress(ValueError):
            return float(text)
    return value


def to_typed_text(value: object) -> str:
    """Return a value as the text that `parse_setting` reads."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def describe_value(field: FormField, value: object) -> str:
    """Return the value of a field in one line."""
    if field.kind == "switch":
        return "yes" if value else "no"
    if field.kind == "names":
        names = cast("Sequence[str]", value)
        return f"{len(names)}: {', '.join(names)}"
    if field.kind == "rows":
        count = len(cast("Sequence[object]", value or ()))
        return f"{count} component{'s' if count != 1 else ''}"
    return to_typed_text(value) or "–"


def describe_table(field: FormField, table: Mapping[str, object]) -> str:
    """Return one table of a field in one line: its choice alone, all else with its name."""
    columns = [one for one in field.columns_of(table) if table.get(one.key) is not None]
    choices = [str(table[one.key]) for one in columns if one.kind == "choice"]
    others = [
        f"{one.key} {to_typed_text(table[one.key])}" for one in columns if one.kind != "choice"
    ]
    return "  ".join([*choices, *others])
