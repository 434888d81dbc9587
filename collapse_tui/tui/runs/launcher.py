"""Everything that the screen can start: experiments, new runs, saved runs and forks.

Engines and storage are imported inside the functions that need them, because the first paint
of the screen must not wait for them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from collapse_tui.control import Control
from collapse_tui.events import Event, Generation, Intervened, Started
from collapse_tui.experiment.examination import Examination
from collapse_tui.presentation.diagnosis import Diagnosis, diagnose_scene
from collapse_tui.presentation.loop_words import LoopWords, describe_loop
from collapse_tui.presentation.published_values import read_published_values
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import MOST_ROWS, stride_of
from collapse_tui.tui.runs.descriptions import (
    AS_STORED,
    WORDS,
    Entry,
    Resumption,
    describe_run,
    translate_errors,
)
from collapse_tui.tui.runs.examiner import Examiner, ProcessExaminer, Question
from engines.views.view import View

if TYPE_CHECKING:
    from collapse_tui.experiment.experiment import Experiment

MOST_STORED = 1000
"""A stored run of many records is shown by so many of them at most."""


@dataclass
class OpenRun:
    """A run that has been opened; it advances as its events are taken.

    Parameters
    ----------
    experiment : Experiment
    control : Control
        Where requests to the run are sent.
    folder : Path
    stream : iterator of Event
        From the runner.
    name : str
        Shown in place of the experiment's own name.
    watched : str
        Why nothing can be changed of a run that is only looked at, empty for one of this process.
    writer : str
        The other process that writes it, empty for none.

    Attributes
    ----------
    about : RunDescription
    generations, replicates : int
        G and R.
    metrics : sequence of str
        The most telling first.
    interventions : sequence of Intervention
        Changes of settings that are part of the experiment from the start.
    knobs : sequence of Knob
        Settings that can be changed while the run goes on.
    published : tuple of PublishedValue
        What was published of such a run, up to where its settings were changed.
    """

    experiment: "Experiment"
    control: Control
    folder: Path
    stream: Iterator[Event]
    name: str = ""
    watched: str = ""
    writer: str = ""

    def __post_init__(self) -> None:
        """Read what does not change with the settings."""
        start = self.experiment
        words = {key: str(getattr(start, key)) for key in WORDS}
        self.about = describe_run(self.name or start.name, words)
        self.generations = start.generations
        self.replicates = start.replicates
        self.metrics = start.metric_names
        self.interventions = start.interventions
        self.knobs = () if self.watched else start.knobs()
        self.published = read_published_values(start)

    def with_theory(self, view: View, generation: int) -> View:
        """Return a view with the law added that theory gives for its generation."""
        from collapse_tui.execution.overlays import with_theory

        return with_theory(view, self.experiment, generation)

    def loop(self, generation: int) -> LoopWords:
        """Return the loop in words, with the settings in force at a generation."""
        now, at = self.experiment, max(1, generation)
        return describe_loop(
            now.source, now.setup(at), now.setup(1), at, now.real_size, self.replicates
        )

    def diagnose(self, scene: Scene) -> Diagnosis:
        """Return the diagnosis of the generation shown, in words."""
        setup = self.experiment.setup(max(1, scene.generation))
        return diagnose_scene(scene, self.experiment.source, setup)

    @property
    def events(self) -> Iterator[Event]:
        """The events of the run; records that are already on disk come first."""
        from collapse_tui.experiment.edit import with_intervention

        with translate_errors():
            for event in self.stream:
                if isinstance(event, Intervened):
                    self.experiment = with_intervention(self.experiment, event.at, event.settings)
                    self._leave_publication(event)
                if isinstance(event, Started) and event.generation >= 0:
                    yield from self._with_stored(event)
                else:
                    yield event

    def _leave_publication(self, change: Intervened) -> None:
        """Forget what was published of generations after a change of settings."""
        if self.experiment.changes_at(change.at):
            self.published = tuple(
                value for value in self.published if value.generation < change.at
            )

    def _with_stored(self, start: Started) -> Iterator[Event]:
        """Yield the start of a stored run, and its records, or evenly spaced ones of many."""
        last = start.generation
        if last < MOST_ROWS:
            yield start
            yield from self._read_stored(range(last + 1))
            return
        picked = [*range(0, last, stride_of(last, MOST_STORED)), last]
        note = f"{len(picked):,} of {last + 1:,} stored records are shown, evenly spaced"
        yield replace(start, notes=(*start.notes, note))
        yield from self._read_stored(picked)

    def _read_stored(self, picked: Sequence[int]) -> Iterator[Generation]:
        """Yield some records, without the numbers of single replicates."""
        from collapse_tui.storage.errors import DamagedRunError
        from collapse_tui.storage.saved import SavedRun

        saved = SavedRun.open(self.folder)
        whole = isinstance(picked, range)
        for record in saved.records(0, len(picked)) if whole else saved.pick(picked):
            if self.control.stop_requested:
                return
            n = int(record["generation"])
            stage, flags = record.get("stage", {}), record.get("flags", {})
            view = None
            with suppress(DamagedRunError):  # `runs check` names it; no number needs it
                view = saved.view(n)
            yield Generation(n, {}, record["summary"], stage, flags, view)


@dataclass(frozen=True)
class Launcher:
    """Lists presets and saved runs, and opens runs. Any method may be slow: use workers.

    Attributes
    ----------
    runs : Path
        Where runs are saved.
    out : Path or None
        Folder of the first run itself; its forks get folders below `runs`.
    device : str
        What new runs compute on.
    replace : bool
        Whether a run that is in `out` is deleted once the new one can start.
    """

    runs: Path
    out: Path | None = None
    device: str = "auto"
    replace: bool = False

    def entries(self) -> Sequence[Entry]:
        """Return the presets by group, then the saved runs, the newest first."""
        from collapse_tui.tui.runs.entries import list_entries

        return list_entries(self.runs)

    def picture(self, entry: Entry) -> Scene | None:
        """Return the run that the picker draws beside an entry: as shipped, else the newest own."""
        from collapse_tui.tui.runs.pictures import find_picture

        return find_picture(entry, self.runs)

    def examiner(
        self,
        on_answer: Callable[[Question, Examination], object],
        on_lacking: Callable[[Mapping[str, str]], object],
    ) -> Examiner:
        """Return what answers what runs would be, in a process of its own.

        Parameters
        ----------
        on_answer : callable
            Gets each question and its answer, in another thread.
        on_lacking : callable
            Gets the presets that lack their model or data, name → what to type.
        """
        return ProcessExaminer(self.device, on_answer, on_lacking)

    def open(self, name: str, settings: Mapping[str, object], device: str | None = None) -> OpenRun:
        """Return a new run in a folder of its own, on a device of its own where one is named."""
        experiment = _load(name, settings)
        from collapse_tui.execution.runner import run

        control, folder = Control(), self.out or self._new_folder(experiment.name)
        with translate_errors():
            events = run(
                experiment, folder=folder, control=control, device=device or self.device,
                replace=self.replace and self.out is not None,
            )  # fmt: skip
        return OpenRun(experiment, control, folder, events)

    def resume(self, folder: Path, how: Resumption = AS_STORED) -> OpenRun:
        """Return a saved run that continues where it stopped."""
        from collapse_tui.execution.runner import resume
        from collapse_tui.execution.stored_end import continued_experiment
        from collapse_tui.storage.saved import SavedRun

        control = Control()
        with translate_errors():
            saved = SavedRun.open(folder)
            last = saved.last if how.start is None else how.start
            experiment = continued_experiment(saved, how.generations, last, how.stop)[0]
            events = resume(
                folder, generations=how.generations, from_generation=how.start, stop=how.stop,
                device=how.device, control=control,
            )  # fmt: skip
        return OpenRun(experiment, control, folder, events)

    def check_fork(self, parent: OpenRun, at: int, settings: Mapping[str, object]) -> None:
        """Check that a fork of `parent` after generation `at` can have these settings.

        Raises
        ------
        CannotStart
            The message says why in one sentence.
        """
        from collapse_tui.execution.runner import fork_experiment

        with translate_errors():
            fork_experiment(parent.experiment, at, settings)

    def fork(self, parent: OpenRun, at: int, settings: Mapping[str, object]) -> OpenRun:
        """Return a new run that equals `parent` up to generation `at` and then differs."""
        from collapse_tui.execution.runner import fork
        from collapse_tui.execution.stored_experiment import stored_experiment
        from collapse_tui.storage.saved import SavedRun

        name = parent.about.name
        control, folder = Control(), self._new_folder(f"{name}-fork{at}")
        with translate_errors():
            events = fork(parent.folder, at=at, settings=settings, out=folder, control=control)
            experiment = stored_experiment(SavedRun.open(folder))
        return OpenRun(experiment, control, folder, events, name)

    def _new_folder(self, name: str) -> Path:
        from collapse_tui.storage.catalogue import new_run_folder

        return new_run_folder(self.runs, name)


def _load(name: str, settings: Mapping[str, object]) -> "Experiment":
    from collapse_tui.experiment.loader import load

    with translate_errors():
        return load(name, **settings)
