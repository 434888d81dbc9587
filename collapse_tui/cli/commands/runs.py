"""`runs`, `runs delete`, `runs prune`, `export`: what is kept."""

import json as encoder
import re
import time
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.output import put, put_table, say
from collapse_tui.cli.terminal import can_ask
from collapse_tui.storage import (
    RunLockedError,
    SavedRun,
    StorageError,
    delete,
    locate,
    runs_folder,
    saved_runs,
)

AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def list_runs(runs: str | None, *, json: bool) -> int:
    """Print the runs, the one last worked on first."""
    folder = runs_folder(runs)
    rows = [_facts(run) for run in saved_runs(folder)]
    if json:
        for row in rows:
            put(encoder.dumps(row, ensure_ascii=False))
        return 0
    if not rows:
        say(f"{folder} holds no runs")
        return 0
    from rich import box  # not for --json
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("name", "state", "generation", "replicates", "last worked on", "title"):
        table.add_column(name, no_wrap=name != "title")
    for row in rows:
        changed = datetime.fromisoformat(row["changed"]).astimezone()
        progress = f"{row['generation']}/{row['generations']}"
        replicates, title = str(row["replicates"]), row["title"]
        table.add_row(
            row["name"], row["state"], progress, replicates, f"{changed:%Y-%m-%d %H:%M}", title
        )
    put_table(table)
    return 0


def _facts(run: SavedRun) -> dict[str, Any]:
    """Return what a list says of a run; a damaged one must not hide the others."""
    facts: dict[str, Any] = {
        "name": run.name,
        "path": str(run.path),
        "state": "damaged",
        "reason": "",
        "generation": -1,
        "generations": None,
        "replicates": None,
        "title": "",
        "changed": datetime.fromtimestamp(run.changed_at, UTC).isoformat(timespec="seconds"),
    }
    try:
        document = tomllib.loads(run.experiment_text)
        status = run.status
        facts |= {
            "state": str(status.get("state", "unknown")),
            "reason": str(status.get("reason", "")),
            "generation": run.last,
            "generations": document.get("generations"),
            "replicates": run.layout.replicates,
            "title": str(document.get("title", "")),
        }
    except (StorageError, tomllib.TOMLDecodeError) as error:
        facts["reason"] = str(error)
    return facts


def delete_runs(runs: str | None, names: Sequence[str]) -> int:
    """Delete runs, all of which must exist."""
    below = runs_folder(runs)
    paths = dict.fromkeys(locate(name, below) for name in names)
    for path in paths:
        delete(path)
        say(f"deleted {path}")
    return 0


def prune_runs(runs: str | None, older: str, *, yes: bool) -> int:
    """Delete the runs that were last worked on longer ago than `older`."""
    limit = time.time() - age(older)
    below = runs_folder(runs)
    old = [run for run in saved_runs(below) if run.changed_at < limit and run.state != "running"]
    if not old:
        say(f"{below} holds no run older than {older}")
        return 0
    if not yes and can_ask():
        for run in old:
            say(f"  {run.name}")
        if not typer.confirm(f"delete these {len(old)} runs?", err=True):
            message = "nothing was deleted"
            raise CommandError(message)
    for run in old:
        try:
            delete(run.path)
        except RunLockedError as error:
            say(f"note: {error}")
        else:
            say(f"deleted {run.path}")
    return 0


def age(text: str) -> float:
    """Return the seconds that ``30d`` or ``12h`` means.

    Raises
    ------
    CommandError
    """
    match = AGE.fullmatch(text.strip())
    if match is None:
        message = f"--older must be a number and s, m, h, d or w, such as 30d, got {text!r}"
        raise CommandError(message)
    return float(match[1]) * SECONDS[match[2]]


def export_run(run: str, runs: str | None, file: Path, *, force: bool) -> int:
    """Write a run in the format that the suffix of `file` names."""
    from collapse_tui.presentation.svg_page import write_picture  # only here
    from collapse_tui.storage.export import export

    saved = SavedRun.open(locate(run, runs_folder(runs)))
    target = file.expanduser()
    export(saved, target, more={".svg": write_picture}, force=force)
    say(f"wrote {target}: generations 0 to {saved.last} of {saved.name}")
    return 0
