"""What the list of saved runs says: of itself, of the run under the cursor, and in its help."""

from collections.abc import Sequence

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.presentation.run_rows import RunRow
from collapse_tui.tui.runs.descriptions import RunDescription

ABOUT = RunDescription("saved runs", "every run of the folder, and those that others work on")
SENTENCES = (
    "Each line is a saved run: how far it came, how it ended, its first metric at the last record.",
    "Those that another process works on are marked running, and move while it goes on.",
    (
        "Below are the curve and the last view of the run under the cursor, or of the runs marked A"
        " to F together, and their settings with ≠ where they differ."
    ),
    "The filter takes words, and settings as λ=0.2, M>=1000 or policy=accumulate; all must hold.",
)


WRONG = frozenset({"failed", "damaged", "killed", "unknown"})
"""States whose reason goes before all else."""


def count_runs(rows: Sequence[RunRow], found: int, wanted: str, *, complete: bool) -> str:
    """Return how many runs there are.

    Parameters
    ----------
    rows : sequence of RunRow
        All of them.
    found : int
        How many are shown.
    wanted : str
        The words of the filter.
    complete : bool
        Whether the whole folder has been read.
    """
    busy = sum(1 for row in rows if row.in_use)
    counted = f"{found:,} of {len(rows):,} runs" if wanted else f"{len(rows):,} runs"
    parts = (counted, f"{busy} running" if busy else "", "" if complete else "reading …")
    return " · ".join(part for part in parts if part)


def describe_row(row: RunRow, marked: int) -> list[Span]:
    """Return the line below the table: what is wrong with the run, who writes it, or what it is."""
    if row.reason and row.state in WRONG:
        return [(row.reason.replace(f"{row.path}/", ""), Colour.BAD)]
    if row.in_use:
        return [(f"{row.writer} writes it · enter follows", Colour.GOOD)]
    return [(f"{marked} marked · c compares" if marked else row.title, Colour.TEXT)]


def explain_empty(rows: Sequence[RunRow]) -> list[Span]:
    """Return why no run is shown."""
    said = "no run matches · esc clears the filter" if rows else "no runs here yet"
    return [(said, Colour.TEXT)]
