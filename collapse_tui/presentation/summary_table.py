"""The summary of a run: its metrics at the first and last generation, beside theory."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from collapse_tui.events import Curve
from collapse_tui.number_format import format_number
from collapse_tui.presentation.laws import rank_laws
from collapse_tui.presentation.metric_words import name_metric
from collapse_tui.storage.saved import SavedRun

GAP = "  "


def build_summary(folder: Path, curves: Sequence[Curve]) -> str:
    """Return a table of the metrics and the lines below it.

    Parameters
    ----------
    folder : Path
        Of a run with at least one record.
    curves : sequence of Curve
        The laws that hold at the end.
    """
    run = SavedRun.open(folder)
    first, last = run.record(0), run.record(run.last)
    several = run.layout.replicates > 1
    rows = [
        (
            name_metric(metric),
            *_cells(metric, first, last, _law(metric, curves, run.last), several=several),
        )
        for metric in run.metric_names
    ]
    return "\n".join([*_align([*_heading(run, several=several), *rows]), "", *_below(last)])


def _heading(run: SavedRun, *, several: bool) -> list[tuple[str, ...]]:
    end = f"generation {run.last}"
    if several:
        return [
            ("metric", "generation 0", end, end, "theory", "z"),
            ("", "median", "median", "mean", "", ""),
        ]
    return [("metric", "generation 0", end, "theory", "z")]


def _align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines with the first column to the left and the others to the right."""
    first, *widths = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [
        GAP.join([row[0].ljust(first), *map(str.rjust, row[1:], widths)]).rstrip() for row in rows
    ]


def _cells(metric: str, first: Any, last: Any, curve: Curve | None, *, several: bool) -> list[str]:
    end = last["summary"][metric]
    cells = [format_number(first["summary"][metric]["q50"], 4), format_number(end["q50"], 4)]
    if several:
        cells.append(format_number(end["mean"], 4))
    at = last["generation"]
    expected = _at(curve, at)
    if curve is None or expected is None:
        return [*cells, "–", "–"]
    # runs without a value are not left out at random: the mean of the others is no test
    score = "–" if metric in last["flags"] else format_z_score(end, curve, at)
    return [*cells, format_number(expected, 4), score]


def _law(metric: str, curves: Sequence[Curve], generation: int) -> Curve | None:
    """Return the exact law to compare a metric's mean with, None if there is none."""
    ranked = rank_laws(curves, generation)
    exact = [c for c in ranked if c.metric == metric and c.status == "exact"]
    for statistic in ("mean", "path"):
        for curve in exact:
            if curve.statistic == statistic:
                return curve
    return None


def _at(curve: Curve | None, generation: int) -> float | None:
    if curve is None or generation >= curve.values.size:
        return None
    value = float(curve.values[generation])
    return value if math.isfinite(value) else None


def format_z_score(summary: Any, curve: Curve, generation: int) -> str:
    """Return how many standard errors a mean lies from an exact law, ``–`` where unknown.

    Parameters
    ----------
    summary : mapping
        Of the metric across replicates.
    curve : Curve
    generation : int
    """
    expected = _at(curve, generation)
    if curve.variance is None or curve.statistic != "mean" or expected is None:
        return "–"
    variance = float(curve.variance[generation])
    if summary["mean"] is None or not math.isfinite(variance) or variance <= 0:
        return "–"
    score = (summary["mean"] - expected) / math.sqrt(variance / summary["n"])
    return f"{score:+.1f}".replace("-", "−")


def _below(last: Any) -> list[str]:
    stages = ", ".join(f"{name} {count}" for name, count in last["stage"].items() if count)
    lines = [f"diagnosis: {stages}"] if stages else []
    return lines + [f"{name_metric(metric)}: {flag}" for metric, flag in last["flags"].items()]
