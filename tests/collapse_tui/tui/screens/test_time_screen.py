"""One generation of the runs is looked at: time bar and its gestures."""

from textual import events

from collapse_tui.tui.widgets.panes import Chart
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


def main_chart(bench) -> Chart:
    return bench.live.query_one("#main", Chart)


def place(bench, generation: int, row: int = 3) -> tuple[int, int]:
    """Return where a generation is in the main chart, from the corner of the widget."""
    chart = main_chart(bench)
    area = chart.canvas.area
    return area.left + area.column(generation) + chart.gutter.left, row + chart.gutter.top


def guided(bench) -> list[int]:
    """Return the generations at which lines are drawn through the main chart."""
    chart = main_chart(bench)
    return sorted(round(chart.canvas.area.value(column)) for column in chart._guides)


async def hovered(bench, generation: int) -> None:
    bench.live._pointer._continue()
    await bench.pilot.hover("#main", offset=place(bench, generation))
    await bench.pilot.pause()


async def test_pointing_at_the_chart_reads_all_curves(start):
    async with start() as bench:
        await bench.run_to(30)
        usual = bench.edge("main")
        await hovered(bench, 12)
        edge = bench.edge("main")
        assert "gen 12 · median " in edge
        assert "exact mean" in edge
        assert guided(bench) == [12]
        bar = bench.text("TimeBar")
        assert bar.index("┃") == column_of(bench, 12) - 1
        assert bench.live.options.shown is None
        chart = main_chart(bench)
        column = next(iter(chart._guides))
        assert "│" in {chart.render_line(y).text[column] for y in range(chart.size.height)}
        bench.live._pointer._continue()
        await bench.pilot.hover("#view")
        await bench.pilot.pause()
        assert bench.edge("main") == usual
        assert guided(bench) == []
        assert "┃" not in bench.text("TimeBar")


async def test_pointing_at_the_bar_reads_the_chart_too(start):
    async with start() as bench:
        await bench.run_to(30)
        await bench.pilot.hover("TimeBar", offset=(column_of(bench, 20), 0))
        await bench.pilot.pause()
        assert "gen 20 · " in bench.edge("main")
        assert guided(bench) == [20]
        assert " 20 " in bench.text("TimeBar")


async def test_pointing_stays_while_the_run_goes_on(start):
    async with start() as bench:
        await bench.run_to(30)
        await hovered(bench, 12)
        await bench.run_to(40)
        assert "gen 12 · " in bench.edge("main")


async def test_a_moving_pointer_draws_no_chart_again(start):
    async with start() as bench:
        await bench.run_to(30)
        before = main_chart(bench).canvas
        for generation in range(5, 25):
            await hovered(bench, generation)
        assert main_chart(bench).canvas is before


async def test_many_movements_are_few_readings(start, monkeypatch):
    async with start() as bench:
        await bench.run_to(30)
        read, actual = [], bench.live.read_out

        def read_out() -> None:
            read.append(bench.live.options.pointed)
            actual()

        monkeypatch.setattr(bench.live, "read_out", read_out)
        bench.live._pointer._continue()
        for generation in range(60):
            bench.live._pointer.offer(generation)
        assert read == [0]
        bench.live._pointer._continue()
        assert read == [0, 59]


async def test_the_pointer_reads_every_run(start):
    async with start() as bench:
        await bench.run_to(30)
        bench.live.fork(10, {"policy.fresh": 0.5})
        await bench.until(lambda: bench.live.runs.selected.letter == "B")
        await bench.run_to(30)
        await hovered(bench, 20)
        edge = bench.edge("main")
        assert "gen 20 · B (λ 0.5) " in edge
        assert " · A (λ 0) " in edge


async def test_zoom_keys(start):
    async with start() as bench:
        await bench.run_to(40)
        await bench.press("left", "left", "z")
        assert bench.live.options.window == (19, 49)
        area = main_chart(bench).canvas.area
        assert (area.low, area.high) == (19, 49)
        bar = bench.text("TimeBar")
        assert bar.index("[") == column_of(bench, 19) - 1
        assert bar.index("]") == column_of(bench, 49) - 1
        await bench.press("less_than_sign")
        assert bench.live.options.window == (4, 34)
        await bench.press("greater_than_sign")
        assert bench.live.options.window == (19, 49)
        await bench.press("z")
        assert bench.live.options.window == (28, 43)
        await bench.press("Z", "Z")
        assert bench.live.options.window is None
        assert "[" not in bench.text("TimeBar")
        await bench.press("greater_than_sign")
        assert "all generations are shown" in bench.edge("knobs")


async def test_the_cursor_takes_the_zoom_along(start):
    async with start() as bench:
        await bench.run_to(40)
        await bench.press("left", "z", "z", "z")
        low, high = bench.live.options.window
        assert (low, high) == (35, 42)
        await bench.press(*["left"] * 6)
        assert bench.live.options.shown == 33
        assert bench.live.options.window == (33, 40)
        await bench.press("home")
        assert bench.live.options.window == (0, 7)
        await bench.press("end")
        assert bench.live.options.window == (33, 40)


