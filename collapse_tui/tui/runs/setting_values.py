"""Values of settings: the next one up or down, as text, and from text."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import cast

from collapse_tui.experiment.form_field import FormField
from collapse_tui.experiment.knobs import Knob
from collapse_tui.number_format import format_number

TINY = 1e-12
"""Two values closer than this, relatively, are the same."""

SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Where a share stops on its way from 0 to 1."""


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
    if not isinstance(value, (int, float)):
        return None
    if knob.low == 0 and knob.high == 1:
        further = [share for share in SHARES if (share - value) * sign > TINY]
        return (further[0] if sign > 0 else further[-1]) if further else None
    ladder = [digit * 10.0**power for power in range(-6, 10) for digit in (1, 2, 5)]
    further = [rung for rung in ladder if (rung - value) * sign > TINY * abs(value)]
    if not further:
        return None
    rung = further[0] if sign > 0 else further[-1]
    if (knob.low is not None and rung < knob.low) or (knob.high is not None and rung > knob.high):
        return None
    return round(rung) if isinstance(value, int) else rung


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
