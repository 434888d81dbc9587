"""Layouts: at every size the panes fill their place, none over another, none too small."""

import itertools

import pytest

from collapse_tui.tui.screens.arrangement import LAYOUTS, arrange_panes, layout_of
from collapse_tui.tui.screens.live_panes import PLAIN
from collapse_tui.tui.widgets.metric_table import MetricTable
from collapse_tui.tui.widgets.panes import Chart

PANES = ("main", "view", "strip", "notes", "table", "knobs")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("present", [PANES, ("main", "view", "table", "knobs")])
def test_panes_tile_the_screen(layout, present):
    for width, height in itertools.product((60, 75, 76, 100, 120, 160, 300), (15, 18, 19, 40, 80)):
        places = arrange_panes(present, layout, width, height)
        cells = sum(place.width * place.height for place in places)
        assert cells == width * height, (width, height)
        assert len({place.name for place in places}) == len(places)
        for place in places:
            assert place.width >= 24, (width, height, place)
            assert place.height >= 4, (width, height, place)
            assert place.x + place.width <= width
            assert place.y + place.height <= height


def names(*arguments):
    return {place.name for place in arrange_panes(PANES, *arguments)}


def test_a_large_screen_shows_all_and_a_small_one_the_essentials():
    assert names("all", 160, 45) == set(PANES)
    assert names("all", 80, 19) == set(PANES) - {"notes"}
    assert names("all", 60, 15) == {"main", "view", "strip"}
    assert names("table", 60, 15) == {"main", "table"}


@pytest.mark.parametrize("rows", [23, 24, 25])
def test_at_30_rows_every_pane_has_a_border_whatever_other_lines_take(rows):
    places = {place.name: place for place in arrange_panes(PANES, "all", 100, rows)}
    assert places["table"].height > PLAIN


def test_one_pane_alone_takes_everything():
    assert arrange_panes(PANES, "all", 80, 19, "view") == (("view", 0, 0, 80, 19),)


def test_a_number_without_a_layout_shows_all():
    assert layout_of(9) == layout_of(1) == "all"


async def test_nothing_is_said_of_a_digit_that_chose_a_layout(start):
    async with start() as bench:
        await bench.run_to(5)
        before = bench.edge("knobs")
        await bench.pilot.press("1")
        await bench.settle()
        assert "g shows this generation" in bench.edge("knobs")
        await bench.until(lambda: bench.live._waiting is None)
        await bench.settle()
        assert bench.edge("knobs") == before


async def choose(bench, number):
    """Press the key of a layout and wait until it is no number's first digit."""
    await bench.pilot.press(number)
    await bench.until(lambda: bench.live._waiting is None)
    await bench.settle()


async def test_digits_of_a_generation_change_no_layout(start):
    async with start() as bench:
        await bench.run_to(50)
        await bench.press("4", "2", "g")
        assert bench.live._waiting is None
        await bench.press("3", "g")
        assert bench.live._waiting is None
        assert bench.live.options.shown == 3
        assert bench.live.panes.arrangement == "all"


async def test_number_keys_choose_the_layout_for_the_session(start):
    async with start(size=(80, 24)) as bench:
        await bench.run_to(5)
        await choose(bench, "2")
        assert not bench.live.query_one("#table").is_on_screen
        assert bench.live.query_one("#view").is_on_screen
        await choose(bench, "4")
        assert bench.live.query_one("#table").size.height > 8
        assert bench.app.layout == 4
        await choose(bench, "1")
        assert bench.live.query_one("#knobs").is_on_screen


async def test_the_focus_leaves_a_pane_that_is_hidden(start):
    async with start(size=(80, 24)) as bench:
        bench.live.query_one(MetricTable).focus()
        await choose(bench, "2")
        assert bench.live.focused is not None
        assert bench.live.focused.is_on_screen


async def test_a_pane_alone_keeps_header_and_footer(start):
    async with start(size=(80, 24)) as bench:
        await bench.press("m")
        assert bench.live.query_one("#main", Chart).size.height > 14
        for name in ("HeaderBar", "LoopLine", "KeyHints"):
            assert bench.live.query_one(name).is_on_screen, name
        assert "max" in bench.text("KeyHints") or "help" in bench.text("KeyHints")
