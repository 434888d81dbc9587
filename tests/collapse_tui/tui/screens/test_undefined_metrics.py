"""A metric that has no number yet says so in the place of its chart."""

from dataclasses import replace

import numpy as np
import pytest

from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot


def shown(scene: Scene) -> str:
    text = to_plain_text(draw(metric_chart(scene, "kl"), 60, 14), PALETTES["plain"])
    return " ".join(text.split())


def scene_of(values: list[float], flag: str = "", **options) -> Scene:
    """Return a scene of a metric with one value a generation."""
    series = {"kl": np.repeat(np.array(values)[:, None], len(STATISTICS), axis=1)}
    flags = [{"kl": flag} if flag else {} for _ in values]
    snapshot = Snapshot(
        phase="running", generation=len(values) - 1, generations=9, series=series, flags=flags
    )
    return Scene(snapshot, topics=("kl",), **options)


@pytest.mark.parametrize(
    ("flag", "replicates", "said"),
    [
        ("infinite in 20 of 20", 20, "undefined so far: infinite in 20 of 20"),
        ("infinite in 1 of 1", 1, "undefined so far: infinite"),
        ("undefined in 1 of 1", 1, "undefined so far"),
        ("", 20, "undefined so far"),
    ],
)
def test_why_there_is_no_number(flag, replicates, said):
    scene = scene_of([np.nan] * 4, flag, replicates=replicates)
    assert shown(scene) == said


def test_the_original_has_no_model():
    said = "undefined so far: generation 0 is the original, no model yet"
    assert shown(scene_of([np.nan], "undefined in 1 of 1")) == said
    assert shown(scene_of([np.nan], "infinite in 1 of 1")) == "undefined so far: infinite"


def test_one_number_is_enough_for_an_axis():
    scene = scene_of([np.nan, np.nan, 2.5], "infinite in 3 of 20")
    assert "undefined" not in shown(scene)
    assert "┤" in shown(scene)


def test_a_logarithmic_axis_says_what_it_cannot_show():
    scene = scene_of([-1.0, 0.0, -2.0], log=True)
    assert "nothing above 0" in shown(scene)
    assert "┤" in shown(replace(scene, log=False))


def test_before_the_first_record_there_is_no_axis():
    assert shown(scene_of([])) == "waiting for the first record"


async def test_it_is_seen_in_the_main_pane_and_in_the_table(start, fake_run, fake_launcher):
    class Undefined(fake_run):
        def record(self, n):
            record = super().record(n)
            nothing = dict.fromkeys(record.summary["w1"]) | {"n": 0}
            summary = {**record.summary, "w1": nothing, "mean": nothing}
            return replace(record, summary=summary, flags={"w1": "undefined in 20 of 20"})

    class Launcher(fake_launcher):
        def open(self, name, settings):
            run = super().open(name, settings)
            run.__class__ = Undefined
            return run

    async with start(launcher=Launcher(kind="states"), size=(140, 40)) as bench:
        bench.live.options.theory = False
        await bench.run_to(3)
        assert "undefined so far: undefined in 20 of 20" in " ".join(bench.text("#main").split())
        row = next(row for row in bench.text("#table").split("\n") if "W₁ to the real law" in row)
        assert row.split("law")[1].split()[:2] == ["–", "–"]
