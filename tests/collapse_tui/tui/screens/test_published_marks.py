"""Published values on the live screen: marked, named, explained, and gone after a change."""

from collapse_tui.charts.palette import Colour
from collapse_tui.events import Generation
from collapse_tui.presentation.published_values import PublishedValue
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.widgets.metric_table import MetricTable

VALUES = (
    PublishedValue("w1", 10, 0.9, 0.9, "mean", "paper", "Fig. 3"),
    PublishedValue("w1", 50, 1.4, 1.4, "mean", "paper", "Fig. 3"),
)


async def test_the_value_reached_last_is_named_beside_its_mark(start, fake_run, monkeypatch):
    monkeypatch.setattr(fake_run, "published", VALUES)
    async with start(size=(120, 36)) as bench:
        await bench.run_to(20)
        canvas = bench.live.panes.chart("main").canvas
        assert canvas.has(Colour.PUBLISHED)
        text = bench.text("#main")
        assert "published mean 0.9 at 10" in text
        assert text.count("◇") == 2
        await bench.run_to(55)
        assert "published mean 1.4 at 50" in bench.text("#main")
        await bench.press("t")
        assert "◇" not in bench.text("#main"), "nothing was published of the next metric"


async def test_in_ascii_a_mark_is_ascii(start, fake_run, monkeypatch):
    monkeypatch.setattr(fake_run, "published", VALUES)
    async with start(size=(120, 36), marker="ascii") as bench:
        await bench.run_to(20)
        text = bench.text("#main")
        assert text.isascii()
        assert "+" in text
        assert " published mean 0.9 at 10" in text


async def test_help_and_definition_say_what_the_marks_are(start, fake_run, monkeypatch):
    monkeypatch.setattr(fake_run, "published", VALUES)
    async with start(size=(120, 36)) as bench:
        await bench.run_to(20)
        bench.live.query_one(MetricTable).focus()
        await bench.press("question_mark")
        said = " ".join(str(one.render()) for one in bench.app.screen.query("Static"))
        assert "◇ mean at generation 50: 1.4 (paper, Fig. 3)" in said
        await bench.press("escape")
        bench.live.panes.chart("main").focus()
        await bench.press("question_mark")
        said = " ".join(str(one.render()) for one in bench.app.screen.query("Static"))
        assert "Each ◇ marks what was published (paper: Fig. 3)." in " ".join(said.split())


def test_a_run_forgets_what_was_published_of_generations_after_a_change(tmp_path):
    opened = Launcher(tmp_path).open("kazdan", {"replicates": 3, "generations": 12})
    assert [one.generation for one in opened.published] == [1, 10, 10, 100]
    assert opened.published[0].low == 0.964
    for event in opened.events:
        if isinstance(event, Generation) and event.generation == 4:
            opened.control.set({"policy.fresh": 0.5})
    assert [one.generation for one in opened.published] == [1]
    assert opened.experiment.interventions
    again = Launcher(tmp_path).resume(opened.folder)
    list(again.events)
    assert [one.generation for one in again.published] == [1], "a stored run knows it too"
