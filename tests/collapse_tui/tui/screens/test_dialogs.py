"""The windows over the screen: what they keep, what they say, and what stands still meanwhile."""

import threading
import time

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from collapse_tui.charts.palette import Colour
from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.runs.descriptions import CannotStart
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.dialogs import ForkDialog, HelpDialog, LeaveDialog, ValueDialog
from collapse_tui.tui.widgets.bars import drop_clauses
from collapse_tui.tui.widgets.knobs import KnobList


def refusal(window) -> str:
    line = window.query_one("#refusal", Static)
    return str(line.render()) if line.display else ""


@pytest.mark.slow
async def test_a_wrong_value_keeps_the_fork_dialog_and_what_was_typed(start):
    async with start(size=(80, 24)) as bench:
        await bench.run_to(5)
        await bench.press("f")
        window = bench.app.screen
        await bench.pilot.press("tab", *"0.25", "shift+tab", *"impossible", "tab", "enter")
        await bench.until(lambda: "must be a number" in refusal(window))
        assert bench.app.screen is window
        assert isinstance(window, ForkDialog)
        fields = list(window.query(Input))
        assert [field.value for field in fields[:2]] == ["impossible", "0.25"]
        await bench.until(lambda: fields[0].has_focus)
        assert window.query_one("#refusal").is_on_screen
        fields[0].value = "0.5"
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.live.runs.sessions) == 2)
        assert bench.live.runs.sessions[1].run is None or bench.live.runs.sessions[1].forked_at == 5


async def test_a_wrong_value_of_a_knob_can_be_mended(start):
    async with start() as bench:
        bench.live.query_one(KnobList).focus()
        await bench.press("enter")
        window = bench.app.screen
        assert isinstance(window, ValueDialog)
        await bench.pilot.press(*"impossible", "enter")
        await bench.until(lambda: "must be a number" in refusal(window))
        assert window.query_one(Input).value == "impossible"
        await bench.press("escape")
        assert "  0 %" in bench.text("#knobs")


async def test_a_fault_while_checking_is_said_in_the_dialog(start, fake_launcher):
    launcher = fake_launcher()
    launcher.check_fork = lambda *_: 1 / 0
    async with start(launcher=launcher) as bench:
        await bench.press("f")
        window = bench.app.screen
        await bench.pilot.press(*"0.5", "enter")
        await bench.until(lambda: "ZeroDivisionError" in refusal(window))
        await bench.press("escape")
        assert bench.app.screen is bench.live


def test_the_program_says_what_is_wrong_before_it_forks(tmp_path):
    launch = Launcher(tmp_path)
    run = launch.open("shumailov", {"generations": 4, "replicates": 2})
    try:
        launch.check_fork(run, 2, {"policy.fresh": 0.5})
        with pytest.raises(CannotStart, match=r"policy\.fresh must be .* got 'many'"):
            launch.check_fork(run, 2, {"policy.fresh": "many"})
        with pytest.raises(CannotStart, match="need the points"):
            launch.check_fork(run, 2, {"policy.name": "subsample"})
    finally:
        run.control.stop()
        list(run.events)


async def test_there_is_no_fork_after_the_last_generation(start):
    async with start() as bench:
        await bench.run_to(60)
        await bench.press("f")
        assert bench.app.screen is bench.live
        assert any("nothing follows" in str(one.message) for one in bench.app._notifications)
        await bench.press("left", "f")
        assert isinstance(bench.app.screen, ForkDialog)


@pytest.mark.slow
async def test_a_run_stands_still_while_it_is_asked_about(start, fake_run, fake_launcher):
    class Steady(fake_run):
        def record(self, n):
            time.sleep(0.01)
            return super().record(n)

    class Launcher(fake_launcher):
        def open(self, name, settings):
            run = super().open(name, settings)
            run.__class__ = Steady
            return run

    async with start(launcher=Launcher(generations=5_000)) as bench:
        session = bench.live.runs.newest
        await bench.press("space")
        await bench.until(lambda: session.snapshot.generation > 3)
        await bench.pilot.press("q")
        await bench.until(lambda: isinstance(bench.app.screen, LeaveDialog))
        assert session.pace.paused
        assert "Paused while this question is open" in " ".join(bench.app.screen._sentences)
        await bench.pilot.press("escape")
        at = session.snapshot.generation
        await bench.until(lambda: session.snapshot.generation > at + 3)
        await bench.pilot.press("q")
        await bench.until(lambda: isinstance(bench.app.screen, LeaveDialog))
        await bench.pilot.press("q")
        await bench.until(lambda: session.snapshot.over)
        assert session.snapshot.phase == "stopped"


