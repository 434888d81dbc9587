"""Published values as marks on charts: which, where, and what they are called."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Line, LineChart
from collapse_tui.experiment.edit import with_intervention
from collapse_tui.experiment.loader import load
from collapse_tui.presentation.figures.metric_figure import build_chart
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.published_values import (
    SIGN,
    PublishedValue,
    add_published_values,
    describe_published_values,
    last_published,
    name_published_value,
    read_published_values,
)
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot


def value_at(generation: int, low: float, high: float | None = None) -> PublishedValue:
    """Return a mean of the variance."""
    high = low if high is None else high
    return PublishedValue("variance", generation, low, high, "mean", "paper", "Fig. 2")


VALUES = (value_at(1, 0.5), value_at(5, 0.4), value_at(10, 0.125, 0.375))


def scene_of(*values: PublishedValue, replicates: int = 20) -> Scene:
    """Return a run of ten generations whose variance falls from 1 to 0.1."""
    series = {"variance": np.tile(np.linspace(1, 0.1, 11)[:, None], (1, len(STATISTICS)))}
    snapshot = Snapshot(generation=10, generations=20, series=series)
    return Scene(snapshot, topics=("variance",), replicates=replicates, published=values)


def marks_of(chart: LineChart) -> list[tuple[float, float]]:
    return [
        pair for dots in chart.dots for pair in zip(dots.x.tolist(), dots.y.tolist(), strict=True)
    ]


def names_of(chart: LineChart) -> list[str]:
    return [dots.label for dots in chart.dots if dots.label]


def test_laws_and_bands_of_ours_are_no_published_values() -> None:
    experiment = load("shumailov")
    assert {claim.origin for claim in experiment.claims} > {"paper", "law"}
    found = read_published_values(experiment)
    assert [(one.metric, one.generation, one.low) for one in found] == [("variance", 50, 1.0)]


def test_values_come_by_generation_and_end_with_a_change_of_settings() -> None:
    experiment = load("borji")
    found = [one for one in read_published_values(experiment) if one.metric == "w1_sample"]
    assert [one.generation for one in found] == [1, 10, 30, 100, 300]
    changed = with_intervention(experiment, 31, {"policy.fresh": 0.1})
    rest = [one for one in read_published_values(changed) if one.metric == "w1_sample"]
    assert [one.generation for one in rest] == [1, 10, 30]


def test_a_topic_has_the_values_of_its_own_statistic() -> None:
    spread = replace(VALUES[0], statistic="variance")
    scene = scene_of(*VALUES, spread)
    assert scene.published_values("variance") == VALUES
    assert scene.published_values("variance:variance") == (spread,)
    assert scene.published_values("mean") == ()


def test_each_value_is_a_mark_and_the_last_one_reached_is_named() -> None:
    scene = scene_of(*VALUES)
    chart = metric_chart(replace(scene, shown=7), "variance")
    assert sorted(marks_of(chart)) == [(1, 0.5), (5, 0.4), (10, 0.25)]
    assert names_of(chart) == ["published mean 0.4 at 5"]
    assert names_of(metric_chart(replace(scene, shown=0), "variance")) == [
        "published mean 0.5 at 1"
    ]
    (span,) = (line for line in chart.lines if line.colour == Colour.PUBLISHED)
    assert (span.x.tolist(), span.y.tolist()) == ([10, 10], [0.125, 0.375])


def test_a_mark_stands_in_the_cell_of_its_value_and_its_name_beside_it() -> None:
    canvas = draw(metric_chart(scene_of(value_at(20, 0.9)), "variance"), 60, 16)
    rows = ["".join(row) for row in canvas.chars]
    assert canvas.area is not None
    right = canvas.area.left + canvas.area.width - 1
    marked = [index for index, row in enumerate(rows) if row[right] == SIGN]
    assert len(marked) == 1
    assert marked[0] <= canvas.area.top + 2, "0.9 of 1 is near the upper edge"
    assert any("published mean 0.9 at 20" in row for row in rows)


def test_a_value_far_beyond_the_run_does_not_flatten_it() -> None:
    far = value_at(15, 500.0)
    assert marks_of(metric_chart(scene_of(VALUES[0], far), "variance")) == [(1, 0.5)]
    assert metric_chart(scene_of(far), "variance").dots == ()
    logarithmic = replace(scene_of(VALUES[0], far), log=True)
    assert len(marks_of(metric_chart(logarithmic, "variance"))) == 2
    assert len(marks_of(build_chart(scene_of(VALUES[0], far), "variance"))) == 1, "not reached yet"
    reached = scene_of(replace(far, generation=9))
    assert marks_of(build_chart(reached, "variance")) == [(9, 500.0)], "a figure has them all"


def test_marks_are_left_out_of_a_chart_of_several_scales_and_of_other_generations() -> None:
    scene = replace(scene_of(*VALUES), window=(4.0, 9.0))
    chart = metric_chart(scene, "variance")
    assert (marks_of(chart), names_of(chart)) == ([(5, 0.4)], ["published mean 0.4 at 5"])
    nothing = LineChart(note="waiting")
    assert add_published_values(nothing, VALUES) is nothing
    x = np.arange(3.0)
    logarithmic = LineChart((Line(x, x + 1, Colour.SERIES),), log=True)
    assert add_published_values(logarithmic, [value_at(1, -1.0)]) is logarithmic


def test_of_one_run_a_mean_is_what_it_is_expected_to_give() -> None:
    assert name_published_value(VALUES[0], several=False) == "published 0.5 at 1"
    assert name_published_value(VALUES[2], several=True) == "published mean 0.125 … 0.375 at 10"
    high = replace(VALUES[1], statistic="q95", generation=2050)
    assert name_published_value(high, several=False) == "published 95 % quantile 0.4 at 2,050"
    spread = replace(VALUES[1], statistic="variance")
    assert name_published_value(spread, several=True) == "published 0.4 at 5"
    alive = replace(VALUES[1], metric="alive")
    assert name_published_value(alive, several=True) == "published 0.4 at 5", "it is the share"
    assert last_published(VALUES, 5) is VALUES[1]


def test_a_sentence_says_where_a_value_is_from_and_what_is_wrong_with_it() -> None:
    wrong = replace(VALUES[0], erratum="E2: eq. 5 is wrong")
    assert describe_published_values([VALUES[1], wrong]) == [
        "◇ mean at generation 5: 0.4 (paper, Fig. 2)",
        "◇ mean at generation 1: 0.5 (paper, Fig. 2; wrong: E2: eq. 5 is wrong)",
    ]
