"""Conditions that end a stored run: met at its last record, replaced, or lifted to go on."""

from collections.abc import Sequence
from typing import Any

from collapse_tui.execution.stored_experiment import stored_experiment
from collapse_tui.experiment.disk import check_disk
from collapse_tui.experiment.edit import with_ends, with_generations
from collapse_tui.experiment.end_condition import (
    describe_end,
    met_conditions,
    read_end_conditions,
    require_measured,
)
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.saved import SavedRun
from engines.errors import InvalidExperimentError

Continued = tuple[Experiment, tuple[str, ...]]
"""The experiment of a run that goes on, and sentences on what changes with it."""


def describe_stored_end(saved: SavedRun, experiment: Experiment, at: int) -> str:
    """Return which condition ends a run at record `at`, "" if none does."""
    return describe_end(experiment.ends, at, _summary(saved, experiment, at))


def without_met_ends(saved: SavedRun, experiment: Experiment, at: int) -> Continued:
    """Return an experiment without the conditions that end it at record `at`."""
    met = met_conditions(experiment.ends, at, _summary(saved, experiment, at))
    if not met:
        return experiment, ()
    kept = [each for each in experiment.ends if each not in met]
    notes = tuple(f"it goes on without the condition '{each}', met at {at}" for each in met)
    return with_ends(experiment, kept), notes


def continued_experiment(
    saved: SavedRun, generations: int | None, last: int, stop: Sequence[str] | None
) -> Continued:
    """Return the experiment with which a stored run goes on after its record `last`.

    Parameters
    ----------
    saved : SavedRun
    generations : int or None
        Another number of generations, which also lifts the conditions that are met at `last`.
    last : int
    stop : sequence of str or None
        Conditions in place of its own.

    Raises
    ------
    InvalidExperimentError
        If `generations` or `stop` do not fit the run.
    """
    experiment = _extended(saved, generations, last)
    if stop:
        return _with_new_ends(saved, experiment, stop), ()
    if generations is None:
        return experiment, ()
    return without_met_ends(saved, experiment, last)


def _extended(saved: SavedRun, generations: int | None, last: int) -> Experiment:
    experiment = stored_experiment(saved)
    if generations is None or generations == experiment.generations:
        return experiment
    if generations <= last:
        raise InvalidExperimentError(
            f"{saved.path} already has generation {last}; --generations must be above it,"
            f" got {generations}"
        )
    longer = with_generations(experiment, generations)
    check_disk(longer, saved.path, held=saved.state_bytes)
    return longer


def _with_new_ends(saved: SavedRun, experiment: Experiment, stop: Sequence[str]) -> Experiment:
    """Return an experiment that ends by other conditions, on metrics that the run measures."""
    conditions = read_end_conditions(stop)
    require_measured(conditions, saved.metric_names)
    return with_ends(experiment, conditions)


def _summary(saved: SavedRun, experiment: Experiment, at: int) -> dict[str, Any]:
    """Return the summary of a record, nothing where no condition asks for it."""
    require_measured(experiment.ends, saved.metric_names)
    return saved.record(at)["summary"] if experiment.ends and at > 0 else {}
