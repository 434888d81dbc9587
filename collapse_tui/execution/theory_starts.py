"""The states that theory starts anew from: those before a step with changed settings."""

from collections.abc import Mapping

from collapse_tui.execution.source_facts import source_facts
from collapse_tui.execution.state_moments import moments_of_state
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun
from engines.base import Source
from engines.recursion import Recursion, State
from engines.theory.given_state.law import StateMoments

MOST_STARTS = 12
"""Changes from whose states a law is drawn: the newest ones."""

States = Mapping[int, StateMoments]
"""Generation → what theory may know of the state after it."""


def start_generations(experiment: Experiment) -> list[int]:
    """Return the generations before a change of settings, ascending."""
    steps = {item.at for item in experiment.interventions if item.at <= experiment.generations}
    return sorted(step - 1 for step in steps if experiment.changes_at(step))


def stored_states(run: SavedRun | RunFolder) -> dict[int, StateMoments]:
    """Return the states that a folder has kept."""
    stored = run.theory_states() if isinstance(run, RunFolder) else run.theory_states
    return {n: StateMoments(n, averages) for n, averages in stored.items()}


class TheoryStarts:
    """The states of a run that theory starts anew from, in its folder too.

    Parameters
    ----------
    folder : RunFolder or None
    source : Source
    """

    def __init__(self, folder: RunFolder | None, source: Source) -> None:
        self._folder = folder
        self._source = source
        self.states: dict[int, StateMoments] = stored_states(folder) if folder else {}

    def note(self, experiment: Experiment, loop: Recursion, state: State | None) -> None:
        """Keep what theory needs of a state if the step after it has changed settings."""
        if state is None or state.generation in self.states:
            return
        if not experiment.changes_at(state.generation + 1):
            return
        found = moments_of_state(state, loop, source_facts(self._source))
        self.states = {**self.states, state.generation: found}
        if self._folder is not None:
            stored = {n: one.averages for n, one in self.states.items()}
            self._folder.save_theory_states(stored)
