"""Runs over the same generations: what is common, what differs, what is refused."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from collapse_tui.charts.palette import RUNS
from collapse_tui.presentation.comparison import (
    NotComparableError,
    add_letters,
    compare_runs,
    comparison_chart,
    last_values,
    value_at,
)
from collapse_tui.presentation.run_preview import RunPreview
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot


def preview(name: str, medians: list[float], picked: list[int] | None = None, **more) -> RunPreview:
    rows = np.full((len(medians), len(STATISTICS)), np.nan)
    rows[:, STATISTICS.index("q50")] = medians
    at = np.array(picked or range(len(medians)))
    metrics = more.pop("metrics", ("w1",))
    snapshot = Snapshot(
        generation=int(at[-1]) if len(at) else -1, series=dict.fromkeys(metrics, rows), picked=at
    )
    return RunPreview(Path(f"/r/{name}"), name, snapshot, metrics, **more)


A = preview("a", [0.0, 1.0, 2.0], settings={"policy.fresh": 0.1})
B = preview("b", [0.0, 5.0], [0, 10], settings={"policy.fresh": 0.2})


def test_runs_are_aligned_by_generation_whatever_was_picked():
    shown = compare_runs([A, B])
    assert shown.last == 10
    assert shown.labels == ["λ 0.1", "λ 0.2"]
    assert value_at(A, "w1", 2) == 2.0
    assert math.isnan(value_at(A, "w1", 3))
    assert value_at(B, "w1", 7) == 0.0
    assert last_values(B, ("w1",)) == {"w1": 5.0}
    chart = comparison_chart(add_letters(shown.runs, shown.labels), "w1", cursor=2)
    assert chart.x_limits == (0.0, 10.0)
    assert [line.label for line in chart.lines] == ["B λ 0.2", "A λ 0.1"]
    assert [line.colour for line in chart.lines] == [RUNS[1], RUNS[0]]
    assert chart.lines[0].x.tolist() == [0, 10]


def test_runs_that_differ_in_length_alone_say_it():
    short, long = (preview("borji", [0.0] * count, settings={"seed": 1}) for count in (3, 8))
    assert compare_runs([short, long]).labels == ["borji, 2 generations", "borji, 7 generations"]
    assert compare_runs([short, short]).labels == ["borji", "borji"]
    other = preview("kazdan", [0.0, 1.0], settings={"seed": 1})
    assert compare_runs([short, long, other]).labels[2] == "kazdan"


def test_what_cannot_be_drawn_is_a_sentence():
    nothing = preview("n", [math.nan, math.inf])
    assert "undefined in every run" in comparison_chart(add_letters([nothing], [""]), "w1").note
    low = preview("l", [-1.0, 0.0])
    assert "no value of w1" in comparison_chart(add_letters([low], [""]), "w1", log=True).note
    assert last_values(nothing, ("w1",)) == {"w1": None}


@pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        ([A], "takes 2 to 6 runs, got 1"),
        ([A] * 7, "takes 2 to 6 runs, got 7"),
        ([A, replace(B, metrics=("tv",))], "no metric in common: a has w1; b has tv"),
        ([A, RunPreview(Path("/r/c"), "c", note="it has no records yet")], "c cannot be compared"),
    ],
)
def test_runs_that_cannot_be_compared(runs, sentence):
    with pytest.raises(NotComparableError, match=sentence):
        compare_runs(runs)
