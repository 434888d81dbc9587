"""Starts, resumes and forks runs; each function returns the events of its run.

`run` starts a run, `resume` continues a stored one, `fork` starts another from its middle.
Each checks everything and locks the folder when it is called, and returns the events.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from collapse_tui.control import Control
from collapse_tui.events import Event, Failed
from collapse_tui.execution.divergence import describe_stored_divergence
from collapse_tui.execution.driver import Driver
from collapse_tui.execution.live_run import LiveRun
from collapse_tui.execution.provenance import changed_files, differences, provenance, timestamp
from collapse_tui.execution.stored_end import (
    continued_experiment,
    describe_stored_end,
    without_met_ends,
)
from collapse_tui.execution.stored_experiment import stored_experiment
from collapse_tui.experiment.disk import check_disk
from collapse_tui.experiment.edit import (
    on_device,
    with_device_settings,
    with_generations,
    with_intervention,
    with_interventions_until,
)
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.catalogue import delete_to_replace
from collapse_tui.storage.checkpoints import Checkpoints
from collapse_tui.storage.errors import DamagedCheckpointError, DamagedRunError, LostChecksumsError
from collapse_tui.storage.file_names import EXPERIMENT
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.resume_command import resume_command
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.verification import require_identity, require_whole_tables
from engines.errors import InvalidExperimentError
from engines.recursion import State

__all__ = ["Control", "fork", "fork_experiment", "resume", "run"]


def run(  # noqa: PLR0913 - all but the first by keyword
    experiment: Experiment,
    *,
    folder: Path | None = None,
    control: Control | None = None,
    arguments: Sequence[str] = (),
    views: bool = True,
    device: str = "auto",
    replace: bool = False,
) -> Generator[Event]:
    """Return the events of a new run.

    Parameters
    ----------
    experiment : Experiment
    folder : Path or None
        The run folder, absent or empty; without one nothing is written.
    control : Control or None
        Requests to change settings and to stop.
    arguments : sequence of str
        The command line, for provenance.json.
    views : bool
        Whether to draw the views; without a folder they may be left out.
    device : str
        ``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:N"`` or ``"mps"``.
    replace : bool
        Whether a run that is in the folder is deleted first, once this one is known to be able to
        start.

    Yields
    ------
    Event

    Raises
    ------
    StorageError
        If the folder cannot be made; raised by the call, not by the first event.
    """
    experiment = on_device(experiment, device)
    experiment = with_device_settings(experiment, experiment.device)
    stored = None
    if folder is not None:
        check_disk(experiment, folder)
        if replace:
            delete_to_replace(folder)
        stored = RunFolder.create(
            folder,
            experiment=experiment.to_toml(),
            provenance=provenance(experiment, arguments),
            metric_names=experiment.metric_names,
            replicates=experiment.replicates,
            keep=experiment.state.keep,
        )
    with ExitStack() as on_error:
        if stored is not None:
            on_error.callback(stored.close)
        driver = Driver(experiment, stored, control or Control(), views=views)
        on_error.pop_all()
    return driver.events()


def resume(  # noqa: PLR0913 - all but the first by keyword
    path: Path,
    *,
    generations: int | None = None,
    from_generation: int | None = None,
    stop: Sequence[str] | None = None,
    control: Control | None = None,
    arguments: Sequence[str] = (),
    device: str | None = None,
) -> Generator[Event]:
    """Return the events of a stored run from where it stopped.

    The steps between the last checkpoint and the last record are recomputed and
    compared with the records, byte for byte. A finished run yields its end only.

    Parameters
    ----------
    path : Path
        The run folder.
    generations : int or None
        Another number of generations, to continue beyond the end: also beyond that of a
        condition, which is then lifted.
    from_generation : int or None
        Discard the records after this one first.
    stop : sequence of str or None
        Other conditions that end it, on metrics that it measures.
    control : Control or None
    arguments : sequence of str
        The command line, for provenance.json.
    device : str or None
        As in `run`; None: the device of the stored run.

    Raises
    ------
    StorageError
        If the folder is not a run, is locked, or its checkpoint is damaged.
    InvalidExperimentError
        If its experiment, its data, `generations` or `device` do not fit.
    """
    saved = SavedRun.open(path)
    require_identity(saved.directory, lost=from_generation is not None)
    # what is discarded need not be readable
    last = saved.last if from_generation is None else saved.count - 1
    if from_generation is not None:
        _require_recorded("--from", from_generation, last, path)
    last = last if from_generation is None else from_generation
    experiment, lifted = continued_experiment(saved, generations, last, stop)
    _require_same_data(saved, experiment)
    _require_same_layout(saved, experiment)
    experiment = _on_device(saved, experiment, device)
    notes = tuple(differences(saved.provenance, experiment))
    state = _restore_state(saved, experiment, from_generation, verify=not notes)
    past: Any = saved.provenance.get("resumed", [])
    this = {"at": timestamp(), "arguments": list(arguments), "differences": list(notes)}
    folder = RunFolder.open(path, keep=experiment.state.keep, from_generation=from_generation)
    try:
        folder.notes += lifted
        driver = Driver(
            experiment, folder, control or Control(), notes,
            extended=generations is not None or bool(stop), resumption=[*past, this],
            condition=describe_stored_end(saved, experiment, folder.last),
            divergence=describe_stored_divergence(saved, experiment, folder.last),
        )  # fmt: skip
        if not driver.is_over:
            driver.restore(state)
    except BaseException:
        folder.close()
        raise
    return driver.events()


def _restore_state(
    saved: SavedRun, experiment: Experiment, from_generation: int | None, *, verify: bool
) -> State | None:
    """Return the state that a run goes on from; an error leaves its folder as it was.

    Before records are discarded, those that stay are compared with what is recomputed.
    """
    saved.require_unlocked()
    last = saved.last if from_generation is None else from_generation
    if last >= experiment.generations:
        return None
    last = int(min(last, saved.last_of_values))
    ends = describe_stored_end, describe_stored_divergence
    if any(describe(saved, experiment, last) for describe in ends):
        return None
    live = LiveRun(experiment, None, Control(), verify, views=False, origin=saved)
    if from_generation is None:
        live.restore(saved.checkpoints, last)
        return live.state
    try:
        require_whole_tables(saved.directory, last)
        checkpoints = saved.checkpoints
    except LostChecksumsError:
        checkpoints = Checkpoints(saved.directory)  # they are made anew, with consent
    live.restore(checkpoints, last, spare_damaged=True)
    if verify and last < saved.count - 1:
        for _ in live.replay(last):
            pass  # a signal ends it at once, as there is nothing to save
    return live.state


def _require_recorded(option: str, generation: int, last: int, path: Path) -> None:
    if last < 0:
        raise InvalidExperimentError(
            f"{path} has no records, so {option} names none: `{resume_command(path)}` computes them"
        )
    if not 0 <= generation <= last:
        raise InvalidExperimentError(
            f"{option} must be a recorded generation of {path}, 0 to {last}, got {generation}"
        )


def _require_same_data(saved: SavedRun, experiment: Experiment) -> None:
    changed = changed_files(experiment, saved.provenance)
    if changed:
        raise InvalidExperimentError(
            f"{changed[0]} has changed since {saved.path} began; restore it, or start a new run"
        )


def _require_same_layout(saved: SavedRun, experiment: Experiment) -> None:
    """Refuse an experiment that was changed where the checksum that would tell is lost."""
    stored = saved.layout
    same = set(experiment.metric_names) == set(stored.metric_names)
    if not same or experiment.replicates != stored.replicates:
        raise DamagedRunError(
            f"{saved.path / EXPERIMENT} was changed since its records were made: they have"
            f" {stored.replicates} replicates and {len(stored.metric_names)} metrics, it has"
            f" {experiment.replicates} and {len(experiment.metric_names)}; restore it"
        )


def _on_device(saved: SavedRun, experiment: Experiment, wanted: str | None) -> Experiment:
    """Place an experiment on the device wanted; else that of the stored run, or the best here."""
    if wanted is not None:
        return on_device(experiment, wanted)
    try:
        return on_device(experiment, str(saved.provenance.get("device", "cpu")))
    except InvalidExperimentError:
        return on_device(experiment, "auto")


def fork(  # noqa: PLR0913 - all but the first by keyword
    path: Path,
    *,
    at: int,
    settings: Mapping[str, Any],
    out: Path,
    generations: int | None = None,
    control: Control | None = None,
    arguments: Sequence[str] = (),
    device: str | None = None,
) -> Generator[Event]:
    """Return the events of a new run that shares the records 0 … `at` of a stored one.

    Parameters
    ----------
    path : Path
        The parent's folder.
    at : int
        Last generation in common.
    settings : mapping
        What changes from step `at` + 1 on; may be empty.
    out : Path
        Folder of the new run.
    generations : int or None
        Another number of generations than the parent's.
    control : Control or None
    arguments : sequence of str
        The command line, for provenance.json.
    device : str or None
        As in `run`; None: the parent's device.

    Raises
    ------
    StorageError
        If either folder does not allow it.
    InvalidExperimentError
        If `at` is not recorded, a setting may not be changed, or `device` does not fit.
    """
    saved = SavedRun.open(path)
    damages = saved.verify()
    parent = stored_experiment(saved)
    _require_same_data(saved, parent)
    _require_same_layout(saved, parent)
    _require_recorded("--at", at, min(saved.last, parent.generations - 1), path)
    child = fork_experiment(_on_device(saved, parent, device), at, settings, generations)
    child, lifted = without_met_ends(saved, child, at)
    if divergence := describe_stored_divergence(saved, child, at):
        raise InvalidExperimentError(f"{path} cannot go on after generation {at}: {divergence}")
    check_disk(child, out, records=at + 1)
    folder = RunFolder.fork(
        saved,
        out,
        generation=at,
        experiment=child.to_toml(),
        provenance={
            **provenance(child, arguments),
            "parent": {"path": str(saved.path), "name": saved.name, "generation": at},
        },
        keep=child.state.keep,
        without=[damage.name for damage in damages],
    )
    folder.notes += lifted
    folder.notes += tuple(
        f"{damage.fault(saved.directory)}: no number needs it, the fork begins its own anew"
        for damage in damages
    )
    try:
        driver = _restored_fork(saved, child, folder, control or Control())
    except BaseException:
        folder.delete()
        raise
    driver.live.origin = saved
    return _fork_events(driver, folder, at)


def _fork_events(driver: Driver, folder: RunFolder, at: int) -> Generator[Event]:
    """Yield the events of a fork; where its records cannot be replayed, its folder goes again."""
    failed: Failed | None = None
    for event in driver.events():
        if isinstance(event, Failed) and event.generation <= at:
            failed = event
        else:
            yield event
    if failed is not None:
        folder.delete()
        yield replace(failed, folder=None)


def _restored_fork(
    saved: SavedRun, child: Experiment, folder: RunFolder, control: Control
) -> Driver:
    """Return the driver of a fork at its last record; a damaged checkpoint is not needed for it."""
    differing = tuple(differences(saved.provenance, child))
    try:
        driver = Driver(child, folder, control, differing)
        driver.restore()
    except DamagedCheckpointError as damage:
        folder.checkpoints.delete_damaged()
        folder.notes += (f"{damage}; the fork is replayed without it",)
        driver = Driver(child, folder, control, differing)
        driver.restore()
    return driver


def fork_experiment(
    parent: Experiment, at: int, settings: Mapping[str, Any], generations: int | None = None
) -> Experiment:
    """Return the experiment of a fork, without running it.

    Parameters
    ----------
    parent : Experiment
    at : int
        Last generation in common.
    settings : mapping
        What changes from step `at` + 1 on; may be empty.
    generations : int or None
        Another number of generations than the parent's.

    Raises
    ------
    InvalidExperimentError
        If a setting may not be changed, or its value is wrong.
    """
    child = with_interventions_until(parent, at)
    if generations is not None:
        if generations <= at:
            raise InvalidExperimentError(f"generations must be above --at {at}, got {generations}")
        child = with_generations(child, generations)
    if settings:
        child = with_intervention(child, at + 1, settings)
    if child.form is not parent.form:
        raise InvalidExperimentError(_other_form(child, parent))
    return child


def _other_form(child: Experiment, parent: Experiment) -> str:
    if child.setup(0).engine.draws[0] is child.form:
        return (
            f"this run draws {parent.form.value} only because of an intervention after the fork;"
            f" without it the records in common would be those of {child.form.value}: fork later,"
            " or start a new run without the intervention"
        )
    return (
        "these settings need the points of every generation, but this run keeps only"
        " statistics; add the intervention to the experiment and start a new run:"
        f" a run whose policies need {child.form.value} draws them from the start"
    )
