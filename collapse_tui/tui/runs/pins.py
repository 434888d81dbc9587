"""Runs that their user has pinned, remembered in the user's state folder."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from collapse_tui.user_folders import user_folder

NAME = "pins.json"


def read_pins() -> frozenset[Path]:
    """Return the folders of the pinned runs; none where nothing can be read."""
    place = _place()
    try:
        found: object = json.loads(place.read_text(encoding="utf-8")) if place else []
    except (OSError, ValueError):
        return frozenset()
    texts = cast("list[object]", found) if isinstance(found, list) else []
    return frozenset(Path(text) for text in texts if isinstance(text, str))


def write_pins(pins: Iterable[Path]) -> str:
    """Remember the pinned runs; return why that is not possible, empty if it is."""
    place = _place()
    if place is None:
        return "pins are forgotten at the end: the user has no home folder"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        hidden = place.with_name(f".{NAME}.tmp")
        hidden.write_text(json.dumps(sorted(map(str, pins))), encoding="utf-8")
        hidden.replace(place)
    except OSError as error:
        return f"pins are forgotten at the end: cannot write {place} ({error.strerror})"
    return ""


def _place() -> Path | None:
    folder = user_folder("state")
    return folder / NAME if folder else None
