"""One generation of the runs is looked at: time bar and its gestures."""

from collapse_tui.tui.widgets.time_bar import TimeBar


def column_of(bench, generation: int) -> int:
    """Return where a generation is on the time bar, from the left edge of the widget."""
    return bench.live.query_one(TimeBar)._scale.column(generation) + 1


async def test_the_bar_says_what_is_computed_and_what_is_to_come(start):
    async with start() as bench:
        await bench.run_to(30)
        bar = bench.text("TimeBar")
        assert bar.startswith("0 ━")
        assert bar.endswith("┄ 60")
        assert bar.index("●") == column_of(bench, 30) - 1


async def test_a_click_on_the_bar_shows_a_generation(start):
    async with start() as bench:
        await bench.run_to(30)
        await bench.pilot.click("TimeBar", offset=(column_of(bench, 12), 0))
        await bench.settle()
        assert bench.live.options.shown == 12
        await bench.pilot.click("TimeBar", offset=(column_of(bench, 50), 0))
        await bench.settle()
        assert bench.live.options.shown is None


async def test_dragging_the_cursor(start):
    async with start() as bench:
        await bench.run_to(30)
        await bench.pilot.mouse_down("TimeBar", offset=(column_of(bench, 20), 0))
        await bench.pilot.hover("TimeBar", offset=(column_of(bench, 15), 0))
        await bench.settle()
        assert bench.live.options.shown == 15
        await bench.pilot.hover("TimeBar", offset=(column_of(bench, 8), 0))
        await bench.pilot.mouse_up("TimeBar", offset=(column_of(bench, 8), 0))
        await bench.settle()
        assert bench.live.options.shown == 8
        await bench.pilot.hover("TimeBar", offset=(column_of(bench, 25), 0))
        await bench.settle()
        assert bench.live.options.shown == 8


async def test_the_wheel_walks(start):
    async with start() as bench:
        await bench.run_to(30)
        await bench.wheel("TimeBar", -1)
        await bench.settle()
        assert bench.live.options.shown == 29


async def test_interventions_and_forks_stand_on_the_bar(start):
    async with start() as bench:
        await bench.run_to(20)
        await bench.press("plus")
        await bench.press("full_stop", generation=21)
        bar = bench.text("TimeBar")
        assert "gen 21: λ 0 → 0.01" in bar
        await bench.run_to(40)
        bar = bench.text("TimeBar")
        assert bar.index("◆") == column_of(bench, 21) - 1
        assert "λ" not in bar
        bench.live.fork(10, {"policy.fresh": 0.5})
        await bench.until(lambda: bench.live.runs.selected.letter == "B")
        await bench.settle()
        await bench.press("home")
        bar = bench.text("TimeBar")
        assert bar.index("B") == column_of(bench, 10) - 1
