"""Events as JSON, one a line: what `--json` writes."""

from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from collapse_tui.events import Curve, Event
from collapse_tui.storage.encoding import encode_line

LEFT_OUT = {"metrics", "view"}
"""Fields of events that hold arrays: a run's folder has them."""
RENAMED = {"curves": "theory", "settings": "set"}
LAW_KEYS = ("name", "metric", "statistic", "status", "reference")


def encode_event(event: Event) -> str:
    """Return one event as a line of JSON; NaN and infinities are null.

    Parameters
    ----------
    event : Event

    Returns
    -------
    str
        Without a newline; ``"event"`` is the event's name in lower case.
    """
    document: dict[str, Any] = {"event": type(event).__name__.lower()}
    for field in fields(event):
        if field.name not in LEFT_OUT:
            key = RENAMED.get(field.name, field.name)
            document[key] = _to_json(getattr(event, field.name))
    return encode_line(document).decode().removesuffix("\n")


def _to_json(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Curve):
        return {key: getattr(value, key) for key in LAW_KEYS}
    if isinstance(value, tuple):
        return [_to_json(item) for item in cast("tuple[object, ...]", value)]
    return value
