"""Draw the pictures of the documentation from real runs: ``python -m benchmarks.picture [NAME…]``.

Each is what the program shows, its dots and blocks drawn as shapes, so that it looks the same
with any font.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from textual.pilot import Pilot

from collapse_tui.charts.svg import Rows, frames_to_svg, rows_to_svg
from collapse_tui.cli import main
from collapse_tui.presentation.svg_page import BACKGROUND
from collapse_tui.tui.app import CollapseApp
from collapse_tui.tui.first_screen import FirstScreen, compare_screen, list_screen, tour_screen
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screen_picture import screen_rows
from collapse_tui.tui.screens.live import LiveScreen

DOCS = Path(__file__).parents[1] / "docs"
FRAME_SECONDS = 0.35
SAVED = {
    "no-real-data": ("shumailov", "--set", "policy.fresh=0"),
    "a-tenth-real": ("shumailov", "--set", "policy.fresh=0.1"),
    "half-real": ("shumailov", "--set", "policy.fresh=0.5"),
    "mixture": ("borji",),
    "states": ("borkar",),
}
"""Runs of 60 generations, for the screens that show saved ones."""


class Picture(NamedTuple):
    """A picture to draw.

    Attributes
    ----------
    preset : str or None
        None for another screen than the live one.
    first : callable or None
        Folder of saved runs → what makes that screen; None for the picker.
    generation : int
    size : (int, int)
    settings : mapping
        What differs from the preset.
    keys : tuple of str
        Pressed before it is drawn; a number waits so many seconds.
    frames : int
        Of an animation; 1 for a picture that stands still.
    """

    preset: str | None
    generation: int = 0
    size: tuple[int, int] = (130, 38)
    settings: Mapping[str, object] = {}
    keys: tuple[str, ...] = ()
    frames: int = 1
    first: Callable[[Path], FirstScreen] | None = None


def _compare(runs: Path) -> FirstScreen:
    return compare_screen([runs / name for name in list(SAVED)[:3]])


def _list(_: Path) -> FirstScreen:
    return list_screen()


def _tour(_: Path) -> FirstScreen:
    return tour_screen()


PICTURES = {
    "screen": Picture("borji", 137),
    "borji": Picture("borji", 300, (100, 30), frames=24),
    "screens/picker": Picture(None, size=(120, 36)),
    "screens/knobs": Picture("shumailov", 120, (120, 36), keys=("k",)),
    "screens/fork": Picture(
        "borji", 120, (120, 36), keys=("left", "f", "0.2", "enter", "2", "space", "4", "space")
    ),
    "screens/words": Picture("suresh-zipf", 120, (120, 36)),
    "screens/narrow": Picture("borkar", 60, (80, 24)),
    "screens/export": Picture("borji", 60, (100, 30), keys=("e",)),
    "screens/runs": Picture(None, size=(120, 36), first=_list),
    "screens/compare": Picture(None, size=(120, 36), first=_compare),
    "screens/tour": Picture(None, size=(100, 30), keys=("6",), first=_tour),
}


async def draw(name: str) -> None:
    """Run a preset on the screen up to a generation, and write what it shows."""
    picture = PICTURES[name]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chdir(folder)  # as pictures name the folder of runs
        runs = Path("runs")
        if picture.first is not None:
            _save_runs(runs)
        first = picture.first and picture.first(runs)
        app = CollapseApp(Launcher(runs), picture.preset, picture.settings, first=first)
        async with app.run_test(size=picture.size) as pilot:
            frames = [await _show(pilot, picture, share) for share in _shares(picture.frames)]
    whole = len(frames) == 1
    text = (
        rows_to_svg(frames[0], BACKGROUND)
        if whole
        else frames_to_svg(frames, BACKGROUND, FRAME_SECONDS)
    )
    (DOCS / "screens").mkdir(exist_ok=True)
    (DOCS / f"{name}.svg").write_text(text, encoding="utf-8")


def _save_runs(folder: Path) -> None:
    for name, preset in SAVED.items():
        options = ("--generations", "60", "--quiet", "--out", str(folder / name))
        if main(["batch", "--preset", *preset, *options]):
            raise SystemExit(f"the run {name!r} of the pictures failed")


def _shares(frames: int) -> list[float]:
    return [1.0] if frames == 1 else [number / (frames - 1) for number in range(frames)]


async def _show(pilot: Pilot[Any], picture: Picture, share: float) -> Rows:
    """Return what is shown once the run has come to a share of its way."""
    if picture.preset is not None:
        await _reach(pilot, max(1, round(share * picture.generation)))
    else:
        await pilot.pause(3.0)
    for key in picture.keys:
        if key.isdigit():
            await pilot.pause(float(key))
        elif len(key) > 1 and key.replace(".", "").isdigit():
            await pilot.press(*key.replace(".", " full_stop ").split())
        else:
            await pilot.press(key)
    await pilot.pause(0.6)
    await asyncio.to_thread(pilot.app.renderer.drain)  # type: ignore[attr-defined]
    await pilot.pause(0.2)
    return screen_rows(pilot.app)


async def _reach(pilot: Pilot[Any], generation: int) -> None:
    """Compute up to a generation and stop there."""
    while not isinstance(pilot.app.screen, LiveScreen):
        await pilot.pause(0.05)
    screen = pilot.app.screen
    session = screen.runs.sessions[0]
    while session.snapshot.generation < 0:
        await pilot.pause(0.02)
        session.pace.pause(paused=True)
    missing = generation - session.snapshot.generation
    if missing > 0:
        session.pace.step(missing)
    while session.snapshot.generation < generation and not session.snapshot.over:
        await pilot.pause(0.02)


if __name__ == "__main__":
    for chosen in sys.argv[1:] or PICTURES:
        asyncio.run(draw(chosen))
