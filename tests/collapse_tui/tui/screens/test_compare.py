"""Runs over the same generations: cursor, metrics, differences, the mouse."""

from pathlib import Path

import pytest

from collapse_tui.charts.palette import RUNS, Colour
from collapse_tui.cli import main
from collapse_tui.tui.first_screen import compare_screen
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.compare import CompareScreen
from collapse_tui.tui.screens.dialogs import HelpDialog
from collapse_tui.tui.widgets.bars import HeaderBar
from collapse_tui.tui.widgets.panes import Chart, Pane
from collapse_tui.tui.widgets.setting_table import SettingTable
from collapse_tui.tui.widgets.value_table import ValueTable


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give two runs of different lengths and shares of real data."""
    folder = tmp_path_factory.mktemp("runs")
    for name, share, generations in (("short", "0.1", "10"), ("long", "0.5", "20")):
        arguments = ["--set", f"policy.fresh={share}", "--generations", generations]
        small = ["--preset", "shumailov", "--replicates", "3", "--quiet"]
        assert main(["batch", *small, *arguments, "--out", str(folder / name)]) == 0
    return [folder / "short", folder / "long"]


@pytest.fixture
def compared(start, pair):
    """Return what opens the comparison of the two."""

    def opened(**options):
        return start(None, launcher=Launcher(pair[0].parent), first=compare_screen(pair), **options)

    return opened


async def ready(bench) -> CompareScreen:
    screen = bench.app.screen
    assert isinstance(screen, CompareScreen)
    await bench.until(lambda: screen._comparison is not None)
    await bench.settle()
    return screen


def header(screen) -> str:
    return screen.query_one(HeaderBar).text()


def values(screen) -> list[list[str]]:
    return [line.split() for line in screen.query_one(ValueTable).text().split("\n")[1:]]


async def test_a_wide_screen_is_filled(compared):
    async with compared(size=(160, 50)) as bench:
        screen = await ready(bench)
        panes = [screen.query_one(f"#{name}-pane", Pane) for name in ("compared", "differences")]
        assert panes[0].region.bottom == panes[1].region.bottom == 49


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (60, 20)])
async def test_curves_values_and_differences(compared, size):
    async with compared(size=size) as bench:
        screen = await ready(bench)
        await bench.until(lambda: screen.query_one("#compared", Chart).canvas is not None)
        canvas = screen.query_one("#compared", Chart).canvas
        assert {RUNS[0], RUNS[1]} <= {Colour(value) for value in canvas.foreground.flat}
        if size[1] > 20:  # where there is room for a legend
            assert "A λ 0.1" in screen.query_one("#compared", Chart).text()
        assert "A λ 0.1" in screen.query_one(ValueTable).text()
        assert "gen 20/20" in header(screen)
        rows = values(screen)
        assert [row[0] for row in rows] == ["A", "B"]
        assert rows[0][-3] == "–"  # it has no generation 20
        assert rows[1][-3] == rows[1][-2]
        assert [row[-1] for row in rows] == ["10", "20"]
        text = screen.query_one(SettingTable).text()
        assert "≠ generations" in text
        edge = screen.query_one("#differences-pane", Pane).edge.text()
        assert "2 of" in edge


async def test_the_cursor_reads_every_run_at_one_generation(compared):
    async with compared() as bench:
        screen = await ready(bench)
        await bench.pilot.press("shift+left", "left")
        await bench.settle()
        assert "gen 9/20" in header(screen)
        assert values(screen)[0][-3] != "–"
        assert (screen.query_one("#compared", Chart).canvas.foreground == Colour.CURSOR).any()
        await bench.pilot.press("right", "shift+right")
        assert screen.cursor is None
        await bench.pilot.press("home")
        assert "gen 0/20" in header(screen)
        await bench.pilot.press("left")
        assert "gen 0/20" in header(screen)
        await bench.pilot.press("end")
        assert "gen 20/20" in header(screen)


async def test_metric_axis_and_help(compared):
    async with compared() as bench:
        screen = await ready(bench)
        await bench.pilot.press("t")
        assert screen.query_one("#compared", Chart).border_title == "ln of the standard deviation"
        await bench.pilot.press("T", "l")
        assert screen.query_one("#compared", Chart).border_title.endswith(" · log")
        await bench.settle()
        await bench.pilot.press("y")
        assert "A λ 0.1" in bench.app.clipboard
        assert bench.app._notifications
        await bench.pilot.press("question_mark")
        assert isinstance(bench.app.screen, HelpDialog)
        await bench.pilot.press("escape", "q")
        assert bench.app.return_value == 0


async def test_a_click_and_the_wheel_move_the_cursor(compared):
    async with compared() as bench:
        screen = await ready(bench)
        chart = screen.query_one("#compared", Chart)
        await bench.until(lambda: chart.canvas is not None)
        area = chart.canvas.area
        await bench.pilot.click("#compared", offset=(area.left + area.width // 2 + 2, 5))
        await bench.settle()
        assert screen.cursor == pytest.approx(10, abs=1)
        before = screen.cursor
        chart.post_message(Chart.Pointed(chart, 0, 0, 1))
        await bench.settle()
        assert screen.cursor == before + 1


async def test_settings_scroll(compared):
    async with compared(size=(80, 24)) as bench:
        screen = await ready(bench)
        table = screen.query_one(SettingTable)
        first = table.text()
        table.focus()
        await bench.pilot.press("pagedown")
        assert table.text() != first
        await bench.pilot.press("pageup", "up")
        assert table.text() == first


async def test_a_run_that_goes_on_is_read_again(compared, pair):
    async with compared() as bench:
        screen = await ready(bench)
        assert main(["resume", str(pair[0]), "--generations", "12", "--quiet"]) == 0
        screen._look()
        await bench.until(lambda: values(screen)[0][-1] == "12")


async def test_a_wide_screen_shows_all_settings(compared):
    async with compared(size=(160, 50)) as bench:
        screen = await ready(bench)
        table = screen.query_one(SettingTable)
        assert len(table.text().split("\n")) > len(screen._comparison.differences)
        assert screen.query_one("#differences-pane").region.bottom == 49
