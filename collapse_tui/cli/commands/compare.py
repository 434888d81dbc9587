"""`compare`: runs over the same generations, in the screen or as a table."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli import output
from collapse_tui.cli.open_screen import open_on, require_terminal
from collapse_tui.shell_word import to_shell_word

if TYPE_CHECKING:
    from collapse_tui.presentation.comparison import Comparison


def compare(
    context: typer.Context,
    run: Annotated[
        list[str],
        typer.Argument(metavar="RUN…", help="Two to six runs.", autocompletion=opt.run_names),
    ],
    *,
    json: opt.Json = False,
    table: Annotated[
        bool, typer.Option("--table", help="Print a table in place of the screen.")
    ] = False,
    marker: opt.Marker = None,
    theme: opt.Theme = None,
) -> int:
    """Compare runs, aligned by generation: in the screen, or with --table or --json in print."""
    from collapse_tui.presentation.comparison import compare_runs
    from collapse_tui.presentation.run_preview import load_preview
    from collapse_tui.storage.catalogue import open_run

    if not (table or json):
        words = " ".join(map(to_shell_word, run))
        require_terminal("compare", f"collapse-tui compare {words} --table")
    paths = [open_run(name, context.obj).path for name in run]
    shown = compare_runs([load_preview(path) for path in paths])
    if json:
        for row in _objects(shown):
            output.write_json(row)
        return 0
    if table:
        output.write_table(*_tables(shown))
        return 0
    from collapse_tui.tui.first_screen import compare_screen

    return open_on(compare_screen(paths), context.obj, {"marker": marker, "theme": theme})


def _objects(shown: "Comparison") -> list[dict[str, Any]]:
    """Return a JSON object for each run: the settings that differ, the last medians."""
    from collapse_tui.presentation.comparison import LETTERS, last_values

    differing = [row.key for row in shown.differences if row.differs]
    return [
        {
            "run": letter,
            "name": run.path.name,
            "path": str(run.path),
            "generation": run.snapshot.generation,
            "settings": {key: run.settings.get(key) for key in differing},
            "values": last_values(run, shown.metrics),
        }
        for letter, run in zip(LETTERS, shown.runs, strict=False)
    ]


def _tables(shown: "Comparison") -> list[Any]:
    from rich import box
    from rich.table import Table

    from collapse_tui.number_format import format_number
    from collapse_tui.presentation.comparison import LETTERS, last_values
    from collapse_tui.presentation.metric_words import name_metric

    letters = LETTERS[: len(shown.runs)]
    settings, values = (Table(box=box.SIMPLE_HEAD, pad_edge=False) for _ in range(2))
    settings.add_column("differs")
    values.add_column("median at its last generation")
    for letter, run in zip(letters, shown.runs, strict=True):
        settings.add_column(letter)
        values.add_column(f"{letter} · {run.snapshot.generation}", justify="right")
    settings.add_row("run", *(run.name for run in shown.runs))
    for row in shown.differences:
        if row.differs:
            settings.add_row(row.key, *(value or "–" for value in row.values))
    found = [last_values(run, shown.metrics) for run in shown.runs]
    for metric in shown.metrics:
        values.add_row(name_metric(metric), *(format_number(one[metric]) for one in found))
    return [settings, values]
