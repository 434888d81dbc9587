"""What a stored run says to the claims of its preset, as far as it can."""

import copy
from collections.abc import Mapping
from typing import Any

from collapse_tui import document as text
from collapse_tui.claim import Claim
from collapse_tui.experiment import Experiment, resolve
from collapse_tui.reproduction.observing import Watcher
from collapse_tui.reproduction.planning import essence
from collapse_tui.reproduction.quantity import Measured, Quantity, measured
from collapse_tui.storage import SavedRun

OPEN = ("replicates", "seed", "generations", "metrics")
"""Keys in which a run may differ from the one that a claim asks for."""


def answers(run: SavedRun, experiment: Experiment) -> list[tuple[Claim, Measured | None]]:
    """Return the claims of a run's experiment with what the run gives.

    Parameters
    ----------
    run : SavedRun
    experiment : Experiment
        Its own.

    Returns
    -------
    list of (Claim, Measured or None)
        None where the run has other settings, is too short, or does not record the metric. It
        may have other replicates than the claim asks for, so there is no verdict.
    """
    return [(claim, _answer(run, experiment, claim)) for claim in experiment.claims]


def _answer(run: SavedRun, experiment: Experiment, claim: Claim) -> Measured | None:
    recorded = claim.metric in run.metric_names and claim.generation <= run.last
    if not recorded or not _alike(experiment, claim):
        return None
    watcher = Watcher(Quantity.of(claim), run.layout.replicates)
    start = watcher.start
    rows = run.values(claim.metric, start, claim.generation + 1)
    for generation, row in enumerate(rows, start=start):
        watcher.see(generation, {claim.metric: row})
    return measured(watcher.quantity, watcher.values)


def _alike(experiment: Experiment, claim: Claim) -> bool:
    settings = {key: given for key, given in claim.set.items() if key not in OPEN}
    if not settings:
        return True
    document = copy.deepcopy(experiment.document)
    asked = resolve(experiment.name, text.overridden(document, settings))
    return _closed(asked.document) == _closed(experiment.document)


def _closed(document: Mapping[str, Any]) -> str:
    return essence({key: given for key, given in document.items() if key not in OPEN})
