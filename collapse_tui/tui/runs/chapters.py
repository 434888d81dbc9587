"""The chapters of the tour, as its file states them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = "chapters.toml"


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said from a generation on, and the pane that it speaks of.

    Attributes
    ----------
    at : int
    pane : str
        ``"loop"``, ``"main"``, ``"view"``, ``"strip"``, ``"table"``, ``"knobs"`` or ``"time"``.
    text : str
    """

    at: int
    pane: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the tour: a run, and what to see in it.

    Attributes
    ----------
    title : str
    name : str
        Of the preset.
    record : Path or None
        The folder of a stored run that is shown instead of computing one.
    rate : float
        Generations a second.
    settings : dict of str to object
        What differs from the preset, by dotted key.
    captions : sequence of Caption
        Ascending; the first one from generation 0 on.
    """

    title: str
    name: str
    record: Path | None
    rate: float
    settings: Mapping[str, object]
    captions: Sequence[Caption]

    def caption(self, generation: int) -> Caption:
        """Return what is said of a generation."""
        said = [one for one in self.captions if one.at <= max(0, generation)]
        return said[-1]


@cache
def read_chapters() -> tuple[Chapter, ...]:
    """Return the chapters of the tour, in order."""
    import presets

    folder = presets.FOLDER / "tour"
    document = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    return tuple(_chapter(table, folder) for table in document["chapters"])


def _chapter(table: Mapping[str, Any], folder: Path) -> Chapter:
    record = table.get("record")
    return Chapter(
        table["title"],
        record or table["preset"],
        folder / record if record else None,
        float(table["rate"]),
        table.get("set", {}),
        tuple(Caption(one["at"], one["pane"], one["text"]) for one in table["captions"]),
    )
