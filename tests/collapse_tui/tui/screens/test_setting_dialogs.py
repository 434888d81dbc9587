"""Settings in the picker: every kind of field is changed by keys, and put back."""

import pytest
from textual.widgets import Input, OptionList, Select, SelectionList

from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.screens.setting_dialogs import FieldDialog
from collapse_tui.tui.widgets.settings_list import SettingsList

ROWS = {"generations": 0, "bandwidth": 1, "kernel": 2, "redraw": 3, "components": 4, "first": 5,
        "metrics": 6}  # fmt: skip


async def settings_of(bench, row: str) -> SettingsList:
    screen = bench.app.screen
    assert isinstance(screen, PickerScreen)
    settings = screen.query_one(SettingsList)
    await bench.until(lambda: settings.option_count == len(ROWS))
    await bench.pilot.press("tab", *["down"] * ROWS[row])
    assert screen.focused is settings
    assert settings.highlighted == ROWS[row]
    return settings


def line(settings: SettingsList, row: str) -> str:
    return " ".join(str(settings.get_option_at_index(ROWS[row]).prompt).split())


async def opened(bench) -> FieldDialog:
    await bench.until(lambda: isinstance(bench.app.screen, FieldDialog))
    await bench.pilot.pause()
    return bench.app.screen


async def closed(bench) -> None:
    await bench.until(lambda: isinstance(bench.app.screen, PickerScreen))
    await bench.pilot.pause()


async def test_a_number_is_typed_at_once_and_put_back(start):
    async with start(None) as bench:
        settings = await settings_of(bench, "generations")
        await bench.pilot.press("5")
        await opened(bench)
        await bench.pilot.press("7", "enter")
        await closed(bench)
        assert settings.edits == {"generations": 57}
        assert "57 was 300" in line(settings, "generations")
        await bench.pilot.press("backspace")
        assert settings.edits == {}
        await bench.pilot.press("enter")
        await opened(bench)
        await bench.pilot.press("escape")
        await closed(bench)
        assert settings.edits == {}


async def test_a_value_that_is_refused_is_marked_and_explained_at_its_field(start):
    async with start(None) as bench:
        settings = await settings_of(bench, "generations")
        await bench.pilot.press("-")
        await opened(bench)
        await bench.pilot.press("3", "enter")
        await closed(bench)
        meaning = settings.screen.query_one("#meaning")
        await bench.until(lambda: "at least 0, got -3" in str(meaning.render()))
        assert meaning.has_class("bad")
        spans = settings.get_option_at_index(0).prompt.spans
        assert any("$text-error" in str(span.style) for span in spans)
        await bench.pilot.press("down")
        await bench.until(lambda: "its scale" in str(meaning.render()))
        assert not meaning.has_class("bad")


@pytest.mark.parametrize(("key", "chosen"), [("right", "tophat"), ("left", "tophat")])
async def test_arrows_choose(start, key, chosen):
    async with start(None) as bench:
        settings = await settings_of(bench, "kernel")
        await bench.pilot.press(key)
        assert settings.edits == {"engine.kernel": chosen}
        meaning = settings.screen.query_one("#meaning")
        await bench.until(lambda: "box" in str(meaning.render()))
        await bench.pilot.press(key)
        assert settings.edits == {}


async def test_a_choice_is_made_from_a_list(start):
    async with start(None) as bench:
        settings = await settings_of(bench, "kernel")
        await bench.pilot.press("enter")
        window = await opened(bench)
        options = window.query_one(OptionList)
        shown = [str(options.get_option_at_index(n).prompt) for n in range(2)]
        assert shown == ["gaussian", "tophat  box"]
        assert options.highlighted == 0
        await bench.pilot.press("down", "enter")
        await closed(bench)
        assert settings.edits == {"engine.kernel": "tophat"}


