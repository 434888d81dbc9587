"""Long generations and pictures on the command line: meter, events as JSON, show, SVG."""

import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from collapse_tui.cli import json_events, progress
from collapse_tui.events import Generation, Progress, Started
from collapse_tui.storage.saved import SavedRun
from engines.views.view import View

SMALL = ("batch", "--preset", "shumailov", "--set", "schedule.size=20", "--generations", "4")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def metered(monkeypatch: pytest.MonkeyPatch, out: io.StringIO) -> progress.Meter:
    """Return the meter of a run in the middle of its third generation, 2 s a step."""
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    monkeypatch.setattr(progress, "BAR_SECONDS", 0.0)
    monkeypatch.setattr(progress.sys, "stderr", out)
    monkeypatch.setenv("COLUMNS", "140")
    meter = progress.Meter("vae")
    meter.update(Started(-1, 10, None, "cpu"))
    values, summary = {"sd": np.array([0.7])}, {"sd": {"q50": 0.7}}
    for generation in range(3):
        now[0] += 20.0 * (generation > 0)
        meter.update(Generation(generation, values, summary, {}, {}))
    for step in (1, 2, 3):
        now[0] += 2.0
        meter.update(Progress(3, step / 10, f"epoch {step} of 10, loss 3.1"))
    return meter


def test_lines_say_what_a_long_generation_does(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    metered(monkeypatch, out).close()
    last = out.getvalue().splitlines()[-1]
    assert last.startswith("vae: generation 2/10, ")
    assert "sd 0.7" in last
    assert "in generation 3 30% (14 s left): epoch 3 of 10, loss 3.1" in last


def test_the_bar_moves_within_a_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    meter = metered(monkeypatch, out)
    assert meter._display._progress.tasks[0].completed == pytest.approx(2.3)
    meter.close()
    text = out.getvalue()
    assert "2/10" in text
    assert "30% (14 s left): epoch 3 of 10" in text


def test_a_quick_generation_says_nothing_of_its_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    monkeypatch.setattr(progress.sys, "stderr", out)
    meter = progress.Meter("run")
    meter.update(Started(-1, 5, None, "cpu"))
    two = {"w1": np.array([1.0, 3.0])}
    meter.update(Generation(0, two, {"w1": {"q50": 2.0}}, {}, {}))
    assert "w1 median 2" in out.getvalue()
    assert "in generation" not in out.getvalue()


def test_progress_is_an_event_of_its_own() -> None:
    line = json.loads(json_events.encode_event(Progress(3, 0.25, "epoch 1 of 4")))
    assert line == {
        "event": "progress", "generation": 3, "fraction": 0.25, "message": "epoch 1 of 4",
    }  # fmt: skip


def pictured(n: int) -> View:
    grey = np.linspace(0, 1, 64).reshape(1, 8, 8).repeat(5, axis=0)
    edges = np.linspace(-4, 4, 21)
    shares = np.exp(-(np.linspace(-3, 3, 22) ** 2))
    arrays = {"real": grey, "now": grey[:, ::-1], "latent_edges": edges, "latent_real": shares,
              "latent_now": shares / (n + 1), "classes_real": np.full(3, 1 / 3),
              "classes_now": np.array([1.0, 0.0, 0.0])}  # fmt: skip
    return View("images", arrays, {"images": "5 of 9 images shown", "latent": "means"})


@pytest.fixture
def run_of_pictures(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> str:
    assert cli(*SMALL, "--out", "pictured").code == 0
    monkeypatch.setattr(SavedRun, "view", lambda _, generation: pictured(generation))
    return "pictured"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_show_prints_images_latents_and_what_is_left_out(cli, run_of_pictures) -> None:
    out = cli("show", run_of_pictures).out
    assert "generation 4, run 1 of" in out
    assert "gen 4" in out
    assert "classes" in out
    assert "5 of 9 images shown" in out
    assert "means" not in out.splitlines()


def test_export_draws_a_picture_and_keeps_what_is_there(cli, run_of_pictures, tmp_path) -> None:
    assert cli("export", run_of_pictures, "one.svg").code == 0
    text = (tmp_path / "one.svg").read_text()
    assert text.startswith("<svg ")
    for words in (">real<", ">generation 4<", "classes alive", 'fill="#ffffff"', "risk: W₂²"):
        assert words in text
    assert "already exists" in cli("export", run_of_pictures, "one.svg").err
    refused = cli("export", run_of_pictures, "one.bmp")
    assert refused.code == 2
    assert ".svg" in refused.err
