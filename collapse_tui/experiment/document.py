"""The text of an experiment: reading TOML, and overrides by dotted keys."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

import presets
from collapse_tui.experiment.toml_text import LONGEST_KEY, MOST_BYTES, MOST_PARTS, parse_toml
from engines.errors import InvalidExperimentError, nearest
from engines.registry import find
from engines.sources.readers.regular_file import read_whole

Document = dict[str, Any]
TABLES = ("source", "engine", "policy", "schedule", "metrics", "state")
SCALARS = (
    "format",
    "title",
    "paper",
    "figure",
    "watch",
    "group",
    "seed",
    "generations",
    "replicates",
)
LISTS = ("stop", "interventions", "claims", "sweep")
SCIENCE = ("source", "engine", "policy", "schedule", "interventions")
"""Tables and keys that make a preset another system when they change."""
DATA = ("path", "dataset")
"""Keys that say which data a source reads, one of them at most."""
TOP = (*SCALARS, *TABLES, *LISTS)


def read(preset: str) -> tuple[str, Document]:
    """Return the name and the content of a preset: one of ours, or a TOML file.

    Parameters
    ----------
    preset : str
        A name, or a path (anything with a separator or ending in ``.toml``).

    Raises
    ------
    InvalidExperimentError
        If there is no such preset (the nearest name is given) or it is not TOML.
    """
    is_path = "/" in preset or "\\" in preset or preset.endswith(".toml")
    if not is_path and preset not in presets.names():
        raise InvalidExperimentError(
            f"unknown preset {preset!r}: {nearest(preset, presets.names())}"
        )
    path = _expand(preset) if is_path else presets.path(preset)
    document = parse_toml(_read_text(path), str(path))
    _anchor(document, path.parent)
    return (path.stem if not is_path or path.stem != "experiment" else path.parent.name), document


def _expand(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:  # ~nobody
        raise InvalidExperimentError(f"{path!r} is no path: {error}") from None


def _read_text(path: Path) -> str:
    try:
        content = read_whole(path, MOST_BYTES)
    except FileNotFoundError:
        raise InvalidExperimentError(f"preset file {str(path)!r} does not exist") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidExperimentError(
            f"{path} is not UTF-8 text: byte {error.start} is {content[error.start]:#04x}"
        ) from None


def fetch_argument(name: str) -> str:
    """Return what `fetch` takes for an experiment: its preset, or a placeholder for its file."""
    return name if name in presets.names() else "FILE"


def _anchor(document: Document, folder: Path) -> None:
    """Make the path of the user's data absolute: a preset means it relative to itself."""
    source = document.get("source")
    if is_table(source) and isinstance(source.get("path"), str):
        source["path"] = _absolute(folder, source["path"])


def _absolute(folder: Path, path: str) -> str:
    try:
        return str((folder / Path(path).expanduser()).resolve())
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, ~nobody, NUL
        raise InvalidExperimentError(f"source.path {path!r} is no path: {error}") from None


def is_table(value: object) -> TypeGuard[dict[str, Any]]:
    """Return whether a value of a document is a table."""
    return isinstance(value, dict)


def flatten(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return settings by dotted key.

    TOML reads an unquoted ``policy.fresh = 0.1`` as nested tables: both spellings mean the same.
    """
    found: dict[str, Any] = {}
    for key, value in settings.items():
        if is_table(value):
            found |= flatten(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = value
    return found


def parse_value(text: str) -> Any:
    """Return the TOML value of a ``--set`` text; what is not TOML is a string."""
    try:
        found = parse_toml(f"value = {text}", "the value")
    except InvalidExperimentError:
        return text
    return found["value"] if len(found) == 1 else text


def parse_assignment(text: str) -> tuple[str, Any]:
    """Return the key and value of ``key=value``.

    Raises
    ------
    InvalidExperimentError
        If there is no ``=``.
    """
    key, mark, value = text.partition("=")
    if not mark or not key.strip():
        raise InvalidExperimentError(f"--set takes key=value, got {text!r}")
    return key.strip(), parse_value(value.strip())


def with_settings(document: Document, settings: Mapping[str, Any]) -> Document:
    """Return a document with values set by dotted keys.

    A new source, engine or policy starts from its own defaults, and so do sizes where a new
    source, path or data set has a size of its own: ``policy.name=replace`` replaces, whatever a
    preset mixes in. Another schedule keeps ``size``, which has no default and means the same.

    Parameters
    ----------
    document : dict
    settings : mapping of str to object
        For example ``{"schedule.size": 1000}``. Names are set first.

    Raises
    ------
    InvalidExperimentError
        If a key names no table or top-level key.
    """
    result = copy.deepcopy(document)
    if any(key.partition(".")[0] in SCIENCE for key in settings):
        # The claims of a paper hold for its own system only.
        result.pop("claims", None)
    _forget_data(result, settings)
    for key in sorted(settings, key=lambda key: not key.endswith(".name")):
        _set(result, key.split("."), settings[key], key)
    source = settings.get("source.path")
    if isinstance(source, str) and is_table(result["source"]):
        result["source"]["path"] = _absolute(Path(), source)
    return result


def _forget_data(document: Document, settings: Mapping[str, Any]) -> None:
    """Remove sizes, and the other place of the data, where other data are to be read."""
    source, schedule = document.get("source"), document.get("schedule")
    if not is_table(source):
        return
    changed = {
        key
        for key in ("name", *DATA)
        if settings.get(f"source.{key}", source.get(key)) != source.get(key)
    }
    if not changed:
        return
    for key in DATA:
        if changed - {key, "name"} and f"source.{key}" not in settings:
            source.pop(key, None)
    from engines.sources.base import DataSetSource  # only where data are named

    if issubclass(find("source", settings.get("source.name", source.get("name"))), DataSetSource):
        source.pop("size", None)
        if is_table(schedule):
            schedule.pop("size", None)


def _set(document: Document, parts: list[str], value: Any, key: str) -> None:
    if len(parts) > MOST_PARTS or len(key) > LONGEST_KEY:
        raise InvalidExperimentError(
            f"unknown key {key[:40]}…: it has {len(parts):,} parts and {len(key):,} characters; at"
            f" most {MOST_PARTS} and {LONGEST_KEY} are read"
        )
    if len(parts) == 1:
        if parts[0] not in TOP:
            tables = {name: document.get(name) for name in TABLES}
            inner = [
                f"{n}.{key}" for n, table in tables.items() if is_table(table) for key in table
            ]
            raise InvalidExperimentError(f"unknown key {key}: {nearest(key, [*TOP, *inner])}")
        document[parts[0]] = value
        return
    if parts[0] not in TABLES:
        raise InvalidExperimentError(f"unknown key {key}: {nearest(parts[0], TABLES)}")
    table = document
    for part in parts[:-1]:
        table = table.setdefault(part, {})
        if not is_table(table):
            raise InvalidExperimentError(
                f"{key} cannot be set: {part} is {table!r} here, not a table of keys"
            )
    if parts[1:] == ["name"] and parts[0] in ("source", "engine", "policy", "schedule"):
        table = document[parts[0]] = _rename(parts[0], table, value)
    table[parts[-1]] = value


def _rename(kind: str, table: Document, name: str) -> Document:
    """Return what is left of a table for another source, engine, policy or schedule."""
    fields = find(kind, name).model_fields
    if table.get("name") == name:
        return table
    return {key: kept for key, kept in table.items() if kind == "schedule" and key in fields}
