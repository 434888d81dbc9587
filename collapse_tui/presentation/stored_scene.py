"""A stored run as the scene that the screen shows at its end."""

from contextlib import suppress
from dataclasses import replace

import numpy as np

from collapse_tui.events import Curve, Intervened
from collapse_tui.execution.overlays import curves_of, with_theory
from collapse_tui.execution.stored_experiment import stored_experiment
from collapse_tui.execution.theory_starts import stored_states
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.knobs import setting_labels
from collapse_tui.presentation.published_values import read_published_values
from collapse_tui.presentation.scene import Scene, list_topics
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot
from collapse_tui.presentation.strip import RunStrip, join_views
from collapse_tui.presentation.view_history import MOST_EARLIER, ViewHistory
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import EXPERIMENT, RECORDS
from collapse_tui.storage.saved import SavedRun, summaries_of
from engines.arrays import IntArray, even_indices
from engines.errors import CollapseError
from engines.views.view import View

MOST_RECORDS = 1000
"""Most records that a stored run is drawn from, evenly spaced."""
WHOLE_THEORY = 1 << 16
"""Generations up to which the theory of a stored run is evaluated to its last one."""


def drawn_records(run: SavedRun) -> IntArray:
    """Return the generations that a stored run is drawn from, ascending."""
    return even_indices(run.last + 1, MOST_RECORDS)


def load_theory(run: SavedRun) -> tuple[Experiment | None, tuple[Curve, ...], tuple[str, ...]]:
    """Return the experiment of a run, its theory, and notes.

    Where the experiment cannot be resolved any more it is None, and a note says why, as others
    say what of a long run is not drawn.
    """
    notes: list[str] = []
    if run.last >= MOST_RECORDS:
        notes.append(
            f"drawn from {MOST_RECORDS:,} of {run.last + 1:,} records, evenly spaced; only their"
            " checksums were compared, `runs check` compares all"
        )
    try:
        run.verify_experiment()
        experiment = stored_experiment(run)
    except CollapseError as error:
        # its data may be gone: the records can be shown all the same
        place, said = str(run.path / EXPERIMENT), str(error)
        said = said if place in said else f"{place}: {said}"
        return None, (), (f"shown without theory, {said}", *notes)
    reach = run.last if run.last <= WHOLE_THEORY else 0
    curves, _ = curves_of(experiment, reach, stored_states(run))
    horizon = min((curve.values.size - 1 for curve in curves), default=run.last)
    if horizon < run.last:
        notes.append(f"theory is shown up to generation {horizon:,}: all of it takes too long")
    return experiment, curves, tuple(notes)


def last_view(scene: Scene, experiment: Experiment | None) -> ViewHistory | None:
    """Return the last view of a scene with theory, if there is a view and an experiment."""
    history = scene.view_history()
    if history is None or experiment is None:
        return history
    return replace(history, view=with_theory(history.view, experiment, scene.generation))


def load_scene(run: SavedRun, experiment: Experiment | None, curves: tuple[Curve, ...]) -> Scene:
    """Return the scene of the last record of a run.

    Parameters
    ----------
    run : SavedRun
        With at least one record.
    experiment : Experiment or None
        None where it cannot be resolved any more.
    curves : tuple of Curve
        Its theory.
    """
    picked = drawn_records(run)
    *_, last = records = list(run.pick(picked.tolist()))
    if len(records) != picked.size or last["generation"] != run.last:
        raise DamagedRunError(
            f"{run.path / RECORDS} must hold generations 0 to {run.last}, a line each in order"
        )
    summaries = summaries_of(records, run.metric_names)
    series = {
        metric: np.stack([columns[name] for name in STATISTICS], axis=1)
        for metric, columns in summaries.items()
    }
    changes = experiment.interventions if experiment else ()
    # only the flags of the last record are shown
    nothing: dict[str, str] = {}
    flags = [*[nothing] * (picked.size - 1), last["flags"]]
    snapshot = Snapshot(
        phase="finished", generation=run.last, series=series, picked=picked, curves=curves,
        flags=flags,
        generations=experiment.generations if experiment else run.last,
        sizes=experiment.sizes.differing if experiment else (),
        views=_views(run, picked), strip=_strip(run, picked),
        interventions=tuple(Intervened(item.at, item.settings) for item in changes),
        labels=setting_labels(experiment.knobs()) if experiment else {},
    )  # fmt: skip
    return Scene(
        snapshot, replicates=run.layout.replicates,
        topics=list_topics(run.metric_names, curves, run.layout.replicates),
        published=read_published_values(experiment) if experiment else (),
    )  # fmt: skip


def _views(run: SavedRun, picked: IntArray) -> list[View | None]:
    """Return the last view and some earlier ones, None in between: reading all takes time."""
    last = picked.size - 1
    views: list[View | None] = [None] * picked.size
    with suppress(DamagedRunError):  # `explain_missing_view` says so
        for row in (last, *range(0, last, max(1, last // (4 * MOST_EARLIER)))):
            views[row] = run.view(int(picked[row]))
    return views


def _strip(run: SavedRun, picked: IntArray) -> RunStrip | None:
    with suppress(DamagedRunError):  # as above
        return join_views(run.strips(picked.tolist()))
    return None


def explain_missing_view(run: SavedRun) -> tuple[str, ...]:
    """Return a note on why the last view cannot be shown, none where it can."""
    try:
        run.view(run.last)
    except DamagedRunError as error:
        return (f"shown without its last view, {error}",)
    return ()
