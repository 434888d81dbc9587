"""Made-up runs with the shape of real ones, and an application on them that stands still."""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from textual import events
from textual.pilot import Pilot

from collapse_tui.control import Control
from collapse_tui.events import Curve, Event, Failed, Finished, Generation, Intervened, Started
from collapse_tui.experiment.examination import Examination
from collapse_tui.experiment.knobs import Knob
from collapse_tui.presentation.published_values import PublishedValue
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.tui.app import CollapseApp
from collapse_tui.tui.runs.descriptions import CannotStart, Entry, RunDescription
from collapse_tui.tui.runs.examiner import Question
from collapse_tui.tui.runs.group import RunGroup
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.widgets.bars import HeaderBar
from collapse_tui.tui.widgets.panes import Pane
from collapse_tui.tui.widgets.strips import StripView
from engines.views.strip import cell_weights, strip_arrays
from engines.views.view import View
from tests.collapse_tui.tui.fake_examiner import FakeExaminer

ABOUT = RunDescription(
    "borji",
    "KDE refitted on its own samples",
    "Borji, A Note on Shumailov et al. (2024)",
    "Fig. 2",
    "the variance grows by the kernel's in every generation and never comes back.",
)
KNOBS = (
    Knob("policy.fresh", 0.0, 0.0, 1.0, "share of original data in each generation",
         "λ", "real data", "real data in each generation", 1),
    Knob("engine.bandwidth", 0.5, 0.0, None, "width of the kernel",
         "h", "bandwidth", "kernel bandwidth", 3),
    Knob("schedule.size", 1000, 1, None, "points in each generation",
         "M", "samples", "samples a generation", 2),
    Knob("engine.kernel", "gaussian", brief="kernel", choices=("gaussian", "tophat", "cosine")),
    Knob("policy.counts", "iid", choices=("iid", "fixed")),
    Knob("seed", 1, 0, None, "stream of random numbers from here on"),
)  # fmt: skip
METRICS = ("w1", "variance", "kl_shared_bins", "kl_as_published", "tail_mass", "mean")


class FakeControl(Control):
    """Requests, of which one is refused."""

    def set(self, settings: Mapping[str, Any]) -> None:
        """Keep settings for the next step."""
        if "source.name" in settings:
            raise ValueError("source.name cannot change while a run goes on")
        super().set(settings)


