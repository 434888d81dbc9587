"""The theory of a run, evaluated beside it, so that neither a step nor a stop waits for it."""

from collections.abc import Callable
from threading import Thread
from typing import NamedTuple

from collapse_tui.events import Curve
from collapse_tui.execution.overlays import LAST_HORIZON, curves_of, theory_horizon
from collapse_tui.execution.theory_starts import States
from collapse_tui.experiment.experiment import Experiment

LOOK_SECONDS = 0.05
"""A stop is looked for so often while a run waits for its theory."""


_NONE: States = {}


class Theory(NamedTuple):
    """Curves up to a horizon, and overlay → why it is not drawn."""

    horizon: int
    curves: tuple[Curve, ...]
    absent: dict[str, str]


class TheoryAhead:
    """The theory of one run: its horizon is doubled before the run passes it.

    Attributes
    ----------
    horizon : int
        Last generation of the newest curves; -1 before there are any.
    """

    def __init__(self) -> None:
        self.horizon = -1
        self._experiment: Experiment | None = None
        self._thread: Thread | None = None
        self._found: list[Theory | Exception] = []
        self._exhausted = False
        self._states: States = _NONE
        self._stale = self._same_reach = False

    def advance(
        self, experiment: Experiment, generation: int, states: States | None = None
    ) -> None:
        """Evaluate more once a run has come half the way to the horizon, or a state is known.

        Parameters
        ----------
        experiment : Experiment
            The one in force; curves of another are given up.
        generation : int
            The last one recorded.
        states : mapping of int to StateMoments, or None
            From which of them theory starts anew.
        """
        states = states or _NONE
        if experiment is not self._experiment:
            self._experiment, self._thread, self._exhausted = experiment, None, False
            if self.horizon >= 0:
                # what changes an experiment has evaluated its theory so far
                self.horizon, self._states = theory_horizon(experiment), states
        if states is not self._states:
            self._states, self._stale = states, self.pending or self.horizon >= 0
        if self._thread is not None:
            return
        due = self.horizon < 0 or 2 * generation >= self.horizon
        further = self.horizon < min(experiment.generations, LAST_HORIZON)
        if self._stale or (due and further and not self._exhausted):
            # each thread has a list of its own: one that is no longer wanted may end late
            self._found = []
            reach = self.horizon if self._stale else max(generation, self.horizon) + 1
            self._same_reach, self._stale = self._stale, False
            given = experiment, reach, states, self._found
            # a daemon: the end of a program does not wait for theory that nobody will see
            self._thread = Thread(target=_evaluate, args=given, name="theory", daemon=True)
            self._thread.start()

    @property
    def pending(self) -> bool:
        """Whether curves are being evaluated."""
        return self._thread is not None

    @property
    def ready(self) -> bool:
        """Whether new curves can be taken without waiting."""
        return self._thread is not None and not self._thread.is_alive()

    def wait(self, stopped: Callable[[], bool]) -> None:
        """Wait until new curves are ready, or a stop is requested."""
        while self._thread is not None and self._thread.is_alive() and not stopped():
            self._thread.join(LOOK_SECONDS)

    def take(self) -> Theory:
        """Return the new curves, which must be ready."""
        self._thread = None
        [found] = self._found
        if isinstance(found, Exception):
            raise found
        self._exhausted = found.horizon <= self.horizon and not self._same_reach
        self.horizon = found.horizon
        return found


def _evaluate(
    experiment: Experiment, generation: int, states: States, found: list[Theory | Exception]
) -> None:
    try:
        horizon = theory_horizon(experiment, generation)
        found.append(Theory(horizon, *curves_of(experiment, generation, states)))
    except Exception as error:  # noqa: BLE001 - raised again where the curves are taken
        found.append(error)
