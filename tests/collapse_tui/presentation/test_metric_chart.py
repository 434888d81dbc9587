"""The main chart: what lies over what, how much of theory it holds, and what the table says."""

from typing import Any

import numpy as np
import pytest

from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.events import Curve
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.metric_rows import arrange_columns, metric_rows, row_spans
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot

LAST = 60


def law(status: str, statistic: str, values: Any, variance: Any = None, name: str = "") -> Curve:
    label = name or f"{statistic}, {status}"
    return Curve("made", label, "variance", statistic, status, np.asarray(values), variance, "")


def scene_of(*laws: Curve, level: float = 1.0) -> Scene:
    rows = np.full((LAST + 1, len(STATISTICS)), level)
    for name, factor in (("q05", 0.5), ("q25", 0.8), ("q50", 0.9), ("q75", 1.2), ("q95", 2.0)):
        rows[:, STATISTICS.index(name)] = factor * level
    rows[:, STATISTICS.index("n")] = 100
    snapshot = Snapshot(
        generation=LAST, generations=LAST, series={"variance": rows}, curves=tuple(laws)
    )
    topics = ("variance", "variance:variance")
    return Scene(snapshot, topics=topics, replicates=100)


FLAT = np.ones(LAST + 1)
LAWS = (
    law("limit", "mean", 1.5 * FLAT),
    law("exact", "mean", 1.1 * FLAT),
    law("approximation", "q50", 0.7 * FLAT),
)


def test_the_mean_lies_over_the_median_and_under_the_law_that_it_is_compared_with():
    lines = metric_chart(scene_of(*LAWS), "variance").lines
    labels = [line.label for line in lines]
    assert labels[-3:] == ["median", "mean", "mean, exact"]
    assert set(labels[:-3]) == {"mean, limit", "q50, approximation"}
    assert [line.label for line in lines if line.thick] == ["mean"]


@pytest.mark.parametrize("most", [1, 2, 3, None])
def test_where_laws_are_left_out_the_one_to_compare_with_stays(most: int | None):
    lines = metric_chart(scene_of(*LAWS), "variance", (), most).lines
    laws = [line.label for line in lines if line.label not in {"mean", "median"}]
    assert len(laws) == (most or 3)
    assert laws[-1] == "mean, exact"


def test_the_mean_is_seen_as_a_line_of_its_own_thickness():
    canvas = draw(metric_chart(scene_of(law("exact", "mean", 3 * FLAT)), "variance"), 80, 24)

    def dots(colour: Colour) -> float:
        chars = canvas.chars[(canvas.foreground == colour) & (canvas.chars >= "⠁")]
        chars = chars[chars <= "⣿"]
        return sum((ord(char) - 0x2800).bit_count() for char in chars.tolist()) / chars.size

    assert dots(Colour.MEAN) == pytest.approx(2 * dots(Colour.SERIES), rel=0.1)


def table_row(scene: Scene, topic: str) -> str:
    rows = metric_rows(scene)
    row = next(row for row in rows if row.topic == topic)
    columns = arrange_columns(scene, rows, 62)
    return "".join(
        text for text, _ in row_spans(scene, row, columns, chosen=False, ascii_only=False)
    )


@pytest.mark.parametrize(("expected", "shown"), [(3e-20, "0"), (3e-9, "3e−9"), (0.0, "0")])
def test_what_is_nothing_beside_the_value_is_told_as_0(expected: float, shown: str):
    scene = scene_of(law("exact", "mean", expected * FLAT))
    assert table_row(scene, "variance").split()[1:3] == ["1.00", shown]


def test_a_law_is_told_where_the_value_is_as_small():
    row = table_row(scene_of(law("exact", "mean", 3e-20 * FLAT), level=3.1e-20), "variance")
    assert "3e−20" in row


def test_a_heavy_tail_stands_in_place_of_z_for_the_mean_and_its_variance():
    scatter = np.where(np.arange(LAST + 1) < LAST, 1.0, np.nan)
    rare = law("exact", "mean", 50 * FLAT, scatter)
    scene = scene_of(rare, law("exact", "variance", 654 * FLAT))
    assert "heavy" in table_row(scene, "variance")
    assert "heavy" in table_row(scene, "variance:variance")
    assert "heavy" not in table_row(scene_of(law("exact", "mean", FLAT)), "variance")
