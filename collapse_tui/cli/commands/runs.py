"""`runs`, `runs check`, `runs delete`, `runs prune`: the folder of runs."""

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.groups import Subcommands
from collapse_tui.cli.open_screen import open_on, require_terminal
from collapse_tui.cli.output import confirm, write_json, write_message, write_result, write_table
from collapse_tui.visible_text import to_visible_line

if TYPE_CHECKING:
    from pathlib import Path

    from collapse_tui.storage.saved import SavedRun

AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}

app = typer.Typer(cls=Subcommands, invoke_without_command=True)


@app.callback()
def list_runs(
    context: typer.Context,
    *,
    json: opt.Json = False,
    screen: Annotated[
        bool, typer.Option("--screen", help="Open the list in the screen, to compare and go on.")
    ] = False,
    marker: opt.Marker = None,
    theme: opt.Theme = None,
) -> int:
    """List the runs, the one last worked on first."""
    if context.invoked_subcommand is not None:
        return 0
    if screen:
        require_terminal("runs --screen", "collapse-tui runs")
        from collapse_tui.tui.first_screen import list_screen

        return open_on(list_screen(), context.obj, {"marker": marker, "theme": theme})
    from collapse_tui.storage.catalogue import saved_runs
    from collapse_tui.storage.runs_folder import runs_folder

    folder = runs_folder(context.obj)
    rows = [_describe(run) for run in saved_runs(folder)]
    if json:
        for row in rows:
            write_json(row)
    elif rows:
        write_table(_table(rows))
        for row in rows:
            if row["state"] in {"damaged", "unknown"}:
                write_message(f"note: {row['name']} is {row['state']}: {row['reason']}")
    else:
        write_message(f"{folder} holds no runs")
    return 0


def _describe(run: "SavedRun") -> dict[str, Any]:
    """Return the row of a run: what can be read of it, and what is wrong with the rest."""
    from collapse_tui.storage.run_facts import read_facts

    facts = read_facts(run)
    changed = datetime.fromtimestamp(facts.changed, UTC).isoformat(timespec="seconds")
    return {
        "name": run.name, "path": str(run.path), "state": facts.state, "reason": facts.reason,
        "generation": facts.generation, "generations": facts.generations,
        "replicates": facts.replicates, "title": facts.title, "changed": changed,
    }  # fmt: skip


def _table(rows: list[dict[str, Any]]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("name", "state", "generation", "replicates", "last worked on", "title"):
        table.add_column(name, no_wrap=name != "title")
    for row in rows:
        changed = datetime.fromisoformat(row["changed"]).astimezone()
        table.add_row(
            to_visible_line(row["name"]),
            to_visible_line(row["state"]),
            f"{row['generation']}/{row['generations']}",
            str(row["replicates"]),
            f"{changed:%Y-%m-%d %H:%M}",
            to_visible_line(row["title"]),
        )
    return table


@app.command()
def delete(
    context: typer.Context,
    run: Annotated[list[str], typer.Argument(metavar="RUN…", autocompletion=opt.run_names)],
) -> int:
    """Delete runs."""
    from collapse_tui.storage import catalogue
    from collapse_tui.storage.runs_folder import runs_folder

    folder = runs_folder(context.obj)
    # all are found before one is deleted
    for path in dict.fromkeys([catalogue.locate(name, folder) for name in run]):
        _delete(path)
    return 0


def _delete(path: "Path") -> None:
    from collapse_tui.storage import catalogue

    left = catalogue.delete(path)
    stays = f"; what the run did not write stays there: {catalogue.list_some(left)}" if left else ""
    write_message(f"deleted {path}{stays}")


@app.command()
def check(
    context: typer.Context,
    run: Annotated[
        list[str] | None, typer.Argument(metavar="RUN…", autocompletion=opt.run_names)
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Check every run.")] = False,
) -> int:
    """Read every file of runs and name what is damaged, and what heals it."""
    from collapse_tui.storage import catalogue
    from collapse_tui.storage.errors import StorageError
    from collapse_tui.storage.inspection import inspect_run
    from collapse_tui.storage.runs_folder import runs_folder

    if bool(run) == every:
        raise CommandError("runs check needs the names of runs, or --all")
    folder = runs_folder(context.obj)
    paths = [saved.path for saved in catalogue.saved_runs(folder)] if every else []
    paths += [catalogue.locate(name, folder) for name in run or ()]
    whole = True
    for path in dict.fromkeys(paths):
        try:
            found = inspect_run(path)
        except (StorageError, OSError) as error:
            write_result(f"{path}: damaged\n  {error}")
            whole = False
            continue
        state = "damaged" if found.damages else "whole"
        lines = [f"{path}: {state}, {found.records:,} records"]
        lines += [f"  {damage}" for damage in found.damages]
        write_result("\n".join(lines))
        for note in found.notes:
            write_message(f"note: {path}: {note}")
        whole = whole and not found.damages
    return 0 if whole else 1


@app.command()
def prune(
    context: typer.Context,
    *,
    older: Annotated[str, typer.Option(metavar="AGE", help="For example 30d, 12h or 2w.")],
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> int:
    """Delete the runs that were last worked on longer ago than some time."""
    from collapse_tui.storage import catalogue
    from collapse_tui.storage.errors import RunLockedError
    from collapse_tui.storage.runs_folder import runs_folder

    limit = time.time() - parse_age(older)
    folder = runs_folder(context.obj)
    runs = catalogue.saved_runs(folder)
    # a link in the folder of runs leads to a run that is kept elsewhere
    here = [run for run in runs if run.path.parent == folder.resolve()]
    old = [run for run in here if run.changed_at < limit and run.state != "running"]
    if not old:
        write_message(f"{folder} holds no run older than {older}")
        return 0
    if not yes:
        names = "".join(f"  {run.name}\n" for run in old)
        confirm(f"{names}delete these {len(old)} runs?", "nothing was deleted")
    for run in old:
        try:
            _delete(run.path)
        except RunLockedError as error:
            write_message(f"note: {error}")
    return 0


def parse_age(text: str) -> float:
    """Return the seconds that ``30d`` or ``12h`` means.

    Raises
    ------
    CommandError
    """
    match = AGE.fullmatch(text.strip())
    if match is None:
        raise CommandError(
            f"--older must be a number and s, m, h, d or w, such as 30d, got {text!r}"
        )
    return float(match[1]) * SECONDS[match[2]]
