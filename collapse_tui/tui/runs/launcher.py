"""What the screen can start, from the real experiments, runner and run folders.

Nothing of the program is imported before it is asked for: the screen paints first.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collapse_tui.events import Event, Generation, Intervened, Started
from collapse_tui.tui.runs.descriptions import About, CannotStart, Entry, Knob, Parameter
from collapse_tui.tui.runs.stored_events import records
from engines.views.view import View

if TYPE_CHECKING:
    from collapse_tui.control import Control
    from collapse_tui.experiment.experiment import Experiment

GROUPS = {"vae": "neural", "lm": "neural"}
"""The picker's group by engine; everything else is statistics."""

MEGABYTE, GIGABYTE = 1e6, 1e9
PROBE_GENERATIONS = 5
PROBE_SECONDS = 1.0
"""How long an estimate may take before it says that it does not know."""


@dataclass(eq=False)
class Run:
    """An opened run."""

    experiment: "Experiment"
    control: "Control"
    folder: Path
    make: Callable[[], Iterator[Event]]
    called: str = ""

    def __post_init__(self) -> None:
        """Read off what the screen asks for."""
        one = self.experiment
        self.about = About(self.called or one.name, one.title, one.paper, one.figure, one.watch)
        self.generations = one.generations
        self.replicates = one.replicates
        self.metrics: Sequence[str] = one.metric_names
        self.interventions = tuple((item.at, item.settings) for item in one.interventions)
        knobs = one.knobs()
        self.knobs: Sequence[Knob] = tuple(
            Knob(knob.key, knob.value, knob.low, knob.high, knob.description) for knob in knobs
        )

    def with_theory(self, view: View, generation: int) -> View:
        """Return a view with the law that theory gives for its generation drawn in."""
        from collapse_tui.execution.overlays import with_theory

        return with_theory(view, self.experiment, generation)

    @property
    def events(self) -> Iterator[Event]:
        """The run; what is already on disk comes first, as if it happened now."""
        from collapse_tui.experiment.edit import with_intervention

        with refusing():
            for event in self.make():
                if isinstance(event, Intervened):
                    self.experiment = with_intervention(self.experiment, event.at, event.settings)
                yield event
                if isinstance(event, Started) and event.generation >= 0:
                    yield from records(self.folder, event.generation)


@dataclass(frozen=True)
class Launch:
    """Presets, saved runs, and new folders for runs.

    Attributes
    ----------
    runs : Path
        Where runs are saved.
    out : Path or None
        Folder of the run itself; those that fork from it get folders below `runs`.
    device : str
        What new runs compute on.
    """

    runs: Path
    out: Path | None = None
    device: str = "auto"

    def entries(self) -> Sequence[Entry]:
        """Return the presets by group, then the saved runs, the newest first."""
        import presets
        from collapse_tui.storage import saved_runs

        found = [_entry(name) for name in presets.names()]
        found.sort(key=lambda entry: entry.group != "statistics")
        kept = [
            Entry("saved runs", run.name, f"{run.state}, generation {max(0, run.last)}", run.path)
            for run in saved_runs(self.runs)
        ]
        return [*found, *kept]

    def about(self, name: str) -> tuple[About, Sequence[Parameter]]:
        """Return what a preset shows and the settings it takes."""
        from collapse_tui.experiment.claim import read_claims
        from collapse_tui.experiment.document import read
        from collapse_tui.experiment.loader import load
        from collapse_tui.experiment.schema import Top
        from engines.external.hub import MissingDownloadError

        with refusing():
            document = Top().model_dump() | read(name)[1]
            with suppress(MissingDownloadError):
                document = load(name).document
            claims = [claim.text for claim in read_claims(document.get("claims", []))]
        words = {key: str(document[key]) for key in ("title", "paper", "figure", "watch")}
        return About(name, **words, claims=claims), list(_parameters(document))

    def check(self, name: str, overrides: Mapping[str, str]) -> str:
        """Return what this run would be, with an estimate of its time and memory."""
        one = _load(name, overrides)
        from collapse_tui.experiment.capacity import needed_bytes

        memory = needed_bytes(one)
        plural = "s" if one.replicates > 1 else ""
        parts = [
            f"{one.generations:,} generations × {one.replicates:,} replicate{plural}",
            _estimate(one),
            f"{memory / MEGABYTE:,.0f} MB of memory" if memory >= MEGABYTE else "",
            _kept(one),
        ]
        return " · ".join(part for part in parts if part)

    def open(self, name: str, overrides: Mapping[str, str]) -> Run:
        """Return a new run in a folder of its own."""
        one = _load(name, overrides)
        from collapse_tui.control import Control
        from collapse_tui.execution.runner import run

        control, folder = Control(), self.out or self._folder(one.name)
        with refusing():
            events = run(one, folder=folder, control=control, device=self.device)
        return Run(one, control, folder, lambda: events)

    def resume(self, folder: Path) -> Run:
        """Return a saved run, going on where it stopped."""
        from collapse_tui.control import Control
        from collapse_tui.execution.runner import resume, stored_experiment
        from collapse_tui.storage import SavedRun

        control = Control()
        with refusing():
            one = stored_experiment(SavedRun.open(folder))
            events = resume(folder, control=control)
        return Run(one, control, folder, lambda: events)

    def check_fork(self, parent: Any, at: int, settings: Mapping[str, object]) -> None:
        """Refuse settings that a run cannot change to after generation `at`."""
        from collapse_tui.execution.runner import fork_experiment

        with refusing():
            fork_experiment(parent.experiment, at, settings)

    def fork(self, parent: Any, at: int, settings: Mapping[str, object]) -> Run:
        """Return a new run that shares the records 0 … `at` of another one."""
        from collapse_tui.control import Control
        from collapse_tui.execution.runner import fork, stored_experiment
        from collapse_tui.storage import SavedRun

        control, folder = Control(), self._folder(f"{parent.about.name}-fork{at}")
        with refusing():
            events = fork(parent.folder, at=at, settings=settings, out=folder, control=control)
            one = stored_experiment(SavedRun.open(folder))
        return Run(one, control, folder, lambda: events, parent.about.name)

    def _folder(self, name: str) -> Path:
        from collapse_tui.storage import new_run_folder

        return new_run_folder(self.runs, name)


