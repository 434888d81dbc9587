"""Why a run ends because the training of a network diverged."""

from collections.abc import Mapping
from pathlib import Path

from collapse_tui.experiment.experiment import Experiment
from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.saved import SavedRun


def describe_stored_divergence(saved: SavedRun, experiment: Experiment, at: int) -> str:
    """Return why a stored run does not go on after record `at`, "" if it does."""
    if at < 1 or not experiment.setup(at + 1).engine.stops_when_diverged:
        return ""
    record = saved.record(at)
    return describe_divergence(experiment, at, record["stage"], record["flags"], saved.path)


def describe_divergence(
    experiment: Experiment,
    generation: int,
    stage: Mapping[str, int],
    flags: Mapping[str, str],
    path: Path | None,
) -> str:
    """Return why a run ends after a record, and how it would go on; "" if it does not end.

    Parameters
    ----------
    experiment : Experiment
        With the interventions that came after the record.
    generation : int
    stage, flags : mapping
        Of the record.
    path : Path or None
        The run folder.
    """
    # a setting that comes after the record is in force already
    engine = experiment.setup(generation + 1).engine
    if not stage.get("diverged") or not engine.stops_when_diverged:
        return ""
    reason = flags.get("divergence", "training diverged")
    if path is None or generation >= experiment.generations:
        return f"{reason}; lower engine.learning_rate, or set engine.on_divergence = 'continue'"
    fork = f"`collapse-tui fork {to_shell_word(str(path))} --at"
    return (
        f"{reason}; {fork} {generation - 1} --set engine.learning_rate=…` trains it again, more"
        f" slowly, {fork} {generation} --set engine.on_divergence=continue` goes on as it is"
    )
