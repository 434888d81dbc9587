"""The live screen: every key, the mouse, every size, every end."""

import pytest
from textual.widgets import Input

from collapse_tui.charts.palette import Colour
from collapse_tui.tui.screens.dialogs import ForkDialog, HelpDialog, LeaveDialog, ValueDialog
from collapse_tui.tui.screens.help_text import leave_message
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.widgets.knobs import KnobList
from collapse_tui.tui.widgets.panes import Chart


async def test_first_record_is_the_original(start):
    async with start() as bench:
        assert "borji" in bench.header()
        assert "gen 0/60 ‖ paused" in bench.header()
        assert bench.edge("view").startswith("╰─ the original")
        assert "median" in bench.text("#main")


async def test_step_computes_one_generation(start):
    async with start() as bench:
        await bench.press("full_stop", generation=1)
        await bench.press("full_stop", generation=2)
        assert "gen 2/60" in bench.header()
        assert "gen 2" in bench.edge("view")


async def test_pause_goes_on_and_holds(start):
    async with start() as bench:
        await bench.press("space", generation=60)
        assert "■ finished" in bench.header()
        assert "mean" in bench.edge("main")
        assert "z " in bench.edge("main")


async def test_scrub_walks_back_and_live_returns(start):
    async with start() as bench:
        await bench.run_to(20)
        assert "looking at" not in bench.header()
        await bench.press("left", "left", "left")
        assert "looking at 17 of 20  gen 20/60" in bench.header()
        assert (bench.live.query_one("#main", Chart).canvas.foreground == Colour.CURSOR).any()
        await bench.press("right")
        assert "looking at 18 of 20" in bench.header()
        await bench.press("shift+left")
        assert "looking at 8 of 20" in bench.header()
        await bench.press("home")
        assert "looking at 0 of 20" in bench.header()
        await bench.press("end")
        assert "gen 20/60" in bench.header()
        assert "looking at" not in bench.header()
        assert bench.live.options.shown is None


async def test_scrubbing_past_the_last_one_is_live(start):
    async with start() as bench:
        await bench.run_to(5)
        await bench.press("left", "right")
        assert bench.live.options.shown is None


async def test_a_run_goes_on_while_the_reader_looks_back(start):
    async with start() as bench:
        await bench.run_to(10)
        await bench.press("left", "left")
        bench.live.runs.newest.pace.step(5)
        await bench.settle(15)
        assert "looking at 8 of 15" in bench.header()


async def test_pace_keys(start):
    async with start() as bench:
        await bench.press("left_square_bracket")
        assert bench.live.runs.newest.pace.rate == 100
        assert "100 generations a second" in bench.edge("knobs")
        await bench.press("right_square_bracket")
        assert "full speed" in bench.edge("knobs")


@pytest.mark.slow
async def test_lambda_is_an_intervention(start):
    async with start() as bench:
        await bench.run_to(10)
        await bench.press("plus", "plus")
        assert "λ real data" in bench.text("#knobs")
        assert "  2 %" in bench.text("#knobs")
        assert "λ real data 2 % · from gen 11" in bench.edge("knobs")
        await bench.press("full_stop", generation=11)
        changes = bench.snapshot.interventions
        assert [(change.at, change.settings) for change in changes] == [
            (11, {"policy.fresh": 0.02})
        ]
        assert (bench.live.query_one("#main", Chart).canvas.foreground == Colour.MARK).any()
        await bench.press("minus", "minus", "minus")
        assert "λ real data goes no further" in bench.edge("knobs")


async def test_log_axis(start):
    async with start(size=(100, 40)) as bench:
        await bench.run_to(30)
        await bench.press("l")
        assert bench.live.query_one("#main", Chart).border_title == "W₁ to the real law · log"
        assert "0.1" in bench.text("#main")
        await bench.press("tab", "l")
        assert "10⁻¹" in bench.text("#view")
        assert "log" in bench.live.query_one("#main", Chart).border_title


async def test_overlays(start):
    async with start() as bench:
        await bench.run_to(3)
        assert "exact mean" in bench.text("#main")
        await bench.press("o")
        assert "exact mean" not in bench.text("#main")
        assert "theory hidden" in bench.edge("main")


async def test_topics_cycle(start):
    async with start() as bench:
        await bench.press("t")
        assert bench.live.query_one("#main", Chart).border_title == "variance of the model"
        await bench.press("T")
        assert bench.live.query_one("#main", Chart).border_title == "W₁ to the real law"
        await bench.run_to(2)
        await bench.press("t", "t", "t")
        assert "infinite in 3 of 20" in bench.edge("main")


async def test_escape_follows_the_run_again(start):
    async with start() as bench:
        await bench.run_to(9)
        await bench.press("left", "left", "escape")
        assert bench.live.options.shown is None


