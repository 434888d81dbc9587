"""The list of saved runs: what it shows, how it is sorted, filtered, grouped, marked."""

from textual.widgets import Input, OptionList

from collapse_tui.cli import main
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.tui.first_screen import list_screen
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.runs.pins import read_pins
from collapse_tui.tui.screens.dialogs import HelpDialog
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.run_dialogs import GroupDialog
from collapse_tui.tui.screens.runs import RunsScreen
from collapse_tui.tui.widgets.bars import HeaderBar
from collapse_tui.tui.widgets.panes import Pane
from collapse_tui.tui.widgets.setting_table import SettingTable


def names(bench) -> list[str]:
    return [row.name for row in bench.runs.table.rows]


def titles(bench) -> str:
    return bench.runs.table.text().split("\n")[0]


def header(bench) -> str:
    return bench.runs.query_one(HeaderBar).text()


def title(bench, pane: str) -> str:
    return bench.runs.query_one(f"#{pane}-pane", Pane).body.border_title


async def test_every_run_is_listed_the_newest_first(listed, runs):
    async with listed(size=(160, 50)) as bench:
        assert names(bench) == ["gamma", "beta", "alpha"]
        row = bench.runs.table.text().split("\n")[1]
        for words in ("gamma", "discrete", "4/4", "finished", "hete"):
            assert words in row
        assert "3 runs" in header(bench)
        assert str(runs) in header(bench)
        assert title(bench, "curve") == "heterozygosity · gamma"
        assert title(bench, "last-view") == "last view · gamma"
        assert "median" in bench.runs.query_one("#curve").text()
        assert "┃" in bench.runs.query_one("#strip").text()
        assert "policy.fresh" in bench.runs.query_one(SettingTable).text()


async def test_the_cursor_chooses_what_is_previewed(listed):
    async with listed() as bench:
        await bench.pilot.press("down")
        await bench.seen()
        assert title(bench, "curve") == "risk W₂² · beta"
        await bench.pilot.press("end")
        await bench.seen()
        assert title(bench, "curve").endswith("alpha")
        await bench.pilot.press("home", "pagedown", "up")
        assert bench.runs.table.chosen.name == "beta"


async def test_sorting_by_key_and_by_click(listed):
    async with listed(size=(80, 24)) as bench:
        assert "worked on ▾" in titles(bench)
        await bench.pilot.press("S")
        assert names(bench) == ["alpha", "beta", "gamma"]
        assert "worked on ▴" in titles(bench)
        await bench.pilot.press("s")
        assert "name ▴" in titles(bench)
        await bench.pilot.press("s")
        assert "gen ▾" in titles(bench)
        assert names(bench) == ["beta", "alpha", "gamma"]
        await bench.pilot.click("RunTable", offset=(titles(bench).index("status") + 2, 1))
        assert "status ▴" in titles(bench)
        await bench.pilot.click("RunTable", offset=(titles(bench).index("name") + 2, 1))
        await bench.pilot.click("RunTable", offset=(titles(bench).index("name") + 2, 1))
        assert names(bench) == ["gamma", "beta", "alpha"]


async def test_the_filter_takes_words_and_settings(listed):
    async with listed() as bench:
        await bench.pilot.press("slash", *"gaussian λ=0.2")
        await bench.until(lambda: names(bench) == ["beta"])
        assert "1 of 3 runs" in header(bench)
        await bench.pilot.press("enter")
        assert bench.runs.focused is bench.runs.table
        await bench.pilot.press("escape")
        assert len(names(bench)) == 3
        await bench.pilot.press("slash", *"zzz")
        await bench.until(lambda: names(bench) == [])
        assert "no run matches" in bench.runs.query_one("#table-pane", Pane).edge.text()
        await bench.pilot.press("escape")
        assert bench.runs.query_one("#runs-filter", Input).value == ""
        assert len(names(bench)) == 3


async def test_groups_by_a_setting(listed):
    async with listed() as bench:
        await bench.pilot.press("g")
        dialog = bench.app.screen
        assert isinstance(dialog, GroupDialog)
        options = dialog.query_one(OptionList)
        options.highlighted = dialog._keys.index("engine.name")
        await bench.pilot.press("enter")
        rows = bench.runs.table.text().split("\n")
        assert rows[1] == "engine.name discrete · 1 run"
        assert rows[3] == "engine.name gaussian · 2 runs"
        await bench.pilot.press("down")
        assert bench.runs.table.chosen.name == "beta"
        await bench.pilot.press("g", "home", "enter")
        assert "engine.name" not in bench.runs.table.text()