async def test_a_rule_or_a_number_can_be_chosen(start):
    async with start(None) as bench:
        settings = await settings_of(bench, "bandwidth")
        await bench.pilot.press("enter")
        window = await opened(bench)
        assert window.query_one(Input).value == "0.5"
        await bench.pilot.press("shift+tab", "end", "enter")
        await closed(bench)
        assert settings.edits == {"engine.bandwidth": "silverman"}
        await bench.pilot.press(".")
        window = await opened(bench)
        assert window.query_one(Input).has_focus
        await bench.pilot.press("2", "enter")
        await closed(bench)
        assert settings.edits == {"engine.bandwidth": 0.2}


async def test_a_switch_turns(start):
    async with start(None) as bench:
        settings = await settings_of(bench, "redraw")
        await bench.pilot.press("enter")
        assert settings.edits == {"source.redraw": False}
        assert "no was yes" in line(settings, "redraw")
        await bench.pilot.press("left")
        assert settings.edits == {}


async def test_components_are_edited_added_and_removed(start):
    async with start(None) as bench:
        settings = await settings_of(bench, "first")
        assert "normal weight 1 mean 0.0" in line(settings, "first")
        await bench.pilot.press("enter")
        window = await opened(bench)
        window.query_one(Select).value = "uniform"
        await bench.pilot.pause()
        shown = {one.name for one in window.query(".field") if one.display}
        assert shown == {"family", "weight", "low"}
        for name, text in (("weight", "3"), ("low", "-2.5")):
            next(one for one in window.query(Input) if one.name == name).value = text
        window.query(Input).first().focus()
        await bench.pilot.press("enter")
        await closed(bench)
        first = {"family": "uniform", "weight": 3, "low": -2.5}
        assert settings.edits == {"source.components": [first]}
        await bench.pilot.press("a")
        assert settings.edits == {"source.components": [first, first]}
        assert settings.option_count == len(ROWS) + 1
        await bench.pilot.press("delete", "enter")
        await opened(bench)
        await bench.pilot.press("ctrl+d")
        await closed(bench)
        assert settings.edits == {"source.components": []}
        assert settings.option_count == len(ROWS) - 1


async def test_metrics_are_ticked_and_explained(start):
    async with start(None) as bench:
        settings = await settings_of(bench, "metrics")
        assert "2: w1, mean" in line(settings, "metrics")
        await bench.pilot.press("enter")
        window = await opened(bench)
        names = window.query_one(SelectionList)
        assert sorted(names.selected) == ["mean", "w1"]
        assert str(window.query_one("#meaning").render()) == "in nats"
        assert window.query_one("#meaning").region.height == 1
        await bench.pilot.press("space", "down", "space", "enter")
        await closed(bench)
        assert settings.edits == {"metrics.names": ["w1", "kl"]}


async def test_changed_settings_are_run_from_the_settings(start, fake_launcher):
    launcher = fake_launcher()
    typed = {}
    opens = launcher.open
    launcher.open = lambda name, settings: typed.update(settings) or opens(name, settings)
    async with start(None, launcher=launcher) as bench:
        await settings_of(bench, "kernel")
        await bench.pilot.press("right", "r")
        await bench.until(lambda: len(bench.app.screen_stack) > 2)
        await bench.settle(0)
        assert typed == {"engine.kernel": "tophat"}


async def test_the_footer_says_what_keys_do_in_the_settings(start):
    async with start(None) as bench:
        await settings_of(bench, "generations")
        hints = bench.app.screen.query_one("KeyHints")
        await bench.until(lambda: "edit" in hints.text())
        await bench.pilot.press("escape")
        await bench.until(lambda: "filter" in hints.text())


async def test_windows_fit_into_a_small_terminal(start):
    async with start(None, size=(60, 20)) as bench:
        await settings_of(bench, "metrics")
        await bench.pilot.press("enter")
        window = (await opened(bench)).query_one(".window")
        assert window.region.right <= 60
        assert window.region.bottom <= 20
        assert window.query_one("#meaning").region.bottom < window.region.bottom
