"""A stored run as the scene that the screen shows at its end."""

import numpy as np

from collapse_tui.events import Curve, Intervened
from collapse_tui.execution.runner import stored_experiment
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.scene import Scene, list_topics
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot
from collapse_tui.presentation.view_history import MOST_EARLIER
from collapse_tui.storage import SavedRun
from engines.errors import CollapseError
from engines.views.view import View


def load_stored_experiment(run: SavedRun) -> tuple[Experiment | None, tuple[str, ...]]:
    """Return the experiment of a run, or None with a note if it cannot be resolved any more."""
    try:
        return stored_experiment(run), ()
    except CollapseError as error:
        # its data may be gone: the records can be shown all the same
        return None, (f"shown without theory, {error}",)


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
    summaries = run.summaries()
    series = {
        metric: np.stack([columns[name] for name in STATISTICS], axis=1)
        for metric, columns in summaries.items()
    }
    changes = experiment.interventions if experiment else ()
    # only the flags of the last record are shown: reading all records would take time
    flags: list[dict[str, str]] = [{} for _ in range(run.last)]
    flags.append(run.record(run.last)["flags"])
    snapshot = Snapshot(
        phase="finished", generation=run.last, series=series, curves=curves, flags=flags,
        generations=experiment.generations if experiment else run.last, views=_views(run),
        interventions=tuple(Intervened(item.at, item.settings) for item in changes),
    )  # fmt: skip
    return Scene(
        snapshot, replicates=run.layout.replicates,
        topics=list_topics(run.metric_names, curves, run.layout.replicates),
    )  # fmt: skip


def _views(run: SavedRun) -> list[View | None]:
    """Return the last view and some earlier ones, None in between: reading all takes time."""
    views: list[View | None] = [None] * (run.last + 1)
    for generation in range(0, run.last, max(1, run.last // (4 * MOST_EARLIER))):
        views[generation] = run.view(generation)
    views[run.last] = run.view(run.last)
    return views
