"""The page of a run as one HTML file: no address of another place, no script but its own.

What comes from files of anybody, such as titles and names, arrives as JSON and is written as text
by the script; the policy of the page lets no other script run.
"""

import base64
import hashlib
import html
import json
import math
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from collapse_tui import __version__
from collapse_tui.charts.palette import DARK, LIGHT, Colour, Palette
from collapse_tui.presentation.html.page_data import build_page_data
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.saved import SavedRun
from collapse_tui.visible_text import to_visible

_FIELD = re.compile(r"\{\{(\w+)\}\}")


def write_html(run: SavedRun, target: Path) -> tuple[str, ...]:
    """Write a run as a page: curves, views of many generations, claims, settings, references.

    Returns
    -------
    tuple of str
        Notes on what the page leaves out; they stand on it too.

    Raises
    ------
    ExportError
        If nothing is recorded yet.
    """
    if run.last < 0:
        raise ExportError(f"{run.name} has no records yet, so there is nothing to draw")
    data = build_page_data(run)
    target.write_text(render_page(data), encoding="utf-8")
    return tuple(data["notes"])


def render_page(data: dict[str, Any]) -> str:
    """Return the page that shows an object of `build_page_data`."""
    style = _fill(_read("page.css"), {"light": _list_colours(LIGHT), "dark": _list_colours(DARK)})
    script = f"{_read('chart.js')}\n{_read('page.js')}"
    policy = (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)};"
        " base-uri 'none'; form-action 'none'"
    )
    return _fill(_read("page.html"), {
        "policy": policy,
        "generator": f"collapse-tui {__version__}",
        "title": html.escape(to_visible(data["title"])),
        "style": style,
        "script": script,
        "data": encode_json(data),
    })  # fmt: skip


def encode_json(data: object) -> str:
    """Return JSON that can stand inside a script element: it holds no ``<``, ``>`` or ``&``."""
    text = json.dumps(_plain(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = to_visible(text)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _plain(value: Any) -> Any:
    """Return what JSON can hold; numbers without a value are null."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _read(name: str) -> str:
    return files("collapse_tui.presentation.html").joinpath(name).read_text(encoding="utf-8")


def _fill(template: str, fields: dict[str, str]) -> str:
    """Return a template with its fields in place; what is put in is not looked at again."""
    return _FIELD.sub(lambda found: fields[found[1]], template)


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _list_colours(palette: Palette) -> str:
    looks = ((Colour(colour).name, look) for colour, look in palette.colours.items())
    return "\n".join(f"--{name}: {look};" for name, look in looks if look.startswith("#"))