@contextmanager
def refusing() -> Generator[None]:
    """Turn what the program says to its user into what the screen shows."""
    from engines.errors import CollapseError

    try:
        yield
    except CollapseError as refusal:
        raise CannotStart(str(refusal)) from refusal


def _load(name: str, overrides: Mapping[str, str]) -> "Experiment":
    from collapse_tui.experiment.document import parse_value
    from collapse_tui.experiment.loader import load

    with refusing():
        return load(name, **{key: parse_value(text) for key, text in overrides.items()})


def _entry(name: str) -> Entry:
    from collapse_tui.experiment.document import read

    try:
        with refusing():
            document = read(name)[1]
    except CannotStart as refusal:
        return Entry("statistics", name, str(refusal))
    return Entry(_group(document), name, str(document.get("title", "")))


def _group(document: Mapping[str, Any]) -> str:
    return GROUPS.get(str(document.get("engine", {}).get("name")), "statistics")


def _parameters(document: Mapping[str, Any]) -> Iterator[Parameter]:
    for key in ("generations", "replicates", "seed"):
        yield Parameter(key, str(document[key]))
    for table in ("schedule", "policy", "engine", "source"):
        for key, value in document.get(table, {}).items():
            if isinstance(value, (bool, int, float, str)):
                text = str(value).lower() if isinstance(value, bool) else str(value)
                yield Parameter(f"{table}.{key}", text)


def _kept(experiment: "Experiment") -> str:
    """Return what the networks that are kept will take of the disk."""
    size = experiment.weight_bytes()
    if not size:
        return ""
    amount = f"{size / GIGABYTE:,.1f} GB" if size >= GIGABYTE else f"{size / MEGABYTE:,.1f} MB"
    return f"networks kept: {amount} of disk"


def _estimate(experiment: "Experiment") -> str:
    """Return how long the run takes at full speed, by trying its first generations."""
    from collapse_tui.execution.runner import run

    if experiment.weight_bytes():
        # Its first generations train networks: that is not for a look at the list.
        return "its time is known once it runs"
    started = done = 0.0
    for event in run(experiment):
        if not isinstance(event, Generation):
            continue
        if event.generation == 0:
            started = time.monotonic()
            continue
        done = (time.monotonic() - started) / event.generation
        if event.generation >= PROBE_GENERATIONS or time.monotonic() - started > PROBE_SECONDS:
            break
    seconds = done * experiment.generations
    if seconds < 1:
        return "under a second at full speed"
    return f"about {seconds:,.0f} s at full speed"
