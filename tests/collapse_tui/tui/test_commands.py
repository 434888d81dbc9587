"""The command palette: everything is found by its name, and does what its key does."""

import pytest
from textual.widgets import Static

from collapse_tui.experiment.examination import Examination
from collapse_tui.presentation.terms import explain_term
from collapse_tui.tui.keys import LIVE_ACTIONS
from collapse_tui.tui.screens.dialogs import ExplanationDialog
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.themes import NAMES


def commands_of(app):
    return {command.title: command for command in app.get_system_commands(app.screen)}


async def test_each_action_metric_preset_theme_and_marker_is_there(start):
    async with start() as bench:
        commands = commands_of(bench.app)
        assert {action.help for action in LIVE_ACTIONS} <= commands.keys()
        metrics = [title for title in commands if title.startswith("Metric: ")]
        assert len(metrics) == len(bench.live.options.topics) > 3
        assert {f"Theme: {name}" for name in NAMES} <= commands.keys()
        assert {"Marker: braille", "Marker: ascii", "Preset: borji"} <= commands.keys()


async def test_a_metric_is_shown_and_the_curves_drawn_with_another_marker(start):
    async with start() as bench:
        await bench.run_to(20)
        last = bench.live.options.topics[-1]
        metrics = [one for one in commands_of(bench.app) if one.startswith("Metric: ")]
        commands_of(bench.app)[metrics[-1]].callback()
        await bench.settle()
        assert bench.live.options.leading == last
        commands_of(bench.app)["Marker: ascii"].callback()
        await bench.settle()
        assert bench.live.panes.chart("main").text().isascii()
        commands_of(bench.app)["Marker: braille"].callback()
        await bench.settle()
        assert not bench.live.panes.chart("main").text().isascii()


@pytest.mark.parametrize("term", ["late collapse", "z, z-score", "heterozygosity"])
async def test_a_term_is_explained(start, term):
    async with start() as bench:
        commands_of(bench.app)[f"What is: {term}"].callback()
        await bench.settle()
        assert isinstance(bench.app.screen, ExplanationDialog)
        said = " ".join(str(line.render()) for line in bench.app.screen.query(Static))
        assert explain_term(term) in said
        await bench.press("escape")
        assert isinstance(bench.app.screen, LiveScreen)


async def test_another_preset_pauses_the_run_below_it(start):
    async with start() as bench:
        below = bench.app.screen
        assert isinstance(below, LiveScreen)
        below.runs.pause(paused=False)
        commands_of(bench.app)["Preset: shumailov"].callback()
        await bench.until(
            lambda: bench.app.screen is not below and bool(bench.app.screen.query("#main"))
        )
        await bench.settle()
        assert isinstance(bench.app.screen, LiveScreen)
        assert below.runs.newest.pace.paused


async def test_a_preset_that_lacks_its_data_says_so_and_pauses_nothing(start, fake_launcher):
    launcher = fake_launcher()
    refusal = "MNIST is not here; `collapse-tui fetch vae-mnist` fetches it"
    launcher.examine = lambda _: Examination(refusal=refusal, lacks_data=True)
    async with start(launcher=launcher) as bench:
        below = bench.app.screen
        below.runs.pause(paused=False)
        commands_of(bench.app)["Preset: vae-mnist"].callback()
        await bench.until(lambda: any(one.message == refusal for one in bench.app._notifications))
        assert bench.app.screen is below
        assert not below.runs.newest.pace.paused
        assert len(launcher.opened) == 1


@pytest.mark.parametrize("key", ["question_mark", "f"])
async def test_dialogs_offer_no_presets(start, key):
    async with start() as bench:
        await bench.press(key)
        assert not [one for one in commands_of(bench.app) if one.startswith("Preset: ")]