async def test_marked_runs_are_drawn_together_with_their_differences(listed):
    async with listed() as bench:
        await bench.pilot.press("down", "space", "space")
        await bench.seen()
        assert title(bench, "curve") == "risk W₂² · 2 marked runs"
        assert "A λ 0.2" in bench.runs.query_one("#curve").text()
        assert "2 marked" in bench.runs.query_one("#table-pane", Pane).edge.text()
        assert bench.runs.query_one("#strip").is_on_screen
        await bench.pilot.press("v")
        await bench.settle()
        assert bench.runs.query_one("#last-view").is_on_screen
        assert not bench.runs.query_one("#strip").is_on_screen
        await bench.pilot.press("v")
        await bench.settle()
        rows = bench.runs.query_one(SettingTable).text().split("\n")
        assert rows[0].split() == ["A", "B"]
        marked = {row.split()[1]: row.split()[2:] for row in rows if row.startswith("≠")}
        assert marked["policy.fresh"] == ["0.2", "0.1"]
        assert "replicates" not in marked
        await bench.pilot.press("escape")
        await bench.seen()
        assert bench.runs.arrangement.marks == []


async def test_marked_runs_are_drawn_by_a_metric_that_all_of_them_have(start, tmp_path):
    for name, metrics in (("first", '["mean","variance"]'), ("second", '["variance"]')):
        settings = ("--set", f"metrics.names={metrics}", "--generations", "3", "--replicates", "2")
        out = ("--out", str(tmp_path / "own" / name), "--quiet")
        assert main(["batch", "--preset", "shumailov", *settings, *out]) == 0
    async with start(None, launcher=Launcher(tmp_path / "own"), first=list_screen()) as bench:
        screen = bench.app.screen
        await bench.until(lambda: screen._complete)

        def title(pane: str) -> str:
            return screen.query_one(f"#{pane}-pane", Pane).body.border_title or ""

        await bench.pilot.press("end", "space", "home", "space")
        await bench.until(lambda: "2 marked" in title("curve"))
        assert title("curve") == "variance · 2 marked runs"
        assert title("strip").startswith("A · density")


async def test_metrics_change_in_table_and_preview(listed):
    async with listed() as bench:
        await bench.pilot.press("t", "t")
        await bench.seen()
        chosen = bench.runs.arrangement.metric
        assert chosen
        assert metric_words(chosen).short[:12] in titles(bench)
        assert title(bench, "curve") == f"{metric_words(chosen).short} · gamma"
        await bench.pilot.press("T", "T")
        assert bench.runs.arrangement.metric == ""


async def test_pins_stay_on_top_and_are_remembered(listed, runs):
    async with listed() as bench:
        await bench.pilot.press("end", "p")
        assert names(bench)[0] == "alpha"
        assert "◆" in bench.runs.table.text()
        await bench.until(lambda: read_pins() == {runs / "alpha"})
    async with listed() as bench:
        await bench.until(lambda: names(bench)[0] == "alpha")
        await bench.pilot.press("home", "p")
        await bench.until(lambda: read_pins() == frozenset())
        assert names(bench)[-1] == "alpha"


async def test_mouse(listed):
    async with listed() as bench:
        await bench.pilot.click("RunTable", offset=(9, 3))
        assert bench.runs.table.chosen.name == "beta"
        at = (
            bench.runs.table.text()
            .split("\n")
            .index(next(line for line in bench.runs.table.text().split("\n") if "alpha" in line))
        )
        await bench.pilot.click("RunTable", offset=(9, at + 1))
        assert bench.runs.table.chosen.name == "alpha"
        bench.runs.table.on_mouse_scroll_up()
        assert bench.runs.table.chosen.name == "gamma"
        column = bench.runs.query_one("KeyHints").text().index("mark")
        await bench.pilot.click("KeyHints", offset=(column + 1, 0))
        assert len(bench.runs.arrangement.marks) == 1
        await bench.pilot.click("RunTable", offset=(9, at + 1), times=2)
        await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))


async def test_help_and_small_terminals(listed):
    async with listed() as bench:
        await bench.pilot.press("question_mark")
        assert isinstance(bench.app.screen, HelpDialog)
        await bench.pilot.press("escape")
        await bench.pilot.resize_terminal(50, 15)
        await bench.pilot.pause()
        assert bench.runs.query_one("#too-small").is_on_screen


async def test_an_empty_folder_says_so(start, tmp_path):
    async with start(None, launcher=Launcher(tmp_path), first=list_screen()) as bench:
        await bench.until(lambda: bench.app.screen._complete)
        edge = bench.app.screen.query_one("#table-pane", Pane).edge
        await bench.until(lambda: "no runs here yet" in edge.text())
        await bench.pilot.press("enter", "space", "p", "d", "f", "t", "g", "c")
        assert isinstance(bench.app.screen, RunsScreen)


async def test_the_palette_has_every_action(listed):
    async with listed() as bench:
        found = {command.title for command in bench.app.get_system_commands(bench.runs)}
        assert {action.help for action in bench.runs.ACTIONS} <= found
