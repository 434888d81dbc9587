"""The runs of one live screen: a run, and the forks beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from collapse_tui.charts.palette import RUN_LETTERS
from collapse_tui.events import Intervened
from collapse_tui.experiment.knobs import Knob, plain_words
from collapse_tui.presentation.shown_run import ShownRun
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.tui.runs.descriptions import CannotStart
from collapse_tui.tui.runs.launcher import Launcher, OpenRun
from collapse_tui.tui.runs.run_words import shown_runs
from collapse_tui.tui.runs.session import Fork, Session
from collapse_tui.tui.runs.setting_values import (
    format_setting,
    next_value,
    show_setting,
    slider_share,
)

MOST_RUNS = len(RUN_LETTERS)
"""Runs side by side at most; each has a letter and a colour, and holds a thread and memory."""


ROOM = "x takes the one shown off"


class Failure(NamedTuple):
    """A run that failed: what happened, and why."""

    title: str
    message: str


class RunGroup:
    """A run and its forks, which are paused, stepped and stopped together.

    Parameters
    ----------
    launcher : Launcher
    open_run : callable
        Opens the first run; called in its worker.
    rate : float or None
        Generations a second; None lets each run take about 20 s.

    Attributes
    ----------
    kept : bool
        Whether its runs are to be found again later.
    sessions : list of Session
        In the order in which they came.
    """

    def __init__(
        self, launcher: Launcher, open_run: Callable[[], OpenRun], rate: float | None = None
    ) -> None:
        self._launcher = launcher
        self._rate = rate
        self.kept = True
        self._failed: list[Session] = []
        self._ending: list[Session] = []
        self.sessions = [self.new_session(open_run)]
        self._order = [*self.sessions]

    def new_session(self, open_run: Callable[[], OpenRun], *, free_until: int = 0) -> Session:
        """Return a session that has not begun to run."""
        return Session(open_run, free_until=free_until, rate=self._rate)

    @property
    def selected(self) -> Session:
        """The run that is shown: the last one selected that has got as far as its fork."""
        ready = [one for one in self._order if one.snapshot.generation >= (one.forked_at or 0)]
        return ready[-1] if ready else self.sessions[0]

    @property
    def newest(self) -> Session:
        """The run that is shown."""
        return self.selected

    @property
    def snapshot(self) -> Snapshot:
        """The selected run as it stands."""
        return self.selected.snapshot

    def describe_runs(self) -> tuple[ShownRun, ...]:
        """Return all runs as they stand, in the order of their letters."""
        return shown_runs(self._lettered())

    def _lettered(self) -> list[Session]:
        return sorted(self.sessions, key=lambda one: one.letter)

    def select(self, session: Session) -> None:
        """Show this run."""
        self._order = [*(one for one in self._order if one is not session), session]

    def select_next(self, step: int) -> Session:
        """Show the run that is `step` further in the order of their letters, and return it."""
        ordered = self._lettered()
        at = ordered.index(self.selected) + step
        self.select(ordered[at % len(ordered)])
        return self.selected

    def find(self, letter: str) -> Session | None:
        """Return the run with a letter, None if there is none."""
        return next((one for one in self.sessions if one.letter == letter), None)

    def why_not_removed(self) -> str:
        """Return why the selected run cannot be taken off the screen, empty if it can."""
        return "it is the only run on the screen: q leaves it" if len(self.sessions) < 2 else ""

    def remove(self, session: Session) -> None:
        """Take a run off the screen; it saves its state and ends."""
        self._forget(session)
        self._ending.append(session)
        session.stop()

    def _forget(self, session: Session) -> None:
        self.sessions.remove(session)
        self._order = [one for one in self._order if one is not session]
        self._failed = [one for one in self._failed if one is not session]

    def take_ended(self) -> list[tuple[str, Snapshot]]:
        """Return letter and end of the runs removed whose state is saved since the last call."""
        ended = [one for one in self._ending if one.snapshot.over]
        self._ending = [one for one in self._ending if not one.snapshot.over]
        return [(one.letter, one.snapshot) for one in ended]

    @property
    def version(self) -> tuple[object, ...]:
        """A value that changes whenever a chart of any run changes, or another one is shown."""
        states = ((session.letter, session.snapshot.version) for session in self.sessions)
        return (self.selected.letter, *states)

    @property
    def over(self) -> bool:
        """Whether every run has ended."""
        return all(session.snapshot.over for session in self.sessions)

    @property
    def is_at_stake(self) -> bool:
        """Whether a run that is kept would be cut short if its screen were left now."""
        return self.kept and any(not one.snapshot.over and not one.watched for one in self.sessions)

    @property
    def knobs(self) -> Sequence[Knob]:
        """Settings of the selected run that can be changed while it goes on."""
        return self.selected.run.knobs if self.selected.run else ()

    def knob(self, key: str) -> Knob | None:
        """Return the knob of a setting, None if it cannot be changed here."""
        return next((knob for knob in self.knobs if knob.key == key), None)

    def why_no_knobs(self) -> str:
        """Return what to say where there are no knobs."""
        if self.selected.run is not None:
            return self.selected.run.watched or "nothing can be changed in this run"
        return "the run did not open" if self.snapshot.over else self.selected.why_no_changes

    def pause(self, *, paused: bool) -> list[Session]:
        """Pause all runs, or let them continue; return those for which this was a change."""
        changed = [session for session in self.sessions if session.pace.paused != paused]
        for session in changed:
            session.pace.pause(paused=paused)
        return changed

    def step(self) -> None:
        """Compute one more generation of every run."""
        for session in self.sessions:
            session.pace.step()

    def change_rate(self, sign: int) -> float:
        """Go to the next faster (1) or slower (-1) level; return it in generations a second."""
        rate = self._rate = self.selected.pace.change_level(sign)
        for session in self.sessions:
            if session is not self.selected:
                session.pace.set_rate(rate)
        return rate

    def take_failures(self) -> list[Failure]:
        """Return the failures since the last call; a fork that never started is removed."""
        failures: list[Failure] = []
        for session in list(self.sessions):
            snapshot = session.snapshot
            if snapshot.phase != "failed" or session in self._failed:
                continue
            self._failed.append(session)
            title = "the run failed" if snapshot.generation >= 0 else "the run cannot start"
            if session.forked_at is not None and snapshot.generation < session.forked_at:
                self._forget(session)
                title = "the fork cannot start"
            failures.append(Failure(title, snapshot.message))
        return failures

    @property
    def exit_code(self) -> int:
        """0 if the selected run was left in order, 1 if it failed, 2 if it could not start."""
        if self.snapshot.phase != "failed":
            return 0
        return 1 if self.snapshot.generation >= 0 else 2

    def stop(self) -> None:
        """Let every run save its state and end."""
        for session in self.sessions:
            session.stop()

    def change(self, settings: Mapping[str, object]) -> str:
        """Change settings of the selected run; return from when on they hold.

        Raises
        ------
        ValueError
            If the run refuses; the message says why.
        """
        refusal = self.selected.set(settings)
        if refusal:
            raise ValueError(refusal)
        return f"{self.describe_settings(settings)} · from gen {self.snapshot.generation + 1:,}"

    def describe_settings(self, settings: Mapping[str, object]) -> str:
        """Return settings in words: ``λ real data 20 %``."""
        texts: list[str] = []
        for key, value in settings.items():
            knob = self.knob(key)
            shown = show_setting(knob, value) if knob else format_setting(value)
            texts.append(f"{knob.label if knob else plain_words(key)} {shown}")
        return ", ".join(texts)

    def withdraw(self) -> str:
        """Take back the last change that the selected run has not taken; return what it was."""
        withdrawn = self.selected.withdraw()
        if not withdrawn:
            return ""
        values = {
            key: self.selected.value_of(knob) for key in withdrawn if (knob := self.knob(key))
        }
        return f"{self.describe_settings(values or withdrawn)} · as before"

    def last_change(self) -> Intervened | None:
        """Return the last change of settings that a step of the selected run has used."""
        snapshot = self.snapshot
        upcoming = snapshot.generation + 1
        used = [change for change in snapshot.interventions if change.at <= upcoming]
        return max(used, key=lambda change: change.at, default=None)

    def describe_change(self, change: Intervened) -> str:
        """Return all that changed from the step of a change on."""
        settings: dict[str, object] = {}
        for one in self.snapshot.interventions:
            if one.at == change.at:
                settings |= one.settings
        return self.describe_settings(settings)

    def turn(self, key: str, sign: int) -> str:
        """Change a setting to its next value up (1) or down (-1); return what came of it.

        Raises
        ------
        ValueError
            If the run refuses; the message says why.
        """
        knob = self.knob(key)
        if knob is None:
            opening = self.selected.run is None
            return self.why_no_knobs() if opening else f"this run has no setting {key}"
        value = next_value(knob, self.selected.value_of(knob), sign)
        if value is not None:
            return self.change({key: value})
        stuck = slider_share(knob, self.selected.value_of(knob)) is None
        return f"{knob.label}: enter types a value" if stuck else f"{knob.label} goes no further"

    def why_no_change(self, settings: Mapping[str, object]) -> str:
        """Return why the selected run cannot change to `settings` now, empty if it can."""
        at = max(0, self.snapshot.generation)
        return self.selected.why_no_changes or self.why_no_settings(self.selected, at, settings)

    def why_no_settings(self, session: Session, at: int, settings: Mapping[str, object]) -> str:
        """Return why a run cannot change to `settings` after generation `at`, empty if it can.

        It may be slow: call it in a worker.
        """
        parent = session.run
        if parent is None or not settings:
            return ""
        try:
            self._launcher.check_fork(parent, at, settings)
        except (CannotStart, ValueError) as refusal:
            return str(refusal)
        return ""

    def why_no_fork(self, at: int) -> str:
        """Return why there can be no fork after generation `at`, empty if there can."""
        if at < 0:
            return "nothing to fork yet" if self.selected.run else self.why_no_knobs()
        if at >= self.snapshot.generations:
            return f"nothing follows generation {at}: ← walks back to where a fork can begin"
        full = len(self.sessions) >= MOST_RUNS
        return f"{MOST_RUNS} runs are on the screen, the most there can be: {ROOM}" if full else ""

    def fork(self, parent: Session, at: int, settings: Mapping[str, object]) -> Session | None:
        """Add a run that equals another one up to generation `at`; it has not begun to run."""
        run = parent.run
        if run is None:
            return None
        session = self.new_session(lambda: self._launcher.fork(run, at, settings), free_until=at)
        session.letter = next(one for one in RUN_LETTERS if self.find(one) is None)
        session.fork = Fork(parent.letter, at, dict(settings))
        session.pace.pause(paused=parent.pace.paused)
        self.sessions.append(session)
        self.select(session)
        return session
