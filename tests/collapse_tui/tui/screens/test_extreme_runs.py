"""Runs at the ends of what can happen: no number anywhere, and very many generations."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.presentation.snapshot import STATISTICS
from collapse_tui.tui.widgets.metric_table import MetricTable
from collapse_tui.tui.widgets.panes import Chart
from engines.views.strip import MOST
from engines.views.view import View

MANY = 10_000


@pytest.fixture
def undefined(fake_run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every number of every generation undefined, in records and in views."""
    record = fake_run.record

    def without_numbers(run, n: int) -> Generation:
        event = record(run, n)
        arrays = {name: np.full_like(values, np.nan) if name != "edges" else values
                  for name, values in event.view.arrays.items()}  # fmt: skip
        return replace(
            event,
            metrics={name: np.full_like(values, np.nan) for name, values in event.metrics.items()},
            summary={name: {"n": 0, **dict.fromkeys(STATISTICS)} for name in event.summary},
            flags=dict.fromkeys(
                event.metrics, f"undefined in {run.replicates} of {run.replicates}"
            ),
            view=View(event.view.kind, arrays, event.view.notes, event.view.strip),
        )

    monkeypatch.setattr(fake_run, "record", without_numbers)


@pytest.mark.usefixtures("undefined")
@pytest.mark.parametrize("size", [(60, 20), (100, 30), (160, 50)])
async def test_without_any_number_the_screen_says_so_and_answers_every_key(start, size):
    async with start(size=size) as bench:
        await bench.run_to(12)
        assert "mean – (undefined in 20 of 20) · exact mean" in bench.edge("main")
        await bench.press("t", "t")
        assert "undefined so far" in bench.live.query_one("#main", Chart).text()
        for key in ("t", "T", "l", "o", "m", "escape", "left", "home", "end", "r", "1", "plus"):
            await bench.press(key)
        await bench.run_to(20)
        assert "gen 20/60" in bench.header()
        assert bench.app.fault is None


@pytest.fixture
def cheap(fake_run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make one record serve for all generations."""
    record = cache(fake_run.record)

    def same(run, n: int) -> Generation:
        return replace(record(run, min(n, 1)), generation=n)

    monkeypatch.setattr(fake_run, "record", same)


@pytest.mark.slow
@pytest.mark.usefixtures("cheap")
async def test_ten_thousand_generations_are_walked_through(start, fake_launcher):
    launcher = fake_launcher(generations=MANY, replicates=3)
    async with start(launcher=launcher, size=(100, 30)) as bench:
        live = bench.live
        live.runs.newest.pace.step(MANY)
        while bench.snapshot.generation < MANY:
            await bench.pilot.pause(0.1)
        await bench.settle()
        assert f"gen {MANY}/{MANY}" in bench.header()
        strip = bench.snapshot.strip
        assert strip.values.shape[0] <= 512
        assert strip.values.shape[1] <= MOST
        await bench.press("4", "2", "g")
        assert live.options.shown == 42
        await bench.press("shift+right", "right")
        assert 53 <= live.options.shown <= 42 + 11 * 4  # rows of several generations each
        await bench.press("end")
        assert bench.live.query_one(MetricTable).text()
        assert bench.app.fault is None
