"""Each key of the live screen, of the list of runs and of the comparison does what is seen."""

import pytest

from collapse_tui.cli import main
from collapse_tui.tui.first_screen import compare_screen
from collapse_tui.tui.keys import COMPARE_ACTIONS, LIVE_ACTIONS, RUNS_ACTIONS
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.widgets.panes import Pane
from collapse_tui.tui.widgets.strips import StripView

BEFORE = {
    "live": ("home",),
    "scrub(1)": ("home",),
    "scrub(10)": ("home",),
    "restore": ("m",),
    "select(1)": ("f", "0", ".", "2", "enter"),
    "select(-1)": ("f", "0", ".", "2", "enter"),
    "remove": ("f", "0", ".", "2", "enter"),
    "undo": ("plus",),
    "fresh(-1)": ("plus",),
    "go": ("4", "2"),
    "layout(1)": ("2",),
    "zoom(-1)": ("z",),
    "compare": ("space", "space"),
    "pan(-1)": ("z", "z"),
    "pan(1)": ("home", "z", "z"),
}
"""Keys that bring about what an action needs."""
DIGIT_SECONDS = 0.8
"""After which a digit is a layout."""


def keys_of(actions) -> list:
    return [
        pytest.param(one.name, key, id=f"{one.id}-{key}")
        for one in actions
        for key in one.keys.split(",")
    ]


def seen(app) -> tuple:
    """Return all that tells one picture of the program from another."""
    screen = app.screen
    texts = tuple(
        (str(view.id), view.text(), view._guides)
        for view in screen.query(StripView)
        if view.display
    )
    panes = tuple((pane.id, pane.display, pane.region) for pane in screen.query(Pane))
    looks = tuple(
        tuple(segment.style for row in view._rows for segment in row)
        for view in screen.query(StripView)
    )
    said = len(app._notifications)
    return len(app.screen_stack), texts, panes, looks, said, str(app.screen.focused), app.is_running


async def test_each_layout_differs(start):
    async with start() as bench:
        found = []
        for key in ("2", "3", "4", "1"):
            await bench.press(key)
            await bench.pilot.pause(DIGIT_SECONDS)
            found.append(tuple(pane.id for pane in bench.live.query(Pane) if pane.display))
        assert len(set(found)) == len(found)


@pytest.mark.parametrize(("name", "key"), keys_of(LIVE_ACTIONS))
async def test_a_key_of_the_live_screen(start, fake_launcher, tmp_path, monkeypatch, name, key):
    monkeypatch.chdir(tmp_path)
    launcher = fake_launcher()
    launcher.runs = tmp_path
    async with start(launcher=launcher) as bench:
        await bench.run_to(50)
        for one in BEFORE.get(name, ()):
            await bench.press(one)
        if name in {"select(1)", "select(-1)", "remove"}:
            await bench.until(lambda: len(bench.live.runs.sessions) == 2)
            await bench.until(lambda: bench.live.runs.selected.letter == "B")
            await bench.settle()
        if name.startswith("layout"):
            await bench.pilot.pause(DIGIT_SECONDS)
        before = seen(bench.app)
        await bench.press(key)
        if name.startswith("layout"):
            await bench.pilot.pause(DIGIT_SECONDS)
            await bench.settle()
        assert seen(bench.app) != before
        assert bench.app.fault is None


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name, share in (("some", "0.1"), ("half", "0.5")):
        small = ["--preset", "shumailov", "--replicates", "3", "--generations", "30", "--quiet"]
        changed = ["--set", f"policy.fresh={share}", "--out", str(folder / name)]
        assert main(["batch", *small, *changed]) == 0
    return [folder / "some", folder / "half"]


@pytest.mark.parametrize(("name", "key"), keys_of(COMPARE_ACTIONS))
async def test_a_key_of_the_comparison(start, pair, name, key):
    launcher = Launcher(pair[0].parent)
    async with start(None, launcher=launcher, first=compare_screen(pair)) as bench:
        await bench.until(lambda: bench.app.screen._comparison is not None)
        await bench.settle()
        for one in BEFORE.get(name, ()):
            await bench.press(one)
        before = seen(bench.app)
        await bench.press(key)
        assert seen(bench.app) != before or bench.app.return_value == 0
        assert bench.app.fault is None


@pytest.mark.parametrize(("name", "key"), keys_of(RUNS_ACTIONS))
async def test_a_key_of_the_list_of_runs(listed, name, key):
    async with listed() as bench:
        for one in BEFORE.get(name, ()):
            await bench.press(one)
        before = seen(bench.app)
        await bench.press(key)
        await bench.until(lambda: seen(bench.app) != before or bench.app.return_value == 0)
        assert bench.app.fault is None
