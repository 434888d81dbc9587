"""Events as JSON, one a line: what `--json` writes."""

from typing import Any

from collapse_tui.events import (
    Checkpointed,
    Curve,
    Event,
    Failed,
    Finished,
    Generation,
    Intervened,
    Progress,
    Refused,
    Started,
)
from collapse_tui.storage.encoding import encode_line


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
    document = {"event": type(event).__name__.lower(), **_content(event)}
    return encode_line(document).decode().removesuffix("\n")


def _content(event: Event) -> dict[str, Any]:
    match event:
        case Started():
            return {
                "generation": event.generation,
                "generations": event.generations,
                "folder": _path(event.folder),
                "device": event.device,
                "theory": [_law(curve) for curve in event.curves],
                "absent": dict(event.absent),
                "notes": list(event.notes),
            }
        case Generation():
            names = ("generation", "summary", "stage", "flags")
        case Progress():
            names = ("generation", "fraction", "message")
        case Checkpointed():
            names = ("generation",)
        case Finished() | Failed():
            folder = _path(event.folder)
            return {"generation": event.generation, "folder": folder, "reason": event.reason}
        case Intervened():
            laws = [_law(curve) for curve in event.curves]
            return {"at": event.at, "set": dict(event.settings), "theory": laws}
        case Refused():
            return {"at": event.at, "set": dict(event.settings), "reason": event.reason}
    return {name: getattr(event, name) for name in names}


def _law(curve: Curve) -> dict[str, str]:
    return {
        "name": curve.name,
        "metric": curve.metric,
        "statistic": curve.statistic,
        "status": curve.status,
        "reference": curve.reference,
    }


def _path(folder: object) -> str | None:
    return None if folder is None else str(folder)
