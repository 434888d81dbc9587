"""What a stored run says to the claims of its preset, as far as it can."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import presets
from collapse_tui.experiment import document as text
from collapse_tui.experiment.claim import Claim
from collapse_tui.experiment.edit import with_device_settings
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve
from collapse_tui.reproduction.observe import Watcher
from collapse_tui.reproduction.plan import Stated, essence, shared, state
from collapse_tui.reproduction.statistic import Measured, Quantity, measured
from collapse_tui.reproduction.verdict import Judgement, judge
from collapse_tui.storage import SavedRun
from engines.errors import InvalidExperimentError

OPEN = ("replicates", "seed", "generations", "metrics")
"""Keys in which a run may differ from the one that a claim asks for, and still speak of it."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What one run says to one claim.

    Attributes
    ----------
    claim : Claim
    stated : Stated or None
        The claim with the experiment that decides it; None if that cannot run.
    obtained : Measured or None
        None where the run has other settings, is too short, or does not record the metric.
    judgement : Judgement or None
        The verdict; None unless the run's records are those that `reproduce` would make.
    """

    claim: Claim
    stated: Stated | None
    obtained: Measured | None
    judgement: Judgement | None


def preset_of(experiment: Experiment) -> Experiment | None:
    """Return the preset that makes the claims of an experiment, None if it is none of ours."""
    claims = experiment.document.get("claims")
    for name in presets.names() if claims else ():
        if text.read(name)[1].get("claims") == claims:
            return load(name)
    return None


def answers(run: SavedRun, experiment: Experiment, preset: Experiment | None) -> list[Answer]:
    """Return what a run says to the claims of its experiment; nothing is run.

    Parameters
    ----------
    run : SavedRun
    experiment : Experiment
        Its own.
    preset : Experiment or None
        The one that makes the claims; None: `experiment` itself does.
    """
    return [
        _answered(run, experiment, _stated(preset or experiment, number, claim), claim)
        for number, claim in enumerate(experiment.claims, start=1)
    ]


def _stated(experiment: Experiment, number: int, claim: Claim) -> Stated | None:
    try:
        return state(experiment, number, claim)
    except InvalidExperimentError:
        return None


def _answered(run: SavedRun, experiment: Experiment, stated: Stated | None, claim: Claim) -> Answer:
    got = _answer(run, experiment, claim)
    if got is None or stated is None or not _decides(run, experiment, stated):
        return Answer(claim, stated, got, None)
    found = judge(stated.preset, claim, stated.expected, stated.corrected, got)
    return Answer(claim, stated, got, found)


def _decides(run: SavedRun, experiment: Experiment, stated: Stated) -> bool:
    """Return whether a run's numbers are those of the experiment that decides a claim."""
    try:
        device = str(run.provenance.get("device", "cpu"))
        asked = with_device_settings(stated.experiment, device)
    except InvalidExperimentError:
        return False
    return shared(asked.document) == shared(experiment.document)


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
    asked = resolve(experiment.name, text.with_settings(document, settings))
    return _closed(asked.document) == _closed(experiment.document)


def _closed(document: Mapping[str, Any]) -> str:
    return essence({key: given for key, given in document.items() if key not in OPEN})
