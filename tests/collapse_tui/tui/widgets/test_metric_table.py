"""The table of metrics: its numbers, its keys, its filter, at every size."""

import pytest
from textual.widgets import Static

from collapse_tui.tui.screens.dialogs import ExplanationDialog
from collapse_tui.tui.widgets.metric_table import MetricTable
from collapse_tui.tui.widgets.panes import Chart


def row(bench, name):
    return next(line for line in bench.text("#table").split("\n") if name in line)


async def test_each_metric_has_a_row_with_its_theory(start):
    async with start(size=(160, 50)) as bench:
        await bench.run_to(30)
        text = bench.text("#table")
        assert text.split("\n")[0].split() == [
            "metric", "median", "mean", "theory", "z", "0", "…", "30"
        ]  # fmt: skip
        assert len(text.split("\n")) == 1 + len(bench.live.options.topics)
        assert "exact" in row(bench, "W₁ to the real law")
        assert "publ." in row(bench, "variance of the model")
        assert "none" in row(bench, "tail mass beyond 1–99 %")
        assert "█" in row(bench, "W₁ to the real law")


async def test_every_metric_can_be_read_at_80_by_24(start):
    async with start(size=(80, 24)) as bench:
        await bench.run_to(5)
        table = bench.live.query_one(MetricTable)
        table.focus()
        names = set()
        for _ in bench.live.options.topics:
            names |= {line[2:17].strip() for line in bench.text("#table").split("\n")[1:]}
            await bench.press("down")
        assert {"W₁ to real law", "variance", "KL, listing", "model's mean"} <= names
        assert len(names) == len(bench.live.options.topics)


async def test_enter_shows_a_metric_and_space_adds_two_more(start):
    async with start(size=(120, 40)) as bench:
        await bench.run_to(20)
        bench.live.query_one(MetricTable).focus()
        await bench.press("down", "enter")
        assert bench.live.options.leading == "variance"
        await bench.press("down", "space", "down", "space", "down", "space")
        assert bench.live.options.added == ("kl_shared_bins", "kl_as_published")
        assert any("three metrics" in str(notice.message) for notice in bench.app._notifications)
        drawn = bench.text("#main") + bench.edge("main")
        assert "KL, shared bins" in drawn
        assert "KL, listing" in drawn
        await bench.press("up", "space")
        assert bench.live.options.added == ("kl_shared_bins",)
        await bench.press("enter")
        assert bench.live.options.leading == "kl_as_published"
        assert bench.live.options.added == ()


async def test_metrics_of_different_size_are_scaled_each_on_its_own(start):
    async with start(size=(120, 40)) as bench:
        await bench.run_to(30)
        bench.live.options.toggle("variance")
        bench.live.redraw()
        await bench.settle()
        assert "one axis for all" in bench.edge("main")
        bench.live.options.lead("mean")
        bench.live.options.toggle("variance")
        bench.live.redraw()
        await bench.settle()
        assert "each from its least (0) to its largest value (1)" in bench.edge("main")


async def test_a_filter_is_typed_and_cleared(start):
    async with start(size=(120, 40)) as bench:
        await bench.run_to(3)
        table = bench.live.query_one(MetricTable)
        table.focus()
        await bench.press("slash", *"kl")
        assert bench.text("#table").count("\n") == 2
        assert table.border_title == "metrics · /kl▏"
        assert bench.live.options.log_axis is False
        await bench.press("backspace", "backspace", *"var")
        assert bench.text("#table").split("\n")[1].split()[1] == "variance"
        await bench.press("enter")
        assert table.border_title == "metrics · /var"
        await bench.press("escape")
        assert table.border_title == "metrics"
        assert bench.text("#table").count("\n") == len(bench.live.options.topics)
        await bench.press("slash", *"zzz")
        assert "no metric is called" in bench.text("#table")


async def test_a_question_mark_says_what_a_metric_is_and_its_key(start):
    async with start(size=(120, 40)) as bench:
        await bench.run_to(3)
        bench.live.query_one(MetricTable).focus()
        await bench.press("question_mark")
        assert isinstance(bench.app.screen, ExplanationDialog)
        said = " ".join(str(line.render()) for line in bench.app.screen.query(Static))
        assert "Wasserstein-1 distance" in said
        assert "How far probability must be moved" in said
        assert "so many standard errors apart: they" in said
        assert "Its key in settings and files is w1." in said
        await bench.press("escape")
        assert "w1 Wasserstein-1 distance" in bench.edge("table")


async def test_a_fork_stands_beside_the_run_it_came_from(start):
    async with start(size=(160, 50)) as bench:
        await bench.run_to(12)
        bench.live.fork(8, {"policy.fresh": 0.5})
        await bench.until(lambda: bench.live.runs.newest is bench.live.runs.sessions[-1])
        await bench.press("full_stop", generation=9)
        assert "run A" in bench.text("#table").split("\n")[0]


@pytest.mark.parametrize("size", [(76, 24), (80, 24), (100, 30), (160, 50), (200, 60)])
async def test_rows_keep_to_their_width(start, size):
    async with start(size=size, marker="ascii") as bench:
        await bench.run_to(30)
        table = bench.live.query_one(MetricTable)
        lines = bench.text("#table").split("\n")
        assert max(map(len, lines)) <= table.size.width
        assert bench.text("#table").isascii()
        assert bench.live.query_one("#main", Chart).border_title.isascii()
