"""Real saved runs and the list of them; a form with a field of each kind."""

import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import presets
from collapse_tui.cli import main
from collapse_tui.experiment.examination import Examination
from collapse_tui.experiment.form_field import FormField
from collapse_tui.presentation.sketch import read_sketch, to_scene
from collapse_tui.tui.first_screen import list_screen
from collapse_tui.tui.runs.examiner import Question
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.runs import RunsScreen

Open = Callable[..., AbstractAsyncContextManager]
RUNS = {
    "alpha": ("shumailov", "policy.fresh=0.1", "6"),
    "beta": ("shumailov", "policy.fresh=0.2", "8"),
    "gamma": ("borkar", 'metrics.names=["heterozygosity", "tv"]', "4"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with three finished runs: the last one is the newest."""
    folder = tmp_path_factory.mktemp("runs")
    for name, (preset, setting, generations) in RUNS.items():
        arguments = ["--preset", preset, "--set", setting, "--generations", generations]
        small = ["--replicates", "3", "--set", "schedule.size=20", "--quiet"]
        assert main(["batch", *arguments, *small, "--out", str(folder / name)]) == 0
    return folder


@pytest.fixture
def runs(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of them, and a user whose pins are kept here."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Path(shutil.copytree(made, tmp_path / "runs"))


@pytest.fixture
def listed(start: Callable[..., AbstractAsyncContextManager], runs: Path) -> Open:
    """Return what opens the list of these runs, read to the end."""

    @asynccontextmanager
    async def opened(*, folder: Path = runs, count: int = 3, **options) -> AsyncGenerator:
        async with start(None, launcher=Launcher(folder), first=list_screen(), **options) as bench:
            bench.runs, bench.seen = bench.app.screen, partial(seen, bench)
            assert isinstance(bench.runs, RunsScreen)
            await bench.until(lambda: bench.runs._complete and len(bench.runs._rows) == count)
            # the cursor stays on the run that was read first, whichever that is
            await bench.pilot.press("home")
            await seen(bench)
            yield bench

    return opened


async def seen(bench) -> None:
    """Wait until what the list shows of its runs is on the screen."""
    screen = bench.runs
    wanted = [row.path for row in screen._shown_rows()]
    panes = screen.query_one("#run-panes")
    await bench.until(lambda: [one.path for one in panes._previews] == wanted)
    await bench.settle()


FIELDS = (
    FormField("generations", "value", 300, "how often the model is refitted"),
    FormField("engine.bandwidth", "mixed", 0.5, "its scale", {"scott": "", "silverman": ""}),
    FormField("engine.kernel", "choice", "gaussian", "kernel", {"gaussian": "", "tophat": "box"}),
    FormField("source.redraw", "switch", True, "draw a D_0 of its own"),
    FormField(
        "source.components", "rows", [{"family": "normal", "weight": 1, "mean": 0.0}],
        "the laws that are mixed", {},
        (
            FormField("family", "choice", None, "law", {"normal": "", "uniform": ""}),
            FormField("weight", "value", None, "relative weight"),
            FormField("mean", "value", None, "mean of a normal component"),
            FormField("low", "value", None, "lower end of a uniform component"),
        ),
        ("family", {"normal": ("mean",), "uniform": ("low",)}),
    ),
    FormField(
        "metrics.names", "names", ["w1", "mean"], "what is measured",
        {"mean": "mean of model n", "kl": "in nats", "w1": "distance to the source"},
    ),
)  # fmt: skip


CLAIMS = ("The mean stays.", "The tails go.")


def examine(self: Any, question: Question) -> Examination:
    """Refuse negative numbers, and what lacks its data."""
    if question.preset in self.lacking:
        said = f"the data are missing; `{self.lacking[question.preset]}` fetches them"
        return Examination(FIELDS, refusal=said, lacks_data=True)
    for key, value in question.settings.items():
        if isinstance(value, int) and value < 0:
            return Examination(FIELDS, refusal=f"{key} must be at least 0, got {value}", at=key)
    return Examination(FIELDS, CLAIMS, "300 generations × 20 replicates · about 6 s")


@pytest.fixture(autouse=True)
def _fields(fake_launcher: type) -> None:
    fake_launcher.examine = examine
    fake_launcher.scene = to_scene(
        read_sketch(presets.sketch_path("borji").read_text(encoding="utf-8"))
    )
