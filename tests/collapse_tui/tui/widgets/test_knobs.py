"""Sliders in words: rows at every width, keys, mouse, the window of all, undo and the footer."""

import pytest
from textual.events import MouseScrollUp

from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.runs.group import MOST_RUNS
from collapse_tui.tui.screens.dialogs import ValueDialog
from collapse_tui.tui.screens.knob_control import KnobDialog, UndoDialog
from collapse_tui.tui.widgets.bars import KeyHints, cell_width
from collapse_tui.tui.widgets.knob_row import arrange_knobs, knob_spans
from collapse_tui.tui.widgets.knobs import KnobList
from collapse_tui.tui.widgets.metric_table import MetricTable

KNOBS = (
    Knob("policy.fresh", 0.0, 0, 1, "", "λ", "real data", "real data in each generation"),
    Knob("schedule.size", 30_000, 1, None, "", "M", "samples", "samples a generation"),
    Knob("engine.bandwidth", 0.5, 0, None, "", "h", "bandwidth", "kernel bandwidth"),
    Knob("policy.counts", "iid", brief="counts", choices=("iid", "fixed")),
    Knob("engine.kernel", "gaussian", brief="kernel", choices=("gaussian", "exponential", "x")),
    Knob("engine.chunk", None, brief="chunk"),
)


def rows(width: int, values: dict[str, object] | None = None, chosen: str = "") -> list[str]:
    """Return the rows of all knobs as text."""
    given = [(values or {}).get(knob.key, knob.value) for knob in KNOBS]
    layout = arrange_knobs(KNOBS, given, width)
    lines: list[str] = []
    for knob, value in zip(KNOBS, given, strict=True):
        spans = knob_spans(knob, value, layout, chosen=knob.key == chosen, changed=False)
        assert cell_width(spans) <= width
        lines.append("".join(text for text, _ in spans))
    return lines


def test_long_words_where_they_fit() -> None:
    assert rows(56, {"policy.fresh": 0.5}, "policy.fresh") == [
        "▸λ real data in each generation ▕━━━━━━━┄┄┄┄┄┄┄▏   50 %",
        " M samples a generation         ▕━━━━━━━┄┄┄┄┄┄┄▏ 30,000",
        " h kernel bandwidth             ▕━━━━━━━┄┄┄┄┄┄┄▏    0.5",
        "   counts                                   iid · fixed",
        "   kernel                                  ◂ gaussian ▸",
        "   chunk                                           none",
    ]


@pytest.mark.parametrize("width", range(12, 90))
def test_every_width_has_whole_values(width: int) -> None:
    lines = rows(width)
    assert lines[0].endswith("0 %")
    assert lines[1].endswith("30,000")
    if width >= 25:
        assert "▕" in lines[1]
        assert "┄" in lines[0]
    assert len({len(line) for line in lines[:3]}) == 1


def test_a_slider_moves_by_half_cells() -> None:
    seen = [rows(40, {"policy.fresh": share / 100})[0] for share in range(101)]
    assert len(dict.fromkeys(line.partition("▏")[0] for line in seen)) > 15
    assert seen[0].count("━") == 0
    assert "┄" not in seen[100]


async def test_keys_turn_what_has_the_focus_and_the_footer_says_so(start) -> None:
    async with start(size=(120, 36)) as bench:
        await bench.run_to(10)
        assert "←→ scrub" in bench.text("KeyHints")
        bench.live.query_one(KnobList).focus()
        await bench.settle()
        hints = bench.text("KeyHints")
        assert hints.startswith("←→ turn")
        assert "scrub" not in hints
        assert "enter type" in hints
        await bench.press("right")
        assert bench.live.options.shown is None
        assert bench.live.runs.newest.value_of(bench.live.runs.knob("policy.fresh")) == 0.01
        bench.live.panes.chart("main").focus()
        await bench.settle()
        assert "←→ scrub" in bench.text("KeyHints")
        await bench.press("left")
        assert bench.live.options.shown == 9
        assert bench.live.runs.newest.value_of(bench.live.runs.knob("policy.fresh")) == 0.01


async def test_hints_of_the_focus_can_be_clicked(start) -> None:
    async with start() as bench:
        bench.live.query_one(KnobList).focus()
        await bench.settle()
        column = bench.text("KeyHints").index("enter") + 1
        await bench.pilot.click(KeyHints, offset=(column + 1, 0))
        await bench.settle()
        assert isinstance(bench.app.screen, ValueDialog)


