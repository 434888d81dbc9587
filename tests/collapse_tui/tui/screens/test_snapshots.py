"""Pictures of each screen, compared with the ones that were looked at and liked.

After a change that is meant, add ``--snapshot-update`` to the call of pytest on this file, then
look at the SVG files in ``__snapshots__``.
"""

import asyncio
import json
import math
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from collapse_tui.events import Progress
from collapse_tui.tui.app import CollapseApp
from collapse_tui.tui.first_screen import compare_screen, list_screen
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.settings import ScreenSettings

pytestmark = pytest.mark.usefixtures("still")


async def settled(pilot: Pilot[int]) -> None:
    for screen in pilot.app.screen_stack:
        if isinstance(screen, LiveScreen):
            screen.tick()
    for _ in range(2):
        await pilot.pause()
        assert await asyncio.to_thread(pilot.app.renderer.drain)
    await pilot.pause()


async def moved_to(pilot: Pilot[int], generation: int) -> LiveScreen:
    """Run until `generation` is on the screen."""
    while not (isinstance(pilot.app.screen, LiveScreen) and pilot.app.screen.options.topics):
        await pilot.pause(0.01)
        await settled(pilot)
    live = pilot.app.screen
    while live.runs.newest.snapshot.generation < 0:
        await pilot.pause(0.01)
    live.runs.newest.pace.step(generation - live.runs.newest.snapshot.generation)
    while live.runs.newest.snapshot.generation < generation:
        await pilot.pause(0.01)
    await settled(pilot)
    return live


def picture(snap_compare, app: CollapseApp, run_before, size=(100, 30)) -> None:
    async def prepared(pilot: Pilot[int]) -> None:
        await run_before(pilot)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False  # else a picture shows it or not, as the clock has it
        await settled(pilot)

    assert snap_compare(app, run_before=prepared, terminal_size=size)


SIZES = {"60x20": (60, 20), "80x24": (80, 24), "120x36": (120, 36), "200x50": (200, 50)}
LOOKS = {
    "light": ScreenSettings(theme="light"),
    "ansi": ScreenSettings(theme="ansi"),
    "16": ScreenSettings(depth="16"),
    "none": ScreenSettings(depth="none"),
}
DARK = ScreenSettings(theme="dark")
EVERY_SIZE_AND_LOOK = pytest.mark.parametrize(
    ("size", "chosen"),
    [
        *((size, DARK) for size in SIZES.values()),
        *((SIZES["80x24"], look) for look in LOOKS.values()),
    ],
    ids=[*SIZES, *LOOKS],
)


@EVERY_SIZE_AND_LOOK
def test_live(snap_compare, fake_launcher, size, chosen):
    app = CollapseApp(fake_launcher(), "borji", chosen=chosen)
    picture(snap_compare, app, lambda pilot: moved_to(pilot, 40), size)


@EVERY_SIZE_AND_LOOK
def test_picker(snap_compare, fake_launcher, size, chosen):
    async def listed(pilot: Pilot[int]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, PickerScreen)
        while "generations" not in str(screen.query_one("#verdict").render()):
            await pilot.pause(0.02)
        while not screen.query_one("#sketch").text().strip():
            await pilot.pause(0.02)

    picture(snap_compare, CollapseApp(fake_launcher(), chosen=chosen), listed, size)


@pytest.mark.parametrize(
    ("size", "kind"), [((50, 15), "histogram"), ((80, 24), "states")], ids=["too-small", "states"]
)
def test_live_otherwise(snap_compare, fake_launcher, size, kind):
    app = CollapseApp(fake_launcher(kind=kind), "borji", chosen=DARK)
    picture(snap_compare, app, lambda pilot: moved_to(pilot, 40), size)


@pytest.mark.parametrize(
    ("size", "kind"),
    [((80, 24), "images"), ((160, 50), "images"), ((80, 24), "text"), ((160, 50), "text")],
    ids=["images-80x24", "images-160x50", "text-80x24", "text-160x50"],
)
def test_neural(snap_compare, fake_launcher, size, kind):
    app = CollapseApp(fake_launcher(kind=kind), "borji")
    picture(snap_compare, app, lambda pilot: moved_to(pilot, 40), size)


def test_inside_a_long_generation(snap_compare, fake_launcher):
    async def inside(pilot: Pilot[int]) -> None:
        live = await moved_to(pilot, 40)
        session, now = live.runs.newest, [100.0]
        session._clock = lambda: now[0]
        session._begin_generation(41)
        session.pace.paused = False
        for fraction in (0.2, 0.5):
            now[0] += 12.0
            session._report(Progress(41, fraction, "epoch 15 of 30, loss 41.7"))

    app = CollapseApp(fake_launcher(kind="images"), "borji")
    picture(snap_compare, app, inside, (80, 24))


@pytest.mark.slow
def test_fork_scrub_and_intervention(snap_compare, fake_launcher):
    async def forked(pilot: Pilot[int]) -> None:
        live = await moved_to(pilot, 30)
        live.fork(20, {"policy.fresh": 0.5})
        while live.runs.sessions[-1].snapshot.generation < 20:
            await pilot.pause(0.01)
        live.runs.newest.pace.step(15)
        while live.runs.newest.snapshot.generation < 35:
            await pilot.pause(0.01)
        await pilot.press("left", "left")

    picture(snap_compare, CollapseApp(fake_launcher(), "borji"), forked)


@pytest.mark.parametrize(
    "key", ["question_mark", "q", "f", "e"], ids=["help", "leave", "fork", "export"]
)
def test_dialogs(snap_compare, fake_launcher, monkeypatch, key):
    monkeypatch.chdir("/")  # the folder that the dialog of exports names

    async def opened(pilot: Pilot[int]) -> None:
        await moved_to(pilot, 12)
        await pilot.press(key)

    picture(snap_compare, CollapseApp(fake_launcher(), "borji"), opened, SIZES["80x24"])


AT = 1.58e9
"""Seconds from 1970 to when the runs were worked on; each a day after the one before."""


def set_dates(runs: Path) -> None:
    for day, path in enumerate(sorted(runs.glob("*/status.json"))):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"changed": AT + day * 86400}))


def test_list_of_runs(snap_compare, runs):
    set_dates(runs)

    async def marked(pilot: Pilot[int]) -> None:
        screen = pilot.app.screen
        while not screen._complete:
            await pilot.pause(0.01)
        screen._list.folder, screen._next_look = Path("/runs"), math.inf
        await pilot.press("down", "space", "space", "v", "v")
        while len(screen.query_one("#run-panes")._previews) < 2:
            await pilot.pause(0.01)
        await settled(pilot)

    app = CollapseApp(Launcher(runs), first=list_screen())
    assert snap_compare(app, run_before=marked, terminal_size=(80, 24))


def test_comparison(snap_compare, runs):

    async def moved(pilot: Pilot[int]) -> None:
        screen = pilot.app.screen
        while screen._comparison is None:
            await pilot.pause(0.01)
        await pilot.press("left", "left", "left")
        await settled(pilot)

    first = compare_screen([runs / "alpha", runs / "beta"])
    app = CollapseApp(Launcher(runs), first=first)
    assert snap_compare(app, run_before=moved, terminal_size=(80, 24))