async def test_the_zoom_follows_the_run(start):
    async with start() as bench:
        await bench.run_to(20)
        await bench.press("z", "z")
        low, high = bench.live.options.window
        assert low <= 20 <= high
        await bench.run_to(50)
        low, high = bench.live.options.window
        assert low <= 50 <= high
        assert high - low == 15


async def test_the_axis_fits_what_is_seen(start):
    async with start() as bench:
        await bench.run_to(60)
        whole = main_chart(bench).canvas
        await bench.press("home", "z", "z", "z")
        assert bench.live.options.window == (0, 7)
        assert main_chart(bench).text().split("\n")[-1].split() == ["0", "2", "4", "6"]
        assert not (main_chart(bench).canvas.chars == whole.chars).all()


async def test_the_wheel_zooms_with_ctrl_and_below_the_axis(start):
    async with start() as bench:
        await bench.run_to(40)
        await bench.wheel("#main", -1, place(bench, 20), ctrl=True)
        assert bench.live.options.window == (10, 40)
        await bench.wheel("#main", 1, place(bench, 20), ctrl=True)
        assert bench.live.options.window is None
        below = main_chart(bench).canvas.area.height
        await bench.wheel("#main", -1, place(bench, 20, below))
        assert bench.live.options.window == (10, 40)
        await bench.wheel("TimeBar", 1, (column_of(bench, 20), 0), ctrl=True)
        assert bench.live.options.window is None
        assert bench.live.options.shown is None
        await bench.wheel("#main", -1, place(bench, 20))
        assert bench.live.options.shown == 39
        assert bench.live.options.window is None


async def test_dragging_over_the_chart_shows_that_part(start):
    async with start(size=(160, 40)) as bench:
        await bench.run_to(40)
        await bench.pilot.mouse_down("#main", offset=place(bench, 30))
        await bench.pilot.hover("#main", offset=place(bench, 10))
        await bench.pilot.pause()
        assert bench.edge("main").startswith("╰─ let go to show gen 10–30")
        assert guided(bench) == [10, 30]
        await bench.pilot.mouse_up("#main", offset=place(bench, 10))
        await bench.settle()
        assert bench.live.options.window == (10, 30)
        assert bench.live.options.shown is None
        assert "let go" not in bench.edge("main")


async def test_a_click_that_shakes_is_a_click(start):
    async with start() as bench:
        await bench.run_to(40)
        column, row = place(bench, 20)
        await bench.pilot.mouse_down("#main", offset=(column, row))
        await bench.pilot.hover("#main", offset=(column + 1, row))
        await bench.pilot.mouse_up("#main", offset=(column + 1, row))
        await bench.pilot.click("#main", offset=(column, row))
        await bench.settle()
        assert bench.live.options.window is None
        assert bench.live.options.shown == 20


async def test_the_click_at_the_end_of_a_drag_is_none(start):
    async with start(size=(160, 40)) as bench:
        await bench.run_to(40)
        chart = main_chart(bench)
        await bench.pilot.mouse_down("#main", offset=place(bench, 10))
        await bench.pilot.hover("#main", offset=place(bench, 30))
        await bench.pilot.mouse_up("#main", offset=place(bench, 30))
        await bench.pilot._post_mouse_events([events.Click], "#main", place(bench, 30), 1)
        await bench.settle()
        assert bench.live.options.window == (10, 30)
        assert bench.live.options.shown is None
        assert not chart._dragged


async def test_a_short_run_is_not_zoomed(start, fake_launcher):
    async with start(launcher=fake_launcher(generations=4)) as bench:
        await bench.run_to(3)
        await bench.press("z")
        assert bench.live.options.window is None


async def test_the_strip_shows_the_pointer_and_the_zoom(start):
    async with start(size=(160, 50)) as bench:
        await bench.run_to(40)
        strip = bench.live.query_one("#strip", Chart)
        area = strip.canvas.area
        column = area.left + area.column(20) + strip.gutter.left
        bench.live._pointer._continue()
        await bench.pilot.hover("#strip", offset=(column, strip.gutter.top + 2))
        await bench.pilot.pause()
        assert "gen 20 · " in bench.edge("main")
        assert guided(bench) == [20]
        assert strip._guides == {area.left + area.column(20)}
        assert strip.render_line(2).text[area.left + area.column(20)] == "│"
        await bench.press("left", "z")
        area = strip.canvas.area
        assert (area.low, area.high) == bench.live.options.window
        await bench.press("home", "z", "z")
        assert strip.canvas.area.high < 10
        await bench.press("greater_than_sign", *["greater_than_sign"] * 12)
        assert strip.canvas.area.low > 40