async def test_a_slider_is_dragged_and_set_once(start) -> None:
    async with start() as bench:
        await bench.run_to(3)
        knobs = bench.live.query_one(KnobList)
        left, length = knobs.columns.slider_left, knobs.columns.slider
        await bench.pilot.mouse_down(knobs, offset=(left + 2, 1))
        for column in range(2, length + 4):
            await bench.pilot.hover(knobs, offset=(left + column + 1, 1))
        await bench.settle()
        # nothing is set before the button is let go
        assert bench.text("#knobs").split("\n")[0].endswith("100 %")
        assert not bench.live.runs.newest.run.control.queued
        await bench.pilot.mouse_up(knobs, offset=(left + length + 4, 1))
        await bench.settle()
        assert bench.live.runs.newest.run.control.queued == {"policy.fresh": 1.0}
        await bench.press("full_stop", generation=4)
        assert [one.settings for one in bench.snapshot.interventions] == [{"policy.fresh": 1.0}]


async def test_the_wheel_and_choices(start) -> None:
    async with start(size=(120, 36)) as bench:
        knobs = bench.live.query_one(KnobList)
        rows = bench.text("#knobs").split("\n")
        counts = next(index for index, row in enumerate(rows) if "fixed" in row)
        await bench.pilot.click(knobs, offset=(rows[counts].index("fixed") + 3, counts + 1))
        await bench.settle()
        assert bench.live.runs.newest.run.control.queued == {"policy.counts": "fixed"}
        await bench.pilot.hover(knobs, offset=(3, 1))
        await bench.pilot._post_mouse_events([MouseScrollUp], knobs, (3, 1), button=0)
        await bench.settle()
        assert bench.live.runs.newest.run.control.queued["policy.fresh"] == 0.01


async def test_values_are_typed_where_the_number_is(start) -> None:
    async with start() as bench:
        knobs = bench.live.query_one(KnobList)
        row = bench.text("#knobs").split("\n")[0]
        await bench.pilot.click(knobs, offset=(len(row), 1))
        await bench.settle()
        assert isinstance(bench.app.screen, ValueDialog)
        assert bench.app.screen.title == "real data in each generation"


async def test_all_settings_in_a_window(start) -> None:
    async with start(size=(80, 24)) as bench:
        await bench.press("k")
        assert isinstance(bench.app.screen, KnobDialog)
        window = bench.app.screen.query_one("#all-knobs", KnobList)
        text = window.text()
        assert "real data in each generation" in text
        assert "seed" in text
        await bench.press("right", "right")
        assert "  2 %" in window.text()
        assert "λ real data 2 %" in str(bench.app.screen.query_one(".window").border_subtitle)
        await bench.press("u")
        assert "  1 %" in window.text()
        await bench.press("down", "enter")
        assert isinstance(bench.app.screen, ValueDialog)
        await bench.press("escape", "escape")
        assert bench.app.screen is bench.live
        assert bench.live.runs.newest.run.control.queued == {"policy.fresh": 0.01}


async def test_undo_takes_back_what_no_step_has_used(start) -> None:
    async with start() as bench:
        await bench.run_to(5)
        await bench.press("u")
        assert "no setting was changed so far" in bench.edge("knobs")
        await bench.press("plus", "plus", "u")
        assert "λ real data 1 % · as before" in bench.edge("knobs")
        await bench.press("u")
        assert "λ real data 0 % · as before" in bench.edge("knobs")
        await bench.press("full_stop", generation=6)
        assert not bench.snapshot.interventions


async def test_undo_of_what_was_used_offers_a_fork(start, fake_launcher) -> None:
    launcher = fake_launcher()
    async with start(launcher=launcher) as bench:
        await bench.run_to(5)
        await bench.press("plus")
        await bench.run_to(8)
        await bench.press("u")
        assert isinstance(bench.app.screen, UndoDialog)
        await bench.press("escape")
        assert len(bench.live.runs.sessions) == 1
        await bench.press("u", "y")
        await bench.until(lambda: len(bench.live.runs.sessions) == 2)
        assert launcher.opened[-1].fork == (5, {})
        assert bench.live.runs.sessions[1].forked_at == 5


async def test_undo_says_why_it_cannot_fork(start) -> None:
    async with start() as bench:
        await bench.run_to(5)
        await bench.press("plus")
        await bench.run_to(7)
        while len(bench.live.runs.sessions) < MOST_RUNS:
            bench.live.runs.fork(bench.live.runs.sessions[0], 3, {})
        await bench.press("u")
        assert f"{MOST_RUNS} runs are on the screen" in bench.edge("knobs")


async def test_ascii_has_plain_sliders(start) -> None:
    async with start(marker="ascii") as bench:
        text = bench.text("#knobs")
        assert text.isascii()
        assert "[" in text
        assert "==" in text


async def test_the_footer_says_what_keys_do_in_the_table(start) -> None:
    async with start(size=(120, 36)) as bench:
        bench.live.query_one(MetricTable).focus()
        await bench.settle()
        hints = bench.text("KeyHints")
        assert "space add" in hints
        assert "space pause" not in hints
        assert "enter show" in hints
