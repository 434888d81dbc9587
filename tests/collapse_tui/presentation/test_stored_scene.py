"""A long run is drawn from some of its records, in their places, and says so."""

from pathlib import Path

import numpy as np
import pytest

from collapse_tui.charts.palette import PALETTES
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.number_format import format_fixed
from collapse_tui.presentation import stored_scene
from collapse_tui.presentation.captions import comparison
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.metric_rows import draw_metric_table
from collapse_tui.presentation.snapshot import STATISTICS
from collapse_tui.presentation.stored_scene import load_scene, load_theory
from collapse_tui.storage.saved import SavedRun


@pytest.fixture
def saved(tmp_path: Path) -> SavedRun:
    """Give a run of 101 records."""
    metrics = {"metrics.names": ["variance", "w2_squared"]}
    experiment = load("shumailov", generations=100, replicates=5, **metrics)
    list(run(experiment, folder=tmp_path / "run", device="cpu"))
    return SavedRun.open(tmp_path / "run")


def test_some_records_stand_for_all(saved: SavedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, curves, notes = load_theory(saved)
    assert notes == ()
    whole = load_scene(saved, experiment, curves)
    monkeypatch.setattr(stored_scene, "MOST_RECORDS", 11)
    (note,) = load_theory(saved)[2]
    assert note.startswith("drawn from 11 of 101 records, evenly spaced; only their checksums")
    scene = load_scene(saved, experiment, curves)
    picked = scene.snapshot.picked
    assert picked is not None
    assert picked.tolist() == list(range(0, 101, 10))
    assert np.array_equal(
        scene.snapshot.series["variance"], whole.snapshot.series["variance"][::10]
    )
    chart = metric_chart(scene, "variance")
    median = next(line for line in chart.lines if line.label == "median")
    assert np.array_equal(median.x, picked)
    assert np.array_equal(chart.bands[0].x, picked)
    last = saved.record(100)["summary"]["w2_squared"]["q50"]
    rows = scene.snapshot.series["w2_squared"]
    assert rows[-1, STATISTICS.index("q50")] == last
    mean = saved.record(100)["summary"]["w2_squared"]["mean"]
    drawn = to_plain_text(draw_metric_table(scene, 60, 8), PALETTES["plain"])
    assert format_fixed(mean) in drawn


def test_theory_of_a_very_long_run_says_where_it_ends(
    saved: SavedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_scene, "WHOLE_THEORY", 50)
    monkeypatch.setattr("collapse_tui.execution.overlays.FIRST_HORIZON", 32)
    monkeypatch.setattr("collapse_tui.execution.overlays.LEAST_HORIZON", 32)
    experiment, curves, notes = load_theory(saved)
    assert {curve.values.size for curve in curves} == {33}
    caption = "".join(text for text, _ in comparison(load_scene(saved, experiment, curves)))
    assert caption.endswith(" · theory is known to gen 32")
    assert notes == ("theory is shown up to generation 32: all of it takes too long",)


def test_the_strip_is_that_of_all_records_that_are_drawn(
    saved: SavedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment, curves, _ = load_theory(saved)
    whole = load_scene(saved, experiment, curves).snapshot.strip
    assert whole is not None
    assert len(whole.values) == 101
    for generation in (0, 50, 100):
        view = saved.view(generation)
        assert view is not None
        assert np.allclose(whole.values[generation], view.arrays["strip"], atol=1e-7)
    monkeypatch.setattr(stored_scene, "MOST_RECORDS", 11)
    some = load_scene(saved, experiment, curves).snapshot.strip
    assert some is not None
    assert np.array_equal(some.values[::10], whole.values[::10])


def test_a_damaged_view_leaves_the_rest_of_the_run(saved: SavedRun) -> None:
    blob = saved.path / "views" / "arrays.bin"
    blob.write_bytes(blob.read_bytes()[:200])
    experiment, curves, _ = load_theory(saved)
    assert load_scene(saved, experiment, curves).snapshot.strip is None
