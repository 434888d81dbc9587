"""What was chosen on the screen the last time: theme, marker and layout."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from collapse_tui.user_folders import user_folder

FILE = "choices.json"
KINDS: Mapping[str, type] = {"theme": str, "marker": str, "layout": int}


class Remembered:
    """The choices of the last time, in a file of the user's state folder.

    A file that is damaged or cannot be written means no more than that nothing is remembered:
    what a user wants to keep stands in ``config.toml``.

    Parameters
    ----------
    path : Path or None
        The file; None remembers nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @classmethod
    def of_user(cls) -> "Remembered":
        """Return the choices of the user of this process."""
        folder = user_folder("state")
        return cls(folder / FILE if folder else None)

    def read(self) -> dict[str, Any]:
        """Return the choices by name."""
        if self._path is None:
            return {}
        try:
            stored: object = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(stored, dict):
            return {}
        table = cast("dict[str, object]", stored)
        return {key: value for key, value in table.items() if type(value) is KINDS.get(key)}

    def keep(self, name: str, value: str | int) -> None:
        """Remember one choice."""
        if self._path is None:
            return
        text = json.dumps({**self.read(), name: value})
        beside = self._path.with_suffix(".new")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._path)
