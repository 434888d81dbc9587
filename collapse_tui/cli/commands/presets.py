"""`presets`: the experiments that come with the program, and files like them."""

import os
import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import tomli_w

import presets
from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.output import put, say
from collapse_tui.experiment import document
from collapse_tui.experiment.claim import read_claims
from collapse_tui.experiment.document import Document
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.interventions import read_interventions
from collapse_tui.experiment.loader import load
from collapse_tui.experiment.schema import Top
from engines.external.hub import MissingDownloadError
from engines.registry import find

TABLES = ("source", "engine", "policy", "schedule")


def list_presets() -> int:
    """Print the name and the title of each preset."""
    names = presets.names()
    width = max(map(len, names), default=0)
    for name in names:
        _, content = document.read(name)
        put(f"{name:{width}}  {content.get('title', '')}".rstrip())
    return 0


def show_preset(name: str) -> int:
    """Print what a preset shows, what its paper says, and the keys that ``--set`` takes."""
    called, written = document.read(name)
    found = Top().model_dump() | written
    lacking = ""
    try:
        found = load(name).document
    except MissingDownloadError as missing:
        # What it is can be told without its data, though not with every default filled in.
        lacking = str(missing)
    claims = read_claims(found.get("claims", []))
    put(f"{called}: {found['title'] or called}")
    _put_words(found, [claim.text for claim in claims])
    put("")
    _put_parameters(found)
    if claims:
        put(f"{len(claims)} claims: collapse-tui reproduce {called}")
    if lacking:
        say(f"note: {called} cannot run yet: {lacking}")
    return 0


def _put_words(found: Document, claims: Sequence[str]) -> None:
    labelled = (
        ("paper", found["paper"]), ("figure", found["figure"]), ("watch for", found["watch"]),
        *(("" if index else "claims", f"- {text}") for index, text in enumerate(claims)),
    )  # fmt: skip
    width = min(shutil.get_terminal_size().columns, 100)
    for label, text in labelled:
        if text:
            indent = " " * (13 if text.startswith("- ") else 11)
            put(textwrap.fill(f"{label:9}  {text}", width, subsequent_indent=indent))


def _put_parameters(found: Document) -> None:
    rows = [(key, toml(found[key]), "") for key in ("seed", "generations", "replicates")]
    for table in TABLES:
        values = found.get(table, {})
        described: Any = find(table, values["name"]).model_fields if "name" in values else {}
        for key, value in values.items():
            field = described.get(key)
            rows.append((f"{table}.{key}", toml(value), (field and field.description) or ""))
    if "metrics" in found:
        rows.append(("metrics.names", toml(found["metrics"]["names"]), ""))
    width = max(len(key) for key, _, _ in rows)
    for key, value, description in rows:
        put(f"{key:{width}} = {value}" + (f"   # {description}" if description else ""))
    for item in read_interventions(found.get("interventions", [])):
        changes = ", ".join(f"{key} = {toml(value)}" for key, value in item.settings.items())
        put(f"from generation {item.at} on: {changes}")
    for table in found.get("sweep", []):
        put(f"sweeps {', '.join(table['over'])}")


def toml(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in table.items()) + " }"
    if isinstance(value, list | tuple):
        items = cast("list[Any]", value)
        return "[" + ", ".join(toml(item) for item in items) + "]"
    return tomli_w.dumps({"value": value}).partition("=")[2].strip()


def check_preset(file: str) -> int:
    """Say what a file would run; refuse one that cannot run."""
    path = file if "/" in file or file.endswith(".toml") else f"./{file}"
    experiment = load(path)
    claims = _claims(path, experiment)
    setup = experiment.setup(0)
    put(
        f"{file} can run: {experiment.document['source']['name']} data, engine"
        f" {setup.engine.name}, policy {setup.policy.name}, {experiment.generations} generations,"
        f" {experiment.replicates} replicates, metrics {', '.join(experiment.metric_names)}{claims}"
    )
    return 0


def _claims(path: str, experiment: Experiment) -> str:
    if not experiment.claims:
        return ""
    from collapse_tui.reproduction import stated  # only for presets with claims

    return f", {len(stated(path))} claims that `collapse-tui reproduce` decides"


def copy_preset(name: str, file: Path) -> int:
    """Write a preset to a new file."""
    document.read(name)
    source = presets.path(name) if name in presets.names() else Path(name).expanduser()
    target = file.expanduser()
    if target.suffix != ".toml":
        message = f"{target} must end in .toml, so that --preset takes it for a file"
        raise CommandError(message)
    _write_new(target, source.read_bytes())
    shown = target if target.is_absolute() or len(target.parts) > 1 else f"./{target}"
    say(f"wrote {target}; run it with: collapse-tui batch --preset {shown}")
    return 0


def _write_new(target: Path, content: bytes) -> None:
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        message = f"{target} already exists; choose another name"
        raise CommandError(message) from None
    except OSError as error:
        message = f"cannot write {target}: {error.strerror}"
        raise CommandError(message) from None
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
