"""The tour: every chapter runs, its captions follow it, and nothing of it is kept."""

import asyncio
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import presets
from collapse_tui import load
from collapse_tui.execution.stored_experiment import stored_experiment
from collapse_tui.storage.saved import SavedRun
from collapse_tui.tui.app import CollapseApp
from collapse_tui.tui.first_screen import tour_screen
from collapse_tui.tui.runs import chapters as chapter_file
from collapse_tui.tui.runs.chapters import read_chapters
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.runs.replay import replay
from collapse_tui.tui.screens.dialogs import LeaveDialog
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.screens.tour import WAIT, TourScreen
from collapse_tui.tui.widgets.caption_bar import CaptionBar

CHAPTERS = read_chapters()
PANES = {"loop", "main", "view", "strip", "table", "knobs", "time"}
MINUTE = 60


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.title)
def test_each_chapter_is_a_valid_run_of_under_a_minute(chapter):
    if chapter.record is None:
        experiment = load(chapter.name, **chapter.settings)
    else:
        experiment = stored_experiment(SavedRun.open(chapter.record))
    assert experiment.generations / chapter.rate < MINUTE
    starts = [caption.at for caption in chapter.captions]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] <= experiment.generations
    assert {caption.pane for caption in chapter.captions} <= PANES
    # time to read: 30 characters a second, and each text fits below a screen of 80 columns
    ends = [*starts[1:], experiment.generations]
    for caption, end in zip(chapter.captions, ends, strict=True):
        assert (end - caption.at) / chapter.rate + WAIT * (end == ends[-1]) > len(caption.text) / 30
        assert len(caption.text) <= 3 * 76


def test_the_record_is_a_run_of_its_preset_and_small():
    (chapter,) = (one for one in CHAPTERS if one.record is not None)
    saved = SavedRun.open(chapter.record)
    now = load(chapter.name).document
    # how much a device takes at once is settled as a run begins
    settled = {"chunk": saved.document["engine"]["chunk"]}
    assert saved.document["engine"] == {**now["engine"], **settled}
    assert saved.document["source"] == now["source"]
    assert saved.document["metrics"] == now["metrics"]
    assert saved.last == load(chapter.name).generations
    size = sum(path.stat().st_size for path in Path(chapter.record).rglob("*") if path.is_file())
    assert size <= 200_000
    rising = [record["summary"]["perplexity"]["mean"] for record in saved.records(1)]
    assert rising[-1] > 2 * rising[0]


def test_a_replay_gives_all_records_and_no_knobs():
    (chapter,) = (one for one in CHAPTERS if one.record is not None)
    run = replay(chapter.record, chapter.name)
    kinds = [type(event).__name__ for event in run.events]
    assert kinds == ["Started", *["Generation"] * 6, "Finished"]
    assert run.knobs == ()


@pytest.fixture(autouse=True)
def _folders(monkeypatch):
    """Remove the folders of runs that nobody looks for, which else go with the process."""
    made = []

    def make(*arguments, **options):
        made.append(TemporaryDirectory(*arguments, **options))
        return made[-1]

    monkeypatch.setattr("collapse_tui.tui.program.TemporaryDirectory", make)
    yield
    for folder in made:
        folder.cleanup()


@pytest.fixture
def quick(monkeypatch):
    """Make chapters of a few generations, as fast as they can be computed."""
    short = tuple(
        replace(one, rate=1000, settings={**one.settings, "generations": 6, "replicates": 2,
                                          "schedule.size": 20}) for one in CHAPTERS[:2]
    )  # fmt: skip
    kept = (*short, replace(CHAPTERS[-1], rate=1000))
    monkeypatch.setattr("collapse_tui.tui.screens.tour.read_chapters", lambda: kept)
    return kept


async def until(pilot, holds):
    for _ in range(2000):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came about")


async def test_the_tour_from_its_first_chapter_to_its_last(quick, tmp_path):
    app = CollapseApp(Launcher(tmp_path), first=tour_screen())
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TourScreen) and app.screen.runs.over)
        first = app.screen
        await until(pilot, lambda: "tour 1 of 3" in first.query_one(CaptionBar).text())
        assert CHAPTERS[0].captions[0].text[:30] in first.query_one(CaptionBar).text()
        for _ in range(WAIT + 1):
            first._count_down()
        await until(pilot, lambda: app.screen is not first and app.screen.is_mounted)
        await until(pilot, lambda: app.screen.runs.over)
        await pilot.press("n")
        await until(pilot, lambda: app.screen.number == 2 and app.screen.runs.over)
        assert app.screen.chapter is quick[2]
        folder = app.temporary_runs()
        assert len(list(folder.iterdir())) == 2
        await pilot.press("b")
        await until(pilot, lambda: app.screen.number == 1)
        await pilot.press("q")
        await until(pilot, lambda: app._exit)
    assert app.last_sessions == []
    assert not list(tmp_path.iterdir())
    app._temporary.cleanup()
    assert not folder.exists()


async def test_a_key_keeps_the_chapter_and_q_goes_back_to_the_picker(quick, tmp_path):
    del quick
    app = CollapseApp(Launcher(tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PickerScreen) and app.screen.is_mounted)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, TourScreen) and app.screen.runs.over)
        tour = app.screen
        await pilot.press("left")
        for _ in range(WAIT + 1):
            tour._count_down()
        await pilot.pause()
        assert app.screen is tour
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, PickerScreen))


async def test_leaving_in_the_middle_asks_nothing(tmp_path, monkeypatch):
    slow = (replace(CHAPTERS[0], rate=1.0),)
    monkeypatch.setattr("collapse_tui.tui.screens.tour.read_chapters", lambda: slow)
    app = CollapseApp(Launcher(tmp_path), first=tour_screen())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(
            pilot,
            lambda: isinstance(app.screen, TourScreen) and app.screen.runs.snapshot.generation >= 0,
        )
        await pilot.press("q")
        await asyncio.sleep(0.05)
        assert not isinstance(app.screen, LeaveDialog)
        await until(pilot, lambda: app._exit)
    assert app.last_sessions == []


def test_the_file_lies_beside_the_presets():
    assert (presets.FOLDER / "tour" / chapter_file.FILE).is_file()