async def test_a_paused_run_stays_paused_after_the_question(start):
    async with start() as bench:
        await bench.press("q")
        assert not any("Paused" in one for one in bench.app.screen._sentences)
        await bench.press("escape")
        assert bench.live.runs.newest.pace.paused


async def test_while_it_opens_the_screen_says_so(start, fake_launcher):
    opened = threading.Event()

    class Slow(fake_launcher):
        def open(self, name, settings):
            opened.wait(20)
            return super().open(name, settings)

    async with start(None, launcher=Slow()) as bench:
        screen = bench.app.screen
        await bench.until(lambda: screen.query_one("#entries").option_count > 5)
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.app.screen_stack) > 2)
        try:
            await bench.settle()
            assert "the run is still opening" in bench.text("#knobs")
            await bench.press("plus")
            assert "the run is still opening" in bench.edge("knobs")
            await bench.press("f")
            assert any("still opening" in str(one.message) for one in bench.app._notifications)
        finally:
            opened.set()
        await bench.settle(0)
        assert "λ real data" in bench.text("#knobs")


def many(count: int) -> tuple[Knob, ...]:
    return tuple(Knob(f"engine.knob{index}", index, 0, None, "") for index in range(count))


@pytest.mark.slow
async def test_knobs_scroll_where_there_are_more_than_rows(start, fake_launcher):
    class Knobby(fake_launcher):
        def open(self, name, settings):
            run = super().open(name, settings)
            run.knobs = many(12)
            return run

    async with start(launcher=Knobby(), size=(80, 24)) as bench:
        pane = bench.live.query_one(KnobList)
        height = pane.size.height
        assert pane.border_title == "turn while it runs"
        assert "k all 12" in bench.edge("knobs")
        pane.focus()
        await bench.press(*["down"] * 11)
        assert "knob11" in bench.text("#knobs")
        assert "knob0" not in bench.text("#knobs")
        await bench.pilot.click("#knobs", offset=(4, 1))
        await bench.settle()
        assert pane.chosen.key == f"engine.knob{12 - height}"
        await bench.press(*["up"] * 11)
        assert "knob0" in bench.text("#knobs")


def test_an_edge_leaves_out_whole_clauses():
    pieces = [("gen 4", Colour.STRONG), (" · 6/10 classes", Colour.TEXT), (" alive", Colour.TEXT),
              (" · 64 of 1,797 images shown", Colour.TEXT)]  # fmt: skip
    rows = {
        width: "".join(text for text, _ in drop_clauses(pieces, width))
        for width in (60, 40, 22, 8, 3)
    }
    assert rows == {
        60: "gen 4 · 6/10 classes alive · 64 of 1,797 images shown",
        40: "gen 4 · 6/10 classes alive",
        22: "gen 4 · 6/10 classes",
        8: "gen 4",
        3: "ge…",
    }
    passage = [("gen 4", Colour.STRONG), (f" · {'word ' * 20}", Colour.TEXT)]
    assert "".join(text for text, _ in drop_clauses(passage, 20)) == "gen 4 · word word w…"


async def helped(bench) -> tuple[HelpDialog, str]:
    await bench.press("question_mark")
    window = bench.app.screen
    assert isinstance(window, HelpDialog)
    return window, " ".join(window._sentences)


