"""The picker: list, filter, description, estimate, missing data."""

from dataclasses import replace
from html import unescape

import pytest
from textual.widgets import Input, OptionList, Static

from collapse_tui.experiment.examination import Examination
from collapse_tui.tui.screens import picker
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.widgets.entry_list import EntryList
from collapse_tui.tui.widgets.settings_list import SettingsList
from collapse_tui.tui.widgets.sketch_view import SketchView


async def ready(bench) -> PickerScreen:
    screen = bench.app.screen
    await bench.until(lambda: screen.query_one(EntryList).option_count > 5)
    await bench.until(lambda: screen.query_one(SettingsList).option_count > 5)
    return screen


def said(screen: PickerScreen, name: str = "verdict") -> str:
    return str(screen.query_one(f"#{name}", Static).render())


async def test_entries_are_grouped_and_described(start):
    async with start(None) as bench:
        screen = await ready(bench)
        text = bench.app.export_screenshot()
        for words in ("tails", "networks", "saved&#160;runs", "Watch", "Fig.&#160;2"):
            assert words in text
        assert "300 generations" in said(screen)
        claims = said(screen, "claims")
        assert claims.startswith("2 claims, checked by `collapse-tui reproduce borji`:")
        assert "· The tails go." in claims


async def test_a_narrow_list_has_names_and_a_wide_one_titles(start):
    for size, seen in (((80, 24), False), ((140, 40), True)):
        async with start(None, size=size) as bench:
            screen = await ready(bench)
            entries = screen.query_one(EntryList)
            prompts = [str(option.prompt).strip() for option in entries.options]
            assert any(prompt.startswith("kernels 1 · width grows") for prompt in prompts)
            assert ("zipf" in prompts) == (not seen)
            assert any("rare words die first" in prompt for prompt in prompts) == seen


async def test_a_description_is_readable_at_every_size(start):
    for size in ((60, 20), (80, 24), (120, 36), (200, 50)):
        async with start(None, size=size) as bench:
            screen = await ready(bench)
            watch = screen.query_one("#watch")
            assert watch.region.width > 25
            assert watch.region.height * watch.region.width > len(said(screen, "watch"))


async def test_filter_hides_what_does_not_match(start):
    async with start(None) as bench:
        screen = await ready(bench)
        await bench.pilot.press("slash", *"words")
        await bench.until(lambda: screen.query_one(EntryList).option_count == 2)
        await bench.pilot.press("enter")
        assert screen.focused is screen.query_one(EntryList)
        assert screen.query_one(EntryList).chosen.name == "zipf"


async def test_a_saved_run_is_shown_among_the_saved_runs(start, monkeypatch):
    async with start(None) as bench:
        screen = await ready(bench)
        asked = []
        monkeypatch.setattr(bench.app, "show_runs", asked.append)
        await bench.pilot.press("end")
        await bench.until(lambda: "among the saved runs" in said(screen))
        assert screen.query_one(SettingsList).option_count == 0
        await bench.pilot.press("tab")
        assert screen.focused is screen.query_one(EntryList)
        await bench.pilot.press("enter")
        assert asked == [screen.query_one(EntryList).chosen.saved]


async def test_a_run_that_cannot_start_leads_back(start, fake_launcher):
    class Refusing(fake_launcher):
        def open(self, name, settings, device=None):
            return super().open("missing", settings)

    async with start(None, launcher=Refusing()) as bench:
        screen = await ready(bench)
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.app._notifications) == 1)
        await bench.until(lambda: bench.app.screen is screen)


async def test_q_leaves_and_the_examiner_ends(start):
    async with start(None) as bench:
        screen = await ready(bench)
        examiner = screen._examiner
        await bench.pilot.press("q")
        assert bench.app.return_value == 0
    assert examiner.closed


async def test_the_examiner_ends_while_a_run_is_shown(start):
    async with start(None) as bench:
        screen = await ready(bench)
        examiner = screen._examiner
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.app.screen_stack) > 2)
        await bench.settle(0)
        assert examiner.closed
        assert screen._examiner is None


async def test_a_small_terminal_gets_a_sentence(start):
    async with start(None, size=(50, 15)) as bench:
        assert bench.app.screen.query_one("#too-small").is_on_screen


async def test_a_filter_that_nothing_matches_says_so_and_how_to_clear_it(start):
    async with start(None) as bench:
        screen = await ready(bench)
        options = screen.query_one(EntryList)
        whole = options.option_count
        await bench.pilot.press("slash", *"zz[")
        await bench.until(lambda: options.option_count == 2)
        prompts = [str(options.get_option_at_index(index).prompt) for index in range(2)]
        assert prompts == [
            "no preset matches 'zz['",
            "esc clears the filter",
        ]
        seen = unescape(bench.app.export_screenshot()).replace("\xa0", " ")
        assert "no preset matches 'zz['" in seen
        await bench.until(lambda: not screen.query_one(SettingsList).option_count)
        assert said(screen, "what") == said(screen) == ""
        await bench.pilot.press("enter", "enter")
        assert bench.app.screen is screen
        await bench.pilot.press("escape")
        await bench.until(lambda: options.option_count == whole)
        assert screen.query_one("#filter", Input).value == ""
        assert screen.focused is options
        await bench.until(lambda: screen.query_one(SettingsList).option_count > 5)


