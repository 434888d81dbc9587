"""The picker: list, filter, form, verdict."""

from dataclasses import replace
from html import unescape

import pytest
from textual.widgets import Input, OptionList, Static

from collapse_tui.execution import runner
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.tui.runs.descriptions import CannotStart
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.widgets.entry_list import EntryList
from collapse_tui.tui.widgets.form import SettingsForm


async def ready(bench) -> PickerScreen:
    screen = bench.app.screen
    await bench.until(lambda: screen.query_one(OptionList).option_count > 5)
    await bench.until(lambda: len(list(screen.query(".field"))) == 6)
    return screen


def verdict(screen: PickerScreen) -> str:
    return str(screen.query_one("#verdict", Static).render())


async def test_entries_are_grouped_and_described(start):
    async with start(None) as bench:
        screen = await ready(bench)
        text = bench.app.export_screenshot()
        for words in ("tails", "networks", "saved&#160;runs", "Watch", "Fig.&#160;2"):
            assert words in text
        await bench.until(lambda: "300 generations" in verdict(screen))


async def test_a_narrow_list_has_names_and_a_wide_one_titles(start):
    for size, seen in (((80, 24), False), ((140, 40), True)):
        async with start(None, size=size) as bench:
            screen = await ready(bench)
            entries = screen.query_one(EntryList)
            prompts = [str(option.prompt).strip() for option in entries.options]
            assert any(prompt.startswith("kernels 1 · width grows") for prompt in prompts)
            assert ("zipf" in prompts) == (not seen)
            assert any("rare words die first" in prompt for prompt in prompts) == seen


async def test_filter_hides_what_does_not_match(start):
    async with start(None) as bench:
        screen = await ready(bench)
        await bench.pilot.press("slash", *"words")
        await bench.until(lambda: screen.query_one(OptionList).option_count == 2)
        await bench.pilot.press("enter")
        assert screen.focused is screen.query_one(OptionList)
        assert screen._chosen_entry().name == "zipf"


@pytest.mark.slow
async def test_settings_are_checked_as_they_are_typed_and_used(start, fake_launcher):
    launcher = fake_launcher()
    typed = {}
    opened = launcher.open
    launcher.open = lambda name, settings: typed.update(settings) or opened(name, settings)
    async with start(None, launcher=launcher) as bench:
        screen = await ready(bench)
        field = screen.query_one(SettingsForm).query(Input).first()
        field.focus()
        await bench.pilot.press("-", "5")
        await bench.until(lambda: "must be at least 0" in verdict(screen))
        await bench.pilot.press("home", "delete", "enter")
        await bench.until(lambda: len(bench.app.screen_stack) > 2)
        await bench.settle(0)
        assert typed == {"generations": 5}


async def test_a_saved_run_can_be_opened(start):
    async with start(None) as bench:
        screen = await ready(bench)
        await bench.pilot.press("end")
        await bench.until(lambda: "where it stopped" in verdict(screen))
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.app.screen_stack) > 2)
        await bench.settle(0)


async def test_a_run_that_cannot_start_leads_back(start, fake_launcher):
    class Refusing(fake_launcher):
        def open(self, name, settings):
            return super().open("missing", settings)

    async with start(None, launcher=Refusing()) as bench:
        screen = await ready(bench)
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.app._notifications) == 1)
        await bench.until(lambda: bench.app.screen is screen)


async def test_q_leaves(start):
    async with start(None) as bench:
        await ready(bench)
        await bench.pilot.press("q")
        assert bench.app.return_value == 0


async def test_a_small_terminal_gets_a_sentence(start):
    async with start(None, size=(50, 15)) as bench:
        assert bench.app.screen.query_one("#too-small").is_on_screen


async def test_a_filter_that_nothing_matches_says_so_and_how_to_clear_it(start):
    async with start(None) as bench:
        screen = await ready(bench)
        options = screen.query_one(OptionList)
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
        await bench.until(lambda: not list(screen.query(".field")))
        assert str(screen.query_one("#what", Static).render()) == verdict(screen) == ""
        await bench.pilot.press("enter", "enter")
        assert bench.app.screen is screen
        await bench.pilot.press("escape")
        await bench.until(lambda: options.option_count == whole)
        assert screen.query_one("#filter", Input).value == ""
        assert screen.focused is options
        await bench.until(lambda: len(list(screen.query(".field"))) == 6)


def test_what_lacks_its_data_is_described_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("engines.external.hub.cached_folder", lambda _: None)
    launcher = Launcher(tmp_path)
    about, settings = launcher.about("opt")
    assert "OPT-125m" in about.title
    assert about.paper
    assert about.watch
    assert about.claims
    assert {"generations", "engine.model"} <= set(settings)
    with pytest.raises(CannotStart, match="collapse-tui fetch opt"):
        launcher.check("opt", {})
    assert launcher.about("shumailov")[0].claims


async def test_the_form_says_why_it_cannot_run_and_what_it_claims(start, fake_launcher):
    class Lacking(fake_launcher):
        def about(self, name):
            about, settings = super().about(name)
            return replace(about, claims=("The mean stays.", "The tails go.")), settings

        def check(self, name, settings):
            raise CannotStart("the data are missing; `collapse-tui fetch opt` fetches them")

    async with start(None, launcher=Lacking()) as bench:
        screen = await ready(bench)
        await bench.until(lambda: "fetch opt" in verdict(screen))
        said = str(screen.query_one("#claims", Static).render())
        assert said.startswith("2 claims, checked by `collapse-tui reproduce borji`:")
        assert "· The tails go." in said
        assert "Watch" in str(screen.query_one("#watch", Static).render())


def test_networks_are_not_trained_for_an_estimate(monkeypatch, tmp_path):
    """What is known is said instead: the disk that they will take."""
    launcher = Launcher(tmp_path)
    plain = launcher.check("shumailov", {"generations": 5})
    assert "at full speed" in plain
    assert "disk" not in plain
    monkeypatch.setattr(Experiment, "weight_bytes", lambda _: 2_345_000_000)
    monkeypatch.setattr(runner, "run", lambda _: pytest.fail("it ran"))
    verdict = launcher.check("shumailov", {"generations": 5})
    assert "networks kept: 2.3 GB of disk" in verdict
    assert "s on one core" in verdict