async def test_maximise_and_back(start):
    async with start() as bench:
        await bench.press("m")
        assert bench.live.query_one("#main", Chart).size.width > 90
        await bench.press("escape")
        assert bench.live.query_one("#main", Chart).size.width < 70
        await bench.press("tab", "m")
        assert bench.live.query_one("#view", Chart).size.width > 90
        await bench.press("m")
        assert bench.live.panes.maximised == ""


async def test_help_explains_in_five_sentences(start):
    async with start() as bench:
        await bench.run_to(2)
        await bench.press("question_mark")
        window = bench.app.screen
        assert isinstance(window, HelpDialog)
        assert len(window._sentences) == 5
        assert "20 independent runs" in " ".join(window._sentences)
        await bench.press("escape")
        assert bench.app.screen is bench.live


async def test_copy_puts_the_chart_on_the_clipboard(start):
    async with start() as bench:
        await bench.press("y")
        assert "median" in bench.app.clipboard


@pytest.mark.slow
async def test_fork_draws_both_runs(start):
    async with start() as bench:
        await bench.run_to(12)
        await bench.press("left", "left", "f")
        assert isinstance(bench.app.screen, ForkDialog)
        await bench.pilot.press(*"0.5", "enter")
        await bench.until(lambda: len(bench.live.runs.sessions) == 2)
        await bench.until(lambda: bench.live.runs.newest is bench.live.runs.sessions[1])
        await bench.press("full_stop", generation=11)
        assert [change.at for change in bench.snapshot.interventions] == [11]
        assert "A (λ 0)" in bench.text("#main")
        assert " 50 %" in bench.text("#knobs")
        assert bench.live.runs.sessions[0].snapshot.generation == 13


async def test_a_fork_that_is_called_off_changes_nothing(start):
    async with start() as bench:
        await bench.press("f", "escape")
        assert len(bench.live.runs.sessions) == 1


async def test_a_fork_that_cannot_start_leaves_its_parent(start):
    async with start() as bench:
        await bench.run_to(5)
        bench.live.fork(5, {"policy.fresh": "impossible"})
        await bench.until(lambda: len(bench.app._notifications) == 1)
        await bench.settle()
        assert len(bench.live.runs.sessions) == 1
        assert "gen 5/60" in bench.header()


async def test_knobs_pane_chooses_turns_and_types(start):
    async with start() as bench:
        bench.live.query_one(KnobList).focus()
        await bench.press("down", "right")
        assert "  1\n" in bench.text("#knobs")
        await bench.press("down", "enter")
        assert isinstance(bench.app.screen, ValueDialog)
        bench.app.screen.query_one(Input).value = "1234"
        await bench.press("enter")
        assert "  1,234\n" in bench.text("#knobs")
        await bench.press("up", "up", "up")
        assert bench.live.query_one(KnobList).chosen.key == "policy.fresh"


async def test_quit_asks_saves_and_says_how_to_go_on(start, monkeypatch):
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", "/runs")
    async with start() as bench:
        await bench.run_to(7)
        await bench.press("q")
        assert isinstance(bench.app.screen, LeaveDialog)
        assert "collapse-tui resume borji-fake" in " ".join(bench.app.screen._sentences)
        await bench.press("escape")
        assert bench.app.screen is bench.live
        session = bench.live.runs.newest
        await bench.pilot.press("q", "q")
        await bench.until(lambda: session.snapshot.over)
        assert session.snapshot.phase == "stopped"
        assert bench.app.return_value == 0
    assert (
        "collapse-tui resume borji-fake" in leave_message(bench.app.last_sessions[0].snapshot)[-1]
    )


async def test_a_finished_run_is_left_without_a_question(start):
    async with start() as bench:
        await bench.press("space", generation=60)
        await bench.until(lambda: bench.snapshot.over)
        await bench.pilot.press("q")
        assert bench.app.return_value == 0


async def test_leaving_a_failed_run_says_so(start, fake_launcher):
    async with start(launcher=fake_launcher(generations=60, fail_at=5)) as bench:
        bench.live.runs.newest.pace.step(20)
        await bench.until(lambda: bench.snapshot.over)
        await bench.settle()
        assert "× failed" in bench.header()
        assert any("singular" in str(notice.message) for notice in bench.app._notifications)
        await bench.pilot.press("q")
        assert bench.app.return_value == 1


async def test_a_preset_that_is_not_there_is_a_sentence(start):
    async with start("missing") as bench:
        assert any("did you mean" in str(notice.message) for notice in bench.app._notifications)
        await bench.pilot.press("q")
        assert bench.app.return_value == 2


async def test_ctrl_c_asks_like_q(start):
    async with start() as bench:
        await bench.press("ctrl+c")
        assert isinstance(bench.app.screen, LeaveDialog)


