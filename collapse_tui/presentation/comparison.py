"""Several runs side by side, aligned by generation: one chart, the values, what differs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_tui.charts.palette import RUNS, Colour
from collapse_tui.charts.spec import Line, LineChart
from collapse_tui.presentation.run_preview import RunPreview
from collapse_tui.presentation.run_rows import shorten_name
from collapse_tui.presentation.run_settings import Difference, compare_settings, name_differences
from collapse_tui.presentation.scene import typical_values
from engines.errors import CollapseError

LETTERS = "ABCDEF"
"""What runs that are shown together are called; each has a colour of its own."""
MOST_RUNS = len(LETTERS)


class NotComparableError(CollapseError):
    """Runs that cannot be drawn in one chart."""

    exit_code = 2


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Up to six runs, A to F in the order given.

    Attributes
    ----------
    runs : sequence of RunPreview
    labels : sequence of str
        What sets each apart, in a few words.
    metrics : tuple of str
        Those that all runs measure, the most telling first.
    differences : sequence of Difference
        Every setting, first those in which the runs differ.
    """

    runs: Sequence[RunPreview]
    labels: Sequence[str]
    metrics: tuple[str, ...]
    differences: Sequence[Difference]

    @property
    def last(self) -> int:
        """The last generation of the run that came furthest."""
        return max(run.snapshot.generation for run in self.runs)


def compare_runs(runs: Sequence[RunPreview]) -> Comparison:
    """Return a comparison of some runs.

    Raises
    ------
    NotComparableError
        If there are too few or too many, one has no records, or they measure nothing in common.
    """
    if not 2 <= len(runs) <= MOST_RUNS:
        raise NotComparableError(f"compare takes 2 to {MOST_RUNS} runs, got {len(runs)}")
    for run in runs:
        if run.snapshot.generation < 0:
            raise NotComparableError(f"{run.name} cannot be compared: {run.note}")
    metrics = tuple(
        name for name in runs[0].metrics if all(name in run.metrics for run in runs[1:])
    )
    if not metrics:
        measured = "; ".join(f"{run.name} has {', '.join(run.metrics)}" for run in runs)
        raise NotComparableError(f"these runs measure no metric in common: {measured}")
    settings = [run.settings for run in runs]
    return Comparison(runs, label_runs(runs), metrics, compare_settings(settings))


def label_runs(runs: Sequence[RunPreview]) -> list[str]:
    """Return a few words for each of several runs: what sets it apart, else its name.

    Of runs that would have the same words, each says how long it is, where they differ in that.
    """
    found = name_differences([run.settings for run in runs])
    labels = [label or shorten_name(run.name) for label, run in zip(found, runs, strict=True)]
    lengths = [run.snapshot.generation for run in runs]
    return [
        f"{label}, {length:,} generations" if len(same) > 1 else label
        for label, length in zip(labels, lengths, strict=True)
        for same in [{n for one, n in zip(labels, lengths, strict=True) if one == label}]
    ]


def value_at(run: RunPreview, metric: str, generation: int) -> float:
    """Return the median of a metric at a generation, NaN before the first and after the last."""
    snapshot = run.snapshot
    if not 0 <= generation <= snapshot.generation:
        return math.nan
    values = typical_values(snapshot, metric)
    row = snapshot.row(generation)
    return float(values[row]) if row < values.size else math.nan


def last_values(run: RunPreview, metrics: Sequence[str]) -> dict[str, float | None]:
    """Return the median of each metric at the last generation of a run, None where undefined."""
    values = {name: value_at(run, name, run.snapshot.generation) for name in metrics}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def comparison_chart(
    runs: Sequence[tuple[str, Colour, RunPreview]], metric: str, *,
    cursor: int | None = None, log: bool = False,
) -> LineChart:  # fmt: skip
    """Return one metric of several runs over the same generations.

    Parameters
    ----------
    runs : sequence of (str, Colour, RunPreview)
        What each is called, its colour, and its records.
    metric : str
    cursor : int or None
        The generation looked at.
    log : bool
        Logarithmic y axis.
    """
    lines: list[Line] = []
    for label, colour, run in reversed(runs):  # the first one on top
        values = typical_values(run.snapshot, metric)
        lines.append(Line(run.snapshot.axis(values.size), values, colour, label, "solid"))
    joined = np.concatenate([line.y for line in lines]) if lines else np.empty(0)
    seen = joined[np.isfinite(joined)]
    if not seen.size:
        return LineChart(note=f"{metric} is undefined in every run shown" if metric else "")
    if log and not (seen > 0).any():
        return LineChart(note=f"no value of {metric} is positive: l goes back")
    last = max(1, *(run.snapshot.generation for _, _, run in runs))
    return LineChart(
        tuple(lines), x_limits=(0.0, float(last)), y_data=seen, log=log,
        cursor=None if cursor is None else float(cursor), labels="ends",
    )  # fmt: skip


def add_letters(
    runs: Sequence[RunPreview], labels: Sequence[str]
) -> list[tuple[str, Colour, RunPreview]]:
    """Return runs with their letters, labels and colours, as `comparison_chart` takes them."""
    return [
        (f"{letter} {label}".rstrip(), colour, run)
        for letter, label, colour, run in zip(LETTERS, labels, RUNS, runs, strict=False)
    ]
