"""The view of any generation of a stored run, with theory and with the views before it."""

from collapse_tui.execution.overlays import with_theory
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.storage.saved import SavedRun


def load_view(
    run: SavedRun, scene: Scene, experiment: Experiment | None, generation: int
) -> ViewHistory | None:
    """Return the view of one generation, None if none is stored of it.

    Parameters
    ----------
    run : SavedRun
    scene : Scene
        Of the run: it brings some of the views before, and the laws.
    experiment : Experiment or None
    generation : int

    Raises
    ------
    DamagedRunError
        If the file of views is damaged there.
    """
    view = run.view(generation)
    if view is None:
        return None
    if experiment is not None:
        view = with_theory(view, experiment, generation)
    snapshot = scene.snapshot
    known = ((snapshot.generation_of(row), one) for row, one in enumerate(snapshot.views))
    past = [(at, one) for at, one in known if one is not None and at < generation]
    return ViewHistory(view, generation, past, laws_of=scene.law_lines)