@pytest.mark.slow
async def test_palette_has_every_action(start):
    async with start() as bench:
        await bench.pilot.press("ctrl+p", *"logarithmic")
        await bench.pilot.pause(0.3)
        await bench.pilot.press("enter")
        await bench.until(lambda: bench.live.options.log_axis)


@pytest.mark.slow
async def test_mouse_on_hints_axis_table_and_knobs(start):
    async with start() as bench:
        await bench.run_to(40)
        await bench.pilot.click("KeyHints", offset=(34, 0))
        area = bench.live.query_one("#main", Chart).canvas.area
        await bench.pilot.click("#main", offset=(area.left + area.width // 4 + 2, 5))
        await bench.settle()
        assert bench.live.options.shown == pytest.approx(15, abs=2)
        await bench.pilot.click("#table", offset=(4, 3))
        await bench.settle()
        assert bench.live.options.leading == "variance"
        knobs = bench.live.query_one(KnobList)
        border, columns = 1, knobs.columns
        await bench.pilot.click(knobs, offset=(columns.slider_left + border, 1))
        await bench.settle()
        assert "0 %" in bench.text("#knobs").split("\n")[0]
        third = columns.slider_left + columns.slider // 3
        await bench.pilot.click(knobs, offset=(third + border, 1))
        await bench.settle()
        assert f"{100 * columns.share(third):.0f} %" in bench.text("#knobs").split("\n")[0]


async def test_double_click_enlarges(start):
    async with start() as bench:
        await bench.pilot.click("#view", times=2, offset=(9, 4))
        await bench.settle()
        assert bench.live.query_one("#view", Chart).size.width > 90


async def test_a_click_on_a_hint_is_its_key(start):
    async with start() as bench:
        column = bench.live.query_one("KeyHints").text().index("step")
        await bench.pilot.click("KeyHints", offset=(column + 1, 0))
        await bench.settle(1)


@pytest.mark.parametrize(
    ("size", "shown", "hidden"),
    [
        ((200, 50), ("main", "view", "table", "knobs"), ()),
        ((80, 24), ("main", "view", "table", "knobs"), ()),
        ((80, 20), ("main", "view"), ("table", "knobs")),
        ((60, 20), ("main", "view"), ("table", "knobs")),
        ((59, 30), (), ("main", "view", "table", "knobs")),
        ((80, 19), (), ("main", "view", "table", "knobs")),
    ],
)
async def test_reflow(start, size, shown, hidden):
    async with start(size=size) as bench:
        await bench.run_to(3)
        for pane in shown:
            assert bench.live.query_one(f"#{pane}-pane").region.area > 0
            assert bench.live.query_one(f"#{pane}").region.area > 0
        for pane in hidden:
            assert not bench.live.query_one(f"#{pane}").is_on_screen
        assert bench.live.query_one("#too-small").is_on_screen == (not shown)


async def test_a_resize_draws_anew(start):
    async with start() as bench:
        await bench.run_to(3)
        await bench.pilot.resize_terminal(140, 40)
        await bench.settle()
        chart = bench.live.query_one("#main", Chart)
        assert chart.canvas.width == chart.size.width > 70


async def test_states_view_counts_survivors(start, fake_launcher):
    async with start(launcher=fake_launcher(generations=20, kind="states")) as bench:
        await bench.run_to(19)
        assert "/30 states alive" in bench.edge("view")
        assert "extinct" in bench.text("#view")


@pytest.mark.parametrize(
    ("theme", "marker"),
    [("light", "braille"), ("ansi", "block"), ("nord", "braille"), ("dark", "ascii")],
)
async def test_themes_and_markers(start, theme, marker):
    async with start(theme=theme, marker=marker) as bench:
        await bench.run_to(30)
        text = "".join(bench.text(f"#{name}") for name in ("main", "view", "table"))
        assert text.isascii() == (marker == "ascii")
        assert any("⠀" < char <= "⣿" for char in text) == (marker == "braille")


async def test_theme_can_change_while_it_runs(start):
    async with start() as bench:
        bench.app.theme = "collapse-light"
        await bench.settle()
        assert bench.app.palette == "light"


async def test_no_color_means_none(start, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with start() as bench:
        assert bench.app.palette == "plain"
        await bench.run_to(9)
        assert "▒" in bench.text("#view")


async def test_picker_opens_the_chosen_run(start, fake_launcher):
    launcher = fake_launcher()
    async with start(None, launcher=launcher) as bench:
        screen = bench.app.screen
        assert isinstance(screen, PickerScreen)
        await bench.until(lambda: screen.query_one("#entries").option_count > 5)
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.app.screen_stack) > 2)
        await bench.settle(0)
        assert "gen 0/60" in bench.header()