class FakeRun:
    """Drifting numbers by generation, a function of the seed alone."""

    about = ABOUT
    metrics: Sequence[str] = METRICS
    knobs: Sequence[Knob] = KNOBS
    watched = writer = ""
    interventions: Sequence[tuple[int, Mapping[str, object]]] = ()
    published: tuple[PublishedValue, ...] = ()
    made_views: ClassVar[Mapping[str, Callable[[int], View]]] = {}
    made_words: ClassVar[Any] = None

    def __init__(
        self, generations: int = 60, replicates: int = 20, kind: str = "histogram",
        fail_at: int | None = None, at: int | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> None:  # fmt: skip
        self.generations = generations
        self.replicates = replicates
        self.kind = kind
        self.fail_at = fail_at
        self.control = FakeControl()
        self.fork = (at, settings)
        self.fresh = 0.0

    def with_theory(self, view: View, generation: int) -> View:
        """Return the view as it is."""
        del generation
        return view

    def loop(self, _generation: int) -> Any:
        """Return the loop, with the share of real data in force now."""
        return self.made_words.loop(self.fresh, self.replicates)

    def diagnose(self, scene: object) -> Any:
        """Return a diagnosis of the shape of a real one."""
        return self.made_words.diagnose(scene)

    @property
    def events(self) -> Iterator[Event]:
        """The run."""
        yield Started(
            -1, self.generations, Path("/runs/borji-fake"), "cpu", curves(self.generations)
        )
        for generation in range(self.generations + 1):
            if self.control.stop_requested:
                yield Finished(generation - 1, Path("/runs/borji-fake"), "stopped")
                return
            if generation == self.fail_at:
                yield Failed(generation, "scatter became singular", Path("/runs/borji-fake"))
                return
            at, settings = self.fork
            if at is not None and generation == at + 1:
                self.control.set(settings or {})
            if changed := self.control.take_settings():
                self.fresh = float(changed.get("policy.fresh", self.fresh))
                yield Intervened(generation, changed)
            yield self.record(generation)
        yield Finished(self.generations, Path("/runs/borji-fake"))

    def record(self, n: int) -> Generation:
        """Return one record."""
        draw = np.random.Generator(np.random.PCG64([7, n]))
        growth = 3 * (1 - np.exp(-n / (0.2 * self.generations))) * (1 - self.fresh)
        w1 = growth * (1 + 0.1 * draw.normal(size=self.replicates)) + 0.02
        metrics = {
            "w1": w1,
            "variance": 1 + w1**2,
            "kl_shared_bins": np.where(w1 > 0.5, w1**2 / 4, 0.05) + 0.01 * draw.random(w1.size),
            "kl_as_published": np.where(np.arange(w1.size) % 7 == 0, np.inf, w1 / 3),
            "tail_mass": np.clip(0.02 + 0.1 * w1, 0, 1),
            "mean": 0.1 * draw.normal(size=w1.size),
        }
        summary = {name: summarised(values) for name, values in metrics.items()}
        wide = int(min(self.replicates, n * 40 // self.generations))
        stage = {"stable": self.replicates - wide, "dispersing": wide}
        flags = {"kl_as_published": "infinite in 3 of 20"}
        return Generation(n, metrics, summary, stage, flags, self.view(n, draw))

    def view(self, n: int, draw: np.random.Generator) -> View:
        """Return what the generation looks like."""
        if self.kind in self.made_views:
            return self.made_views[self.kind](n)
        if self.kind == "states":
            real = 1 / np.arange(1, 31)
            now = real * draw.gamma(4, size=30) * (draw.random(30) > 0.6 * n / self.generations)
            arrays = {"real": real / real.sum(), "now": now / now.sum(), "values": np.arange(30.0)}
            strip = strip_arrays(arrays["now"] if n else arrays["real"], -0.5, 29.5)
            return View("states", {**arrays, **strip}, {}, "states")
        edges, sd = np.linspace(-8, 8, 81), np.sqrt(1 + 4 * n / self.generations)
        centres = (edges[1:] + edges[:-1]) / 2
        law = np.exp(-(centres**2) / (2 * sd**2))
        law /= law.sum()
        real = (
            np.histogram(np.random.Generator(np.random.PCG64(1)).normal(size=20000), edges)[0]
            / 20000
        )
        now = np.histogram(draw.normal(size=20000) * sd, edges)[0] / 20000
        arrays = {
            "edges": edges,
            "real": np.r_[0, real, 0],
            "now": np.r_[(1 - now.sum()) / 2, now, (1 - now.sum()) / 2],
            "law": law,
            "theory": np.empty(0),
            **strip_arrays(cell_weights(80) @ np.r_[0, law, 0], -8.0, 8.0),
        }
        return View("histogram", arrays, {"points": "20,000 points drawn"}, "density")


def summarised(values: np.ndarray) -> dict[str, float | int | None]:
    """Return the summary of one metric."""
    finite = values[np.isfinite(values)]
    quantiles = np.quantile(finite, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
    names = ("q05", "q25", "q50", "q75", "q95")
    return {"n": finite.size, "mean": float(finite.mean()), "var": float(finite.var(ddof=1)),
            **dict(zip(names, quantiles, strict=True))}  # fmt: skip


def curves(generations: int) -> tuple[Curve, ...]:
    """Return three laws."""
    n = np.arange(generations + 1)
    w1 = 3 * (1 - np.exp(-n / (0.2 * generations))) + 0.02
    source = "A. Borji, 2024, arXiv:2410.12954, eq. 3"
    return (
        Curve("kde.w1", "exact mean", "w1", "mean", "exact", w1, (0.1 * w1) ** 2, source),
        Curve(
            "kde.limit", "limit M→∞", "w1", "limit", "limit", np.full(n.size, 3.02), None, source
        ),
        Curve("kde.var", "1 + w1²", "variance", "mean", "published", 1 + w1**2, None, source),
    )


class FakeLauncher:
    """Presets that are not there."""

    scene: ClassVar[Scene | None] = None

    def __init__(self, **run: object) -> None:
        self.run = run
        self.opened: list[FakeRun] = []
        self.lacking: dict[str, str] = {}

    def entries(self) -> Sequence[Entry]:
        """Return five lines."""
        return (
            Entry("kernels", "borji", ABOUT.title, about="width grows", run=ABOUT, spark="▁▃█"),
            Entry("tails", "shumailov", "a Gaussian loses its tails", about="rare is lost"),
            Entry("tails", "zipf", "rare words die first", about="rare is lost"),
            Entry("networks", "vae", "digits melt", about="images and text"),
            Entry("saved runs", "borji-20261121-0931-ab12", "gen 120/300", Path("/runs/b")),
        )

    def examine(self, _question: Question) -> Examination:
        """Say the same of all."""
        return Examination(estimate="300 generations")

    def picture(self, entry: Entry) -> Scene | None:
        """Return the same for all presets but the networks."""
        return self.scene if entry.group != "networks" else None

    def examiner(self, on_answer, on_lacking) -> FakeExaminer:
        """Return one that answers at once."""
        return FakeExaminer(self, on_answer, on_lacking)

    def open(self, name, _settings, device=None) -> FakeRun:
        """Return a fake run."""
        if name == "missing":
            raise CannotStart("no preset is called 'missing' (did you mean 'borji'?)")
        self.opened.append(FakeRun(**self.run))
        return self.opened[-1]

    def resume(self, folder: Path) -> FakeRun:
        """Return a fake run."""
        return self.open(folder.name, {})

    def check_fork(self, _parent, _at: int, settings: Mapping[str, object]) -> None:
        """Refuse what `fork` refuses."""
        if "impossible" in settings.values():
            raise CannotStart("policy.fresh must be a number, got 'impossible'")

    def fork(self, parent, at: int, settings: Mapping[str, object]) -> FakeRun:
        """Return a run that differs after `at`."""
        self.check_fork(parent, at, settings)
        self.opened.append(FakeRun(**self.run, at=at, settings=settings))
        return self.opened[-1]


class Bench:
    """An application on fake runs that moves only when it is told to.

    Sessions begin paused at generation 0, as fast as they can, with a clock that stands
    still: what the screen shows depends on the keys alone.
    """

    def __init__(self, app: CollapseApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def live(self) -> LiveScreen:
        """The live screen."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, LiveScreen))

    @property
    def snapshot(self) -> Snapshot:
        """The newest run."""
        return self.live.runs.newest.snapshot

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for a worker to bring something about."""
        for _ in range(1000):
            if holds():
                return
            await self.pilot.pause(0.005)
        raise AssertionError("it never came about")

    async def settle(self, generation: int | None = None) -> None:
        """Wait for a generation, then until everything is on the screen."""
        if generation is not None:
            await self.until(lambda: self.snapshot.generation == generation)
        for screen in self.app.screen_stack:
            if isinstance(screen, LiveScreen):
                screen.tick()
        await self.pilot.pause()
        assert await asyncio.to_thread(self.app.renderer.drain)
        await self.pilot.pause()

    async def press(self, *keys: str, generation: int | None = None) -> None:
        """Press keys and wait for what follows."""
        await self.pilot.press(*keys)
        await self.settle(generation)

    async def run_to(self, generation: int) -> None:
        """Compute generations up to this one."""
        self.live.runs.newest.pace.step(generation - self.snapshot.generation)
        await self.settle(generation)

    async def wheel(
        self, selector: str, step: int, offset: tuple[int, int] = (1, 0), *, ctrl: bool = False
    ) -> None:
        """Turn the wheel up (-1) or down (1) over a cell of a widget."""
        kind = events.MouseScrollUp if step < 0 else events.MouseScrollDown
        place = {"offset": offset, "control": ctrl}
        await self.pilot._post_mouse_events([kind], selector, **place)
        await self.settle()

    async def move_pointer(self, selector: str, offset: tuple[int, int]) -> None:
        """Move the pointer over a cell of a widget, without pressing a button."""
        await self.pilot._post_mouse_events([events.MouseMove], selector, offset=offset)
        await self.settle()

    def text(self, selector: str) -> str:
        """Return what a painted widget shows."""
        return self.live.query_one(selector, StripView).text()

    def edge(self, pane: str) -> str:
        """Return the status line of a pane."""
        return self.live.query_one(f"#{pane}-pane", Pane).edge.text()

    def header(self) -> str:
        """Return the header."""
        return self.live.query_one(HeaderBar).text()


@pytest.fixture(autouse=True)
def _made(made_views: Mapping[str, Callable[[int], View]], made_words: object) -> None:
    FakeRun.made_views, FakeRun.made_words = made_views, made_words


Start = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make sessions move only when they are told to."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")

    def new_session(_screen: object, open_run: Any, *, free_until: int = 0) -> Session:
        return Session(
            open_run, paused=True, free_until=free_until, clock=lambda: 0.0, rate=math.inf
        )

    monkeypatch.setattr(RunGroup, "new_session", new_session)


@pytest.fixture
def start(still: None) -> Start:
    """Return what starts the application: ``async with start(...) as bench``."""
    del still

    @asynccontextmanager
    async def started(
        preset: str | None = "borji",
        *,
        size: tuple[int, int] = (100, 30),
        launcher: FakeLauncher | None = None,
        **options: Any,
    ) -> AsyncGenerator[Bench]:
        app = CollapseApp(launcher or FakeLauncher(), preset, **options)
        async with app.run_test(size=size, tooltips=False) as pilot:
            bench = Bench(app, pilot)
            if preset is not None:
                await bench.until(lambda: len(app.screen_stack) > 1)
                await bench.until(lambda: bench.snapshot.generation == 0 or bench.snapshot.over)
            await bench.settle()
            yield bench

    return started


@pytest.fixture
def fake_run() -> type[FakeRun]:
    """Return the class of made-up runs."""
    return FakeRun


@pytest.fixture
def fake_launcher() -> type[FakeLauncher]:
    """Return the class of made-up lists of presets."""
    return FakeLauncher
