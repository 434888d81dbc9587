"""Claims of a preset evaluated from a stored run, without running anything."""

from contextlib import suppress
from dataclasses import dataclass

import presets
from collapse_tui.experiment import document as text
from collapse_tui.experiment.claim import Claim
from collapse_tui.experiment.edit import with_device_settings
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load
from collapse_tui.reproduction.applicable_claims import has_settings
from collapse_tui.reproduction.observe import Collector
from collapse_tui.reproduction.plan import resolve_claim, shared_run_key
from collapse_tui.reproduction.stated_claim import ResolvedClaim
from collapse_tui.reproduction.statistic import Measurement, MetricStatistic
from collapse_tui.reproduction.verdict import Judgement, judge
from collapse_tui.storage.saved import SavedRun
from engines.errors import InvalidExperimentError


@dataclass(frozen=True, eq=False)
class StoredClaim:
    """A claim with what one stored run gives for it.

    Attributes
    ----------
    claim : Claim
    resolved : ResolvedClaim or None
        The claim with the experiment that decides it; None if that cannot run.
    obtained : Measurement or None
        None where the run has other settings, is too short, or does not record the metric.
    judgement : Judgement or None
        The verdict; None unless the run's records are those that `reproduce` would make.
    """

    claim: Claim
    resolved: ResolvedClaim | None
    obtained: Measurement | None
    judgement: Judgement | None


def find_preset(experiment: Experiment) -> Experiment | None:
    """Return the preset of this program that makes the claims of an experiment, else None."""
    claims = experiment.document.get("claims")
    for name in presets.names() if claims else ():
        if text.read(name)[1].get("claims") == claims:
            return load(name)
    return None


def evaluate_claims(
    run: SavedRun, experiment: Experiment, preset: Experiment | None
) -> list[StoredClaim]:
    """Return the claims of a run's experiment with what its records give for them.

    Parameters
    ----------
    run : SavedRun
    experiment : Experiment
        Its own.
    preset : Experiment or None
        The one that makes the claims; None: `experiment` itself does.
    """
    return [
        _evaluate(run, experiment, preset or experiment, number)
        for number in range(1, len(experiment.claims) + 1)
    ]


def _evaluate(
    run: SavedRun, experiment: Experiment, claimant: Experiment, number: int
) -> StoredClaim:
    claim = experiment.claims[number - 1]
    obtained, resolved, judgement = _measure_records(run, experiment, claim), None, None
    with suppress(InvalidExperimentError):
        resolved = resolve_claim(claimant, number, claim)
    if obtained is not None and resolved is not None and _decides(run, experiment, resolved):
        judgement = judge(resolved, obtained)
    return StoredClaim(claim, resolved, obtained, judgement)


def _decides(run: SavedRun, experiment: Experiment, resolved: ResolvedClaim) -> bool:
    """Return whether the numbers of a run are those of the experiment that decides a claim."""
    try:
        device = str(run.provenance.get("device", "cpu"))
        wanted = with_device_settings(resolved.experiment, device)
    except InvalidExperimentError:
        return False
    return shared_run_key(wanted.document) == shared_run_key(experiment.document)


def _measure_records(run: SavedRun, experiment: Experiment, claim: Claim) -> Measurement | None:
    recorded = claim.metric in run.metric_names and claim.generation <= run.last
    if not recorded or not has_settings(experiment, claim):
        return None
    collector = Collector(MetricStatistic.of(claim), run.layout.replicates)
    start = collector.start
    rows = run.values(claim.metric, start, claim.generation + 1)
    for generation, row in enumerate(rows, start=start):
        collector.add(generation, {claim.metric: row})
    return collector.result()