@pytest.mark.parametrize(
    ("pane", "heading", "said"),
    [
        ("#main", "", "How far probability must be moved"),
        ("#strip", "the picture of the whole run", "Each column is a generation"),
        ("#table", "the metrics, and z", "in standard errors: green within ± 3"),
        ("#knobs", "the settings", "takes effect in the next generation"),
    ],
)
async def test_help_explains_every_pane_the_focused_one_first(start, pane, heading, said):
    async with start(size=(100, 30)) as bench:
        await bench.run_to(5)
        bench.live.query_one(pane).focus()
        await bench.settle()
        bench.live.action_help()
        await bench.settle()
        assert isinstance(bench.app.screen, HelpDialog)
        texts = [str(line.render()) for line in bench.app.screen.query(Static)]
        assert any(said in text for text in texts)
        assert any("LATE COLLAPSE: the variance is small." in text for text in texts)
        assert any("z is the difference between" in text for text in texts)
        # the text of the whole screen comes first where the curves have the focus
        assert texts.index(heading or "the curves") == (0 if heading else len(("text", "source")))


@pytest.mark.slow
async def test_help_scrolls_where_it_does_not_fit_and_says_how(start):
    async with start(size=(80, 24)) as bench:
        window, _ = await helped(bench)
        scroll = window.query_one(".window", VerticalScroll)
        assert scroll.max_scroll_y > 0
        assert scroll.border_subtitle == "arrows scroll, k shows the keys, esc closes"
        await bench.pilot.press("k")
        await bench.until(lambda: window.query_one("#all-keys").region.y <= scroll.region.y + 3)
        await bench.pilot.press("end")
        await bench.until(lambda: scroll.scroll_y == scroll.max_scroll_y)
    async with start(size=(100, 140)) as bench:
        window, _ = await helped(bench)
        assert window.query_one(".window").border_subtitle == "esc closes"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "size", "said", "unsaid"),
    [
        ("images", (80, 24), "latents are spread under", "classes"),
        ("images", (160, 50), "latents are spread, generation by generation, under", "pane"),
        ("images", (160, 50), "how many images each class has", "pane"),
        ("text", (80, 24), "prompts in grey", "generation by generation"),
        ("text", (160, 50), "prompts in grey", "pane"),
        ("histogram", (80, 24), "On the right: the grey area", "Below"),
        ("histogram", (70, 30), "the grey area", "lines are published"),
        ("states", (80, 24), "probability of each state", "lines are exact laws"),
    ],
)
async def test_help_speaks_of_what_is_on_the_screen(start, fake_launcher, kind, size, said, unsaid):
    async with start(launcher=fake_launcher(kind=kind), size=size) as bench:
        await bench.run_to(20)
        _, text = await helped(bench)
        assert said in text
        assert unsaid not in text


@pytest.mark.slow
async def test_help_of_a_pane_that_is_enlarged_leaves_out_the_others(start):
    async with start() as bench:
        await bench.run_to(5)
        await bench.press("m")
        _, text = await helped(bench)
        assert "The large chart shows" in text
        assert "grey area" not in text
        await bench.press("escape", "m", "tab", "m")
        _, text = await helped(bench)
        assert "Here: the grey area" in text
        assert "large chart" not in text


async def test_help_says_what_the_mouse_does(start):
    async with start(size=(160, 60)) as bench:
        window, _ = await helped(bench)
        shown = "\n".join(str(part.render()) for part in window.query(Static))
        assert "wheel  Walk; zoom on the axis of the curves" in shown


async def test_help_lists_only_keys_that_do_something(start, fake_launcher):
    async with start(launcher=fake_launcher()) as bench:
        window, _ = await helped(bench)
        assert any(act.name == "fresh(1)" for act in window._actions)
        await bench.press("escape")
        bench.live.runs.newest.run.knobs = many(2)
        window, _ = await helped(bench)
        assert not any(act.name.startswith("fresh") for act in window._actions)
        assert any(act.name == "undo" for act in window._actions)
        await bench.press("escape")
        bench.live.runs.newest.run.knobs = ()
        window, _ = await helped(bench)
        assert not any(act.name in ("knobs", "undo") for act in window._actions)


async def test_escape_puts_a_pane_back(start):
    async with start() as bench:
        await bench.press("m")
        assert bench.live.panes.maximised == "main"
        await bench.press("escape")
        assert bench.live.panes.maximised == ""


@pytest.mark.parametrize(("preset", "offered"), [("borji", True), (None, False)])
async def test_the_palette_offers_actions_only_where_they_can_be_done(start, preset, offered):
    async with start(preset) as bench:
        titles = {one.title for one in bench.app.get_system_commands(bench.app.screen)}
        assert ("Theory on or off." in titles) == offered
