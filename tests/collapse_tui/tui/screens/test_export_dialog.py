"""The dialog of `e`: formats, names, what is missing, and the files that are written."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.presentation.stored_scene import load_scene, load_theory
from collapse_tui.storage.saved import SavedRun
from collapse_tui.tui.screens import export_dialog
from collapse_tui.tui.screens.export_dialog import ExportDialog, ExportOrder
from collapse_tui.tui.screens.export_files import FORMATS, write_run


def said(bench) -> str:
    return str(bench.app.screen.query_one("#refusal", Static).content)


async def choose(bench, suffix: str, *, figure: bool = False) -> None:
    places = [
        at for at, one in enumerate(FORMATS) if one.suffixes == (suffix,) and one.figure == figure
    ]
    bench.app.screen.query_one(OptionList).highlighted = places[0]
    await bench.pilot.pause()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def written(bench, folder: Path, count: int) -> list[str]:
    await bench.until(lambda: len(names_in(folder)) >= count)
    return names_in(folder)


async def test_enter_writes_picture_and_numbers_of_the_screen(start, folder):
    async with start() as bench:
        await bench.run_to(4)
        for count in (2, 4):
            await bench.press("e")
            assert isinstance(bench.app.screen, ExportDialog)
            await bench.press("enter")
            assert bench.app.screen is bench.live
            names = await written(bench, folder, count)
    assert names == ["borji-4-2.csv", "borji-4-2.svg", "borji-4.csv", "borji-4.svg"]
    rows = (folder / "borji-4.csv").read_text().splitlines()
    assert rows[0].startswith("generation,metric,mean,q05")
    assert len(rows) == 1 + 6 * 5
    picture = (folder / "borji-4.svg").read_text()
    assert "enter" not in picture, "the dialog is gone from the picture"


async def test_it_says_what_will_be_written_and_escape_writes_nothing(start, folder):
    (folder / "borji-4.csv").touch()
    async with start() as bench:
        await bench.run_to(4)
        await bench.press("e")
        assert said(bench) == f"borji-4-2.svg and borji-4-2.csv in {folder}"
        assert not bench.app.screen.query_one("#width-field").display
        await bench.press("escape")
        assert bench.app.screen is bench.live
    assert [path.name for path in folder.iterdir()] == ["borji-4.csv"]


async def test_a_run_that_is_not_saved_has_only_its_picture(start, folder):
    async with start() as bench:
        await bench.run_to(2)
        bench.app.push_screen(ExportDialog("x", folder, saved=False))
        await bench.pilot.pause()
        assert "not saved" not in said(bench)
        await choose(bench, ".csv")
        assert "this run is not saved yet" in said(bench)
        await bench.press("enter")
        assert isinstance(bench.app.screen, ExportDialog)


async def test_what_is_missing_is_said_before_it_is_tried(start, folder, monkeypatch):
    monkeypatch.setattr("collapse_tui.optional_packages.find_spec", lambda _: None)
    async with start() as bench:
        bench.app.push_screen(ExportDialog("x", folder, saved=True))
        await bench.pilot.pause()
        await choose(bench, ".pdf", figure=True)
        assert "pip install 'collapse-tui[figures]'" in said(bench)
        await bench.press("enter")
        assert isinstance(bench.app.screen, ExportDialog)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("stem", "../x", "the name must be that of a file in"),
        ("stem", "", "the name must be that of a file in"),
        ("width", "wide", "width must be column, page, or from 40mm"),
    ],
)
async def test_a_wrong_name_or_width_is_said(start, folder, field, text, words):
    async with start() as bench:
        orders: list[ExportOrder | None] = []
        bench.app.push_screen(ExportDialog("x", folder, saved=True), orders.append)
        await bench.pilot.pause()
        await choose(bench, ".png", figure=True)
        assert "x.png in" in said(bench)
        bench.app.screen.query_one(f"#{field}", Input).value = text
        await bench.pilot.pause()
        assert words in said(bench)
        await bench.press("enter")
        assert isinstance(bench.app.screen, ExportDialog)
        assert orders == []


@pytest.mark.slow
async def test_a_saved_run_is_written_in_a_worker(start, folder, monkeypatch):
    experiment = load("shumailov", generations=6, replicates=4)
    list(run(experiment, folder=folder / "run", device="cpu"))
    asked = asyncio.Event()
    notes: list[str] = []
    async with start() as bench:
        await bench.run_to(2)
        scene = bench.live.scene()
        scene = replace(scene, snapshot=replace(scene.snapshot, folder=str(folder / "run")))
        monkeypatch.setattr(bench.live, "scene", lambda: scene)
        monkeypatch.setattr(
            bench.app, "notify", lambda text, **_: (notes.append(text), asked.set())
        )
        await bench.press("e")
        await choose(bench, ".json")
        await bench.press("enter")
        names = await written(bench, folder, 2)
        await bench.until(lambda: any("borji-2.json" in note and "/" in note for note in notes))
    assert names == ["borji-2.json", "run"]


def test_figures_are_of_the_metrics_and_the_generation_shown(tmp_path: Path) -> None:
    experiment = load("shumailov", generations=6, replicates=4, **{"metrics.names": ["variance"]})
    list(run(experiment, folder=tmp_path / "run", device="cpu"))
    saved = SavedRun.open(tmp_path / "run")
    stored, curves, _ = load_theory(saved)
    scene = replace(load_scene(saved, stored, curves), shown=3)
    scene = replace(scene, snapshot=replace(scene.snapshot, folder=str(tmp_path / "run")))
    chosen = next(one for one in FORMATS if one.suffixes == (".svg",))
    files, notes = write_run(scene, tmp_path / "a.svg", chosen, "slides")
    assert notes == []
    assert {path.name for path in files} == {
        "a-variance.svg",
        "a-strip.svg",
        "a-view.svg",
    }
    assert "run: generation 3" in (tmp_path / "a-view.svg").read_text()
    assert export_dialog.WIDTH == "column"
