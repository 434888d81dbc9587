"""Metrics of yes and no: a share with its interval, and distributions of few generations."""

from dataclasses import replace

import numpy as np
import pytest

from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.events import Curve
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.presentation.captions import comparison
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.shares import is_share, wilson_interval
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot


def snapshot_of(metric: str, table: np.ndarray, **changes) -> Snapshot:
    """Return a snapshot of one metric, shape (generations, replicates)."""
    columns = {
        "mean": table.mean(axis=1), "var": table.var(axis=1, ddof=1),
        "n": np.full(len(table), table.shape[1]),
    }  # fmt: skip
    for name in STATISTICS:
        if name.startswith("q"):
            columns[name] = np.quantile(table, int(name[1:]) / 100, axis=1)
    rows = np.stack([columns[name] for name in STATISTICS], axis=1)
    last = len(table) - 1
    return Snapshot(generation=last, generations=last, series={metric: rows}, **changes)


def alive_scene(count: int = 40, generations: int = 30) -> Scene:
    rng = np.random.Generator(np.random.PCG64(2))
    death = rng.geometric(0.1, count)
    table = (np.arange(generations + 1)[:, None] < death).astype(float)
    return Scene(snapshot_of("alive", table), topics=("alive",), replicates=count)


def test_wilson_as_tabulated():
    """Wilson's interval of 0, 5 and 10 of 10: from 0 to 0.278, 0.237 to 0.763, 0.722 to 1."""
    low, high = wilson_interval(np.array([0.0, 0.5, 1.0]), np.full(3, 10.0))
    assert low == pytest.approx([0.0, 0.2366, 0.7225], abs=1e-4)
    assert high == pytest.approx([0.2775, 0.7634, 1.0], abs=1e-4)


def test_wilson_of_no_trial_is_unknown():
    low, high = wilson_interval(np.array([np.nan, 0.5]), np.array([0.0, 4.0]))
    assert np.isnan([low[0], high[0]]).all()
    assert np.isfinite([low[1], high[1]]).all()


def test_only_answers_are_shares():
    assert is_share("alive")
    assert not is_share("variance")
    assert not is_share("a metric of another package")


def test_a_share_has_no_bands_of_quantiles():
    scene = alive_scene()
    chart = metric_chart(scene, "alive")
    (line,) = chart.lines
    share = scene.snapshot.column("alive", "mean")
    assert line.label == "share"
    assert np.array_equal(line.y, share)
    (band,) = chart.bands
    assert (band.low < share)[1:].all()
    assert (band.high > share)[1:-1].all()
    assert band.high.max() <= 1
    assert "median" not in to_plain_text(draw(chart, 80, 16), PALETTES["plain"])
    assert comparison(scene)[0][0] == "share "


def test_a_single_run_is_alive_or_not():
    table = np.repeat([[1.0], [0.0]], [5, 5], axis=0)
    snapshot = snapshot_of("alive", np.hstack([table, table]))
    chart = metric_chart(Scene(snapshot, topics=("alive",)), "alive")
    assert chart.bands == ()
    assert chart.lines[0].label == "run"


def one_fit(generations: int = 1) -> Scene:
    table = np.random.Generator(np.random.PCG64(4)).normal(1, 0.1, (generations + 1, 500))
    table[0] = 1.0
    law = Curve("law", "mean, exact", "variance", "mean", "exact", np.full(generations + 1, 1.0),
                None, "")  # fmt: skip
    snapshot = snapshot_of("variance", table, curves=(law,))
    return Scene(snapshot, topics=("variance",), replicates=500)


def test_one_generation_is_a_distribution_and_no_wedge():
    canvas = draw(metric_chart(one_fit(), "variance"), 60, 16)
    area = canvas.area
    tinted = np.isin(canvas.background, (Colour.BAND, Colour.BAND_INNER))
    columns = np.flatnonzero(tinted[area.top : area.top + area.height].any(axis=0))
    # of the axis from -½ to 1½, only around 1
    places = (columns - area.left + 0.5) / area.width * 2 - 0.5
    assert 0.6 < places.min() < 0.8
    assert 1.2 < places.max() < 1.4
    heights = tinted[area.top : area.top + area.height][:, columns].sum(axis=0)
    assert len(set(heights.tolist())) == 1
    assert to_plain_text(canvas, PALETTES["plain"]).split("\n")[-1].split() == ["0", "1"]
    assert (canvas.foreground == Colour.EXACT).any()


def test_more_generations_are_curves():
    chart = metric_chart(one_fit(11), "variance")
    assert chart.x_limits == (0.0, 11.0)
    assert not any(band.steps for band in chart.bands)


def test_fits_on_different_samples_are_named_by_them():
    """A distribution against the number of samples, as in the paper's figure."""
    sizes = (10, 100, 1000, 10_000, 10_000)
    scene = one_fit(4)
    named = Scene(replace(scene.snapshot, sizes=sizes), topics=("variance",), replicates=500)
    text = to_plain_text(draw(metric_chart(named, "variance"), 80, 16), PALETTES["plain"])
    *_, axis, ticks = text.split("\n")
    assert ticks.split() == ["real", "10", "100", "1000", "10k"]
    assert " samples " in axis
    narrow = to_plain_text(draw(metric_chart(named, "variance"), 24, 16), PALETTES["plain"])
    ticks = narrow.split("\n")[-1].split()
    assert ticks[0] == "real"
    assert set(ticks[1:]) < {"10", "100", "1000", "10k"}


def test_the_sampling_error_of_the_preset_falls_with_its_samples():
    experiment = load("sampling-error", replicates=400)
    assert experiment.sizes.differing[:3] == (10, 30, 100)
    records = [event for event in run(experiment, device="cpu") if hasattr(event, "summary")]
    spreads = [record.summary["sd"]["var"] ** 0.5 for record in records[1:]]
    expected = [1 / np.sqrt(2 * size) for size in experiment.sizes.differing[:-1]]
    assert spreads == pytest.approx(expected, rel=0.15)


def test_a_run_whose_sizes_are_equal_or_too_many_has_none():
    assert load("shumailov").sizes.differing == ()
    growing = {"schedule.name": "linear", "schedule.size": 10}
    assert load("shumailov", generations=100, **growing).sizes.differing == ()
    assert len(load("shumailov", generations=9, **growing).sizes.differing) == 10
