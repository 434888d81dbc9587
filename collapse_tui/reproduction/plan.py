"""From claims to runs: each claim's experiment and values, and which claims share a run."""

import copy
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collapse_tui.execution.overlays import case_of
from collapse_tui.experiment import document as text
from collapse_tui.experiment.claim import Claim, Value
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve
from collapse_tui.reproduction.statistic import BAND_GROUPS, FEWEST_GROUPS, Quantity
from collapse_tui.reproduction.verdict import Band, by_groups
from engines.errors import InvalidExperimentError
from engines.theory.overlay import Overlay
from engines.theory.registry import overlays

WORDS = ("title", "paper", "figure", "watch", "claims", "sweep", "state")
"""Keys that change no number."""


@dataclass(frozen=True, eq=False)
class Stated:
    """A claim with the experiment that decides it.

    Attributes
    ----------
    preset : str
    number : int
        From 1, in its preset.
    claim : Claim
    experiment : Experiment
        As long as the claim needs, with its metric alone.
    """

    preset: str
    number: int
    claim: Claim
    experiment: Experiment

    @property
    def expected(self) -> Band:
        """The expected value; a law is evaluated."""
        return self._band(self.claim.expected)

    @property
    def corrected(self) -> Band | None:
        """The value that holds instead, if the published one is wrong."""
        value = self.claim.corrected
        return None if value is None else self._band(value)

    def _band(self, value: Value) -> Band:
        if isinstance(value, tuple):
            return value
        if not isinstance(value, str):
            return value, value
        found = float(law(value).values(case_of(self.experiment))[self.claim.generation])
        if not math.isfinite(found):
            raise InvalidExperimentError(
                f"{where(self.preset, self.number)}: law {value!r} says nothing of generation"
                f" {self.claim.generation}"
            )
        return found, found


@dataclass(frozen=True, eq=False)
class Task:
    """One run and the claims that it decides."""

    experiment: Experiment
    stated: tuple[Stated, ...]


def where(preset: str, number: int) -> str:
    """Return how a claim is called in a sentence."""
    return f"{preset}, claim {number}"


def law(name: str) -> Overlay:
    """Return the overlay of a name that is known to exist."""
    return next(overlay for overlay in overlays() if overlay.name == name)


def stated(preset: str) -> tuple[Stated, ...]:
    """Return the claims of a preset, each with its experiment.

    Parameters
    ----------
    preset : str
        A name, or a path to TOML.

    Raises
    ------
    InvalidExperimentError
        If a claim's settings cannot run, or its law does not hold of them.
    """
    experiment = load(preset)
    return tuple(
        state(experiment, number, claim) for number, claim in enumerate(experiment.claims, start=1)
    )


def state(experiment: Experiment, number: int, claim: Claim) -> Stated:
    """Return one claim of an experiment with the experiment that decides it.

    Raises
    ------
    InvalidExperimentError
        If its settings cannot run, or its law does not hold of them.
    """
    document: text.Document = {**copy.deepcopy(experiment.document), "claims": []}
    settings = {
        **claim.set,
        "generations": max(claim.generation, 1),
        "metrics.names": [claim.metric],
    }
    try:
        found = resolve(experiment.name, text.with_settings(document, settings))
        _check(claim, found)
    except InvalidExperimentError as error:
        raise InvalidExperimentError(f"{where(experiment.name, number)}: {error}") from None
    return Stated(experiment.name, number, claim, found)


def _check(claim: Claim, experiment: Experiment) -> None:
    for value in (claim.expected, claim.corrected):
        if isinstance(value, str):
            reason = law(value).condition(case_of(experiment))
            if reason is not None:
                raise InvalidExperimentError(f"law {value!r} does not hold here: {reason}")
    _check_replicates(claim, experiment.replicates)


def _check_replicates(claim: Claim, replicates: int) -> None:
    if claim.runs is not None:
        groups = BAND_GROUPS if by_groups(claim) else FEWEST_GROUPS
        if replicates < groups * claim.runs:
            raise InvalidExperimentError(
                f"the scatter over {claim.runs} runs is taken from {groups} groups or more,"
                f" {groups * claim.runs} replicates; there are {replicates}"
            )
    elif claim.standard_errors is not None and replicates < 2:
        raise InvalidExperimentError("a standard error needs at least 2 replicates")


def planned(claims: Iterable[Stated]) -> list[Task]:
    """Return the runs that decide these claims, in the order in which they are stated.

    Claims whose experiments differ only in length and metrics share a run.
    """
    groups: dict[str, list[Stated]] = {}
    for item in claims:
        groups.setdefault(shared(item.experiment.document), []).append(item)
    return [_task(group) for group in groups.values()]


def _task(group: list[Stated]) -> Task:
    longest = max(group, key=lambda item: item.experiment.generations).experiment
    metrics = sorted({item.claim.metric for item in group})
    document = text.with_settings(longest.document, {"metrics.names": metrics})
    return Task(resolve(longest.name, document), tuple(group))


def shared(document: Mapping[str, Any]) -> str:
    """Return a text that two experiments have in common if one run serves both."""
    return essence(
        {key: document[key] for key in document if key not in ("generations", "metrics")}
    )


def essence(document: Mapping[str, Any]) -> str:
    """Return a text that two experiments share if they give the same numbers."""
    kept = {key: value for key, value in document.items() if key not in WORDS}
    return json.dumps(kept, sort_keys=True)


def quantities(task: Task) -> set[Quantity]:
    """Return what the claims of a run ask of it."""
    return {Quantity.of(item.claim) for item in task.stated}