async def test_what_lacks_its_data_is_marked_and_says_what_to_type(start, fake_launcher):
    launcher = fake_launcher()
    launcher.lacking = {"vae": "collapse-tui fetch vae"}
    async with start(None, launcher=launcher, size=(160, 50)) as bench:
        screen = await ready(bench)
        entries = screen.query_one(EntryList)

        def marked() -> list[str]:
            return [str(one.prompt) for one in entries.options if "○" in str(one.prompt)]

        await bench.until(lambda: len(marked()) == 1)
        assert marked()[0].startswith("○ vae")
        assert "collapse-tui fetch vae" in marked()[0]
        await bench.pilot.press("down", "down", "down")
        await bench.until(lambda: "`collapse-tui fetch vae`" in said(screen))
        assert screen.query_one("#verdict").has_class("lacking")
        await bench.pilot.press("enter")
        assert bench.app.screen is screen
        (note,) = bench.app._notifications
        assert "`collapse-tui fetch vae`" in note.message
        launcher.lacking = {}  # it was fetched meanwhile
        await bench.pilot.press("enter")
        await bench.until(lambda: "300 generations" in said(screen))
        assert not marked()
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.app.screen_stack) > 2)
        await bench.settle(0)


async def test_an_answer_to_an_older_question_is_never_shown(start, fake_launcher):
    """Neither that of another preset, nor that of other settings."""

    class Slow(fake_launcher):
        def examiner(self, on_answer, on_lacking):
            examiner = super().examiner(on_answer, on_lacking)
            examiner.ask = examiner.asked.append
            return examiner

    async with start(None, launcher=Slow()) as bench:
        screen = bench.app.screen
        await bench.until(lambda: screen._examiner is not None and screen._examiner.asked)
        examiner = screen._examiner
        assert said(screen) == "checking…"
        await bench.pilot.press("down")
        await bench.until(lambda: len(examiner.asked) == 2)
        first, second = examiner.asked
        assert (first.preset, second.preset) == ("borji", "shumailov")
        assert first.serial < second.serial
        examiner.on_answer(first, Examination(estimate="of borji"))
        await bench.pilot.pause()
        assert said(screen) == "checking…"
        answer = examiner.launcher.examine(second)
        examiner.on_answer(second, replace(answer, estimate="of shumailov"))
        await bench.until(lambda: said(screen) == "of shumailov")
        screen.query_one(SettingsList).set(answer.fields[0], 7)
        await bench.pilot.pause()
        assert said(screen) == "checking…"
        examiner.on_answer(second, replace(answer, estimate="of the old settings"))
        await bench.until(lambda: len(examiner.asked) == 3)
        assert said(screen) == "checking…"
        assert examiner.asked[-1].settings == {"generations": 7}


@pytest.mark.parametrize("key", ["up", "down"])
async def test_moving_on_empties_the_form_at_once(start, monkeypatch, key):
    async with start(None) as bench:
        screen = await ready(bench)
        monkeypatch.setattr(picker, "REST", 60.0)
        await bench.pilot.press("down")
        await bench.pilot.press(key)
        assert said(screen) == "checking…"
        assert screen.query_one(SettingsList).option_count == 0
        options = screen.query_one(OptionList)
        assert options.highlighted is not None


async def test_a_picture_stands_beside_the_description(start):
    for size, rows in (((60, 20), 5), ((80, 24), 9), ((120, 36), 12), ((200, 50), 16)):
        async with start(None, size=size) as bench:
            screen = await ready(bench)
            sketch = screen.query_one(SketchView)
            await bench.until(lambda sketch=sketch: "W₁ to real law" in sketch.text())
            assert sketch.size.height == rows
            assert ("density" in sketch.text()) == (size[0] > 60)  # its strip, where there is room


async def test_what_has_no_picture_says_when_it_will(start):
    async with start(None) as bench:
        screen = await ready(bench)
        await bench.pilot.press("down", "down", "down")
        sketch = screen.query_one(SketchView)
        await bench.until(lambda: "no picture before a run" in sketch.text())
        assert sketch.size.height == 1


async def test_another_theme_paints_the_picture_anew(start):
    async with start(None) as bench:
        screen = await ready(bench)
        sketch = screen.query_one(SketchView)
        await bench.until(lambda: "by generation" in sketch.text())
        before = sketch._rows
        bench.app.theme = "collapse-light"
        await bench.until(lambda: sketch._rows != before)
        assert "by generation" in sketch.text()


async def test_another_marker_draws_the_curves_of_the_list_anew(start):
    async with start(None, size=(120, 36)) as bench:
        screen = await ready(bench)
        entries = screen.query_one(EntryList)
        option = entries.highlighted
        assert "▁▃█" in str(entries.get_option_at_index(option).prompt)
        bench.app.choose_marker("ascii")
        await bench.until(lambda: "_-#" in str(entries.get_option_at_index(option).prompt))
        assert entries.highlighted == option


async def test_what_lacks_its_data_is_not_opened_while_it_is_checked(
    start, fake_launcher, monkeypatch
):
    launcher = fake_launcher()
    launcher.lacking = {"vae": "collapse-tui fetch vae"}
    async with start(None, launcher=launcher) as bench:
        screen = await ready(bench)
        await bench.until(lambda: "vae" in screen._lacking)
        monkeypatch.setattr(screen, "_ask", lambda: None)  # a machine that takes its time
        await bench.pilot.press("down", "down", "down", "enter")
        assert said(screen) == "checking…"
        assert bench.app.screen is screen
        (note,) = bench.app._notifications
        assert "`collapse-tui fetch vae` fetches" in note.message
