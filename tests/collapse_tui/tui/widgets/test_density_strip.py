"""The strip on the live screen: what it shows, and how it chooses the generation."""

from typing import Any

import pytest
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from collapse_tui.charts.palette import Colour
from collapse_tui.tui.widgets.density_strip import DensityStrip
from collapse_tui.tui.widgets.panes import Chart


def strip(bench: Any) -> DensityStrip:
    return bench.live.query_one(DensityStrip)


def column_of(bench: Any, generation: int) -> int:
    """Return the column of a generation in the widget, its frame included."""
    widget = strip(bench)
    assert widget.canvas is not None
    area = widget.canvas.area
    return widget.gutter.left + area.left + area.column(generation)


def cursor_column(bench: Any) -> int:
    row = next(row.text for row in strip(bench)._rows if "┃" in row.text)
    return strip(bench).gutter.left + row.index("┃")


async def test_it_shows_the_run_and_one_fact(start):
    async with start(size=(80, 24)) as bench:
        await bench.run_to(20)
        widget = strip(bench)
        assert widget.size.height >= 3
        assert widget.border_title == "density by generation · run 1 of 20"
        assert "sd " in bench.edge("strip")
        assert "(real 1.0)" in bench.edge("strip")
        assert cursor_column(bench) == column_of(bench, 20)
        assert widget.canvas is not None
        drawn = widget.canvas.background[0]
        assert drawn[column_of(bench, 10) - widget.gutter.left] >= Colour.LEVEL_0
        assert drawn[column_of(bench, 40) - widget.gutter.left] == Colour.NONE


async def test_a_click_shows_the_generation_drawn_there(start):
    async with start() as bench:
        await bench.run_to(20)
        await bench.pilot.click("#strip", offset=(column_of(bench, 12), 2))
        await bench.settle()
        assert bench.live.options.shown == 12
        assert cursor_column(bench) == column_of(bench, 12)
        await bench.pilot.click("#strip", offset=(1, 2))
        await bench.settle()
        assert bench.live.options.shown == 0
        await bench.pilot.click("#strip", offset=(column_of(bench, 50), 2))
        await bench.settle()
        assert bench.live.options.shown is None
        assert cursor_column(bench) == column_of(bench, 20)


async def test_dragging_takes_the_cursor_along(start):
    async with start() as bench:
        await bench.run_to(30)
        await bench.pilot.mouse_down("#strip", offset=(column_of(bench, 20), 2))
        await bench.settle()
        assert bench.live.options.shown == 20
        await bench.move_pointer("#strip", (column_of(bench, 9), 3))
        assert bench.live.options.shown == 9
        await bench.pilot.mouse_up("#strip", offset=(column_of(bench, 9), 3))
        await bench.move_pointer("#strip", (column_of(bench, 25), 3))
        assert bench.live.options.shown == 9


async def test_the_wheel_and_the_arrows_walk(start):
    async with start() as bench:
        await bench.run_to(20)
        strip(bench).focus()
        await bench.press("left", "left", "right")
        assert bench.live.options.shown == 19
        strip(bench).post_message(Chart.Pointed(strip(bench), 3, 1, -1))
        await bench.settle()
        assert bench.live.options.shown == 18


async def test_a_double_click_enlarges_it(start):
    async with start() as bench:
        await bench.run_to(20)
        before = strip(bench).size
        await bench.pilot.click("#strip", times=2, offset=(column_of(bench, 5), 1))
        await bench.settle()
        assert strip(bench).size.height > 2 * before.height, bench.live.maximized


@pytest.mark.parametrize(("digits", "shown"), [("7", 7), ("42", 42), ("007", 7), ("0", 0)])
async def test_digits_and_g_go_to_a_generation(start, digits, shown):
    async with start() as bench:
        await bench.run_to(50)
        await bench.press(*digits, "g")
        assert bench.live.options.shown == shown
        assert f"generation {shown}" in bench.edge("knobs")
        assert cursor_column(bench) == column_of(bench, shown)


async def test_g_says_what_it_wants_and_where_the_run_ends(start):
    async with start() as bench:
        await bench.run_to(20)
        await bench.press("g")
        assert "type a number" in bench.edge("knobs")
        await bench.press("9", "9")
        assert "99" in bench.edge("knobs")
        await bench.press("g")
        assert "generation 20, the newest" in bench.edge("knobs")
        assert bench.live.options.shown is None
        await bench.press("4", "t", "g")  # another key forgets the digits
        assert "type a number" in bench.edge("knobs")


@pytest.mark.parametrize("kind", ["histogram", "states", "images", "text"])
async def test_every_kind_of_view_has_one(start, fake_launcher, kind):
    async with start(size=(120, 40), launcher=fake_launcher(kind=kind)) as bench:
        await bench.run_to(12)
        assert cursor_column(bench) == column_of(bench, 12)
        assert len(bench.edge("strip").strip("╰─╯ ")) > 5


async def test_ascii_is_ascii(start):
    async with start(marker="ascii") as bench:
        await bench.run_to(30)
        assert bench.text("#strip").isascii()
        assert "|" in bench.text("#strip")


async def test_a_copy_is_text_that_shows_what_is_bright(start):
    async with start() as bench:
        await bench.run_to(30)
        text = strip(bench).text()
        assert "▀" not in text
        assert len(set("░▒▓█") & set(text)) >= 2


async def test_only_new_columns_are_painted(start, monkeypatch):
    """A generation costs the columns from the old cursor to the new one."""
    async with start(size=(160, 50)) as bench:
        await bench.run_to(30)
        painted: list[Region] = []
        widget = strip(bench)
        refresh = widget.refresh

        def noted(*regions: Region, **options: Any) -> Any:
            painted.extend(regions)
            return refresh(*regions, **options)

        monkeypatch.setattr(widget, "refresh", noted)
        await bench.run_to(31)
        assert painted
        apart = column_of(bench, 31) - column_of(bench, 30) + 1
        assert max(region.width for region in painted) <= apart + 1
        painted.clear()
        await bench.settle()
        await bench.press("tab")  # nothing that the strip shows
        assert painted == []


def test_the_rows_are_few_segments() -> None:
    """What a whole picture costs a terminal: neighbours of one colour are one segment."""
    import numpy as np

    from collapse_tui.events import Generation
    from collapse_tui.presentation.scene import Scene
    from collapse_tui.presentation.snapshot import RunHistory
    from collapse_tui.presentation.strip_chart import draw_strip
    from collapse_tui.tui.widgets.strips import canvas_strips
    from engines.views.strip import strip_arrays
    from engines.views.view import View

    history = RunHistory()
    history.publish(generations=200)
    cells = (np.arange(64) + 0.5) / 64 * 8 - 4
    for n in range(201):
        shares = np.exp(-0.5 * (cells / 0.99**n) ** 2)
        view = View("histogram", strip_arrays(shares / shares.sum(), -4.0, 4.0), {}, "density")
        history.add_record(Generation(n, {}, {}, {}, {}, view), 1.0)
    canvas = draw_strip(Scene(history.snapshot), 156, 10, "braille")
    rows = canvas_strips(canvas, "dark", ascii_only=False)
    segments: list[Segment] = [segment for row in rows for segment in row]
    assert all(isinstance(row, Strip) for row in rows)
    assert len(segments) < canvas.width * canvas.height / 2
