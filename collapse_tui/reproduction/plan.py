"""From claims to runs: the experiment and the values of each claim, and which share a run."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collapse_tui.execution.overlays import case_of
from collapse_tui.experiment import document as text
from collapse_tui.experiment.claim import Claim, read_claims
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve
from collapse_tui.experiment.schema import Top
from collapse_tui.reproduction.stated_claim import ResolvedClaim, WaitingClaim, find_overlay
from collapse_tui.reproduction.statistic import BAND_GROUPS, FEWEST_GROUPS
from engines.errors import InvalidExperimentError

DESCRIPTIVE = ("title", "paper", "figure", "watch", "group", "claims", "sweep", "state", "stop")
"""Keys of an experiment that change no number."""


@dataclass(frozen=True, eq=False)
class ClaimRun:
    """One run and the claims that it decides."""

    experiment: Experiment
    claims: tuple[ResolvedClaim, ...]


def resolve_claims(
    preset: str, *, seed: int | None = None, shift: int = 0
) -> tuple[ResolvedClaim, ...]:
    """Return the claims of a preset, each with its experiment.

    Parameters
    ----------
    preset : str
        A name, or a path to TOML.
    seed : int or None
        Of all experiments, instead of their own.
    shift : int
        Added to the seed.

    Raises
    ------
    InvalidExperimentError
        If the settings of a claim cannot run, or its law does not hold for them.
    """
    experiment = load(preset)
    return tuple(
        resolve_claim(experiment, number, claim, seed=seed, shift=shift)
        for number, claim in enumerate(experiment.claims, start=1)
    )


def list_waiting_claims(preset: str, needs: str) -> tuple[WaitingClaim, ...]:
    """Return the claims of a preset that cannot run on this machine.

    Parameters
    ----------
    preset : str
        A name, or a path to TOML.
    needs : str
        What is missing.
    """
    name, content = text.read(preset)
    document = Top().model_dump() | content
    return tuple(
        WaitingClaim(name, number, claim, {**document, **claim.set}, needs)
        for number, claim in enumerate(read_claims(content.get("claims", [])), start=1)
    )


def resolve_claim(
    experiment: Experiment,
    number: int,
    claim: Claim,
    *,
    seed: int | None = None,
    shift: int = 0,
) -> ResolvedClaim:
    """Return one claim with the experiment that decides it.

    Parameters
    ----------
    experiment : Experiment
        The one that makes the claim.
    number : int
        From 1, among its claims.
    claim : Claim
    seed, shift : int or None, int
        As in `resolve_claims`.

    Raises
    ------
    InvalidExperimentError
        If its settings cannot run, or its law does not hold for them.
    """
    document: text.Document = {**experiment.document, "claims": [], "stop": []}
    settings: dict[str, Any] = {
        **claim.set,
        "generations": max(claim.generation, 1),
        "metrics.names": [claim.metric],
    }
    if seed is not None or shift:
        own = settings.get("seed", experiment.seed)
        settings["seed"] = (own if seed is None else seed) + shift
    try:
        found = resolve(experiment.name, text.with_settings(document, settings))
        _check_laws(claim, found)
        _check_replicates(claim, found.replicates)
    except InvalidExperimentError as error:
        raise InvalidExperimentError(f"{experiment.name}, claim {number}: {error}") from None
    return ResolvedClaim(experiment.name, number, claim, found)


def _check_laws(claim: Claim, experiment: Experiment) -> None:
    for value in (claim.expected, claim.corrected):
        if isinstance(value, str):
            reason = find_overlay(value).condition(case_of(experiment))
            if reason is not None:
                raise InvalidExperimentError(f"law {value!r} does not hold here: {reason}")


def _check_replicates(claim: Claim, replicates: int) -> None:
    if claim.runs is not None:
        groups = FEWEST_GROUPS if claim.standard_errors is not None else BAND_GROUPS
        if replicates < groups * claim.runs:
            raise InvalidExperimentError(
                f"the scatter over {claim.runs} runs is taken from {groups} groups or more,"
                f" {groups * claim.runs} replicates; there are {replicates}"
            )
    elif claim.standard_errors is not None and replicates < 2:
        raise InvalidExperimentError("a standard error needs at least 2 replicates")


def plan_runs(claims: Iterable[ResolvedClaim]) -> list[ClaimRun]:
    """Return the runs that decide some claims, in the order of the claims.

    Claims whose experiments differ only in length and metrics share a run.
    """
    groups: dict[str, list[ResolvedClaim]] = {}
    for item in claims:
        groups.setdefault(shared_run_key(item.experiment.document), []).append(item)
    return [_plan_run(group) for group in groups.values()]


def _plan_run(group: list[ResolvedClaim]) -> ClaimRun:
    longest = max(group, key=lambda item: item.experiment.generations).experiment
    metrics = sorted({item.claim.metric for item in group})
    document = text.with_settings(longest.document, {"metrics.names": metrics})
    return ClaimRun(resolve(longest.name, document), tuple(group))


def shared_run_key(document: Mapping[str, Any]) -> str:
    """Return a text that is the same for two experiments if one run serves both."""
    return result_key(document, ignored=("generations", "metrics"))


def result_key(document: Mapping[str, Any], *, ignored: Iterable[str] = ()) -> str:
    """Return a text that is the same for two experiments if they give the same numbers.

    Parameters
    ----------
    document : mapping
        Of the experiment.
    ignored : iterable of str
        Further keys in which they may differ.
    """
    left_out = {*DESCRIPTIVE, *ignored}
    kept = {key: value for key, value in document.items() if key not in left_out}
    return json.dumps(kept, sort_keys=True)
