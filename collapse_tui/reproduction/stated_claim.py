"""A claim with what decides it: an experiment, or what this machine lacks to run one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collapse_tui.execution.overlays import case_of
from collapse_tui.experiment.claim import Claim, Value
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.reproduction.statistic import MetricStatistic
from engines.errors import InvalidExperimentError
from engines.theory.overlay import Overlay
from engines.theory.registry import overlays

Band = tuple[float, float]
"""Lowest and highest value; the same twice for a number."""


@dataclass(frozen=True, eq=False)
class StatedClaim:
    """A claim as a preset states it.

    Attributes
    ----------
    preset : str
    number : int
        From 1, in its preset.
    claim : Claim
    """

    preset: str
    number: int
    claim: Claim

    @property
    def statistic(self) -> MetricStatistic:
        """What the run is asked for."""
        return MetricStatistic.of(self.claim)

    @property
    def uses_group_band(self) -> bool:
        """Whether the band of the statistic over groups of replicates decides the claim."""
        return self.claim.runs is not None and self.claim.standard_errors is None

    @property
    def expected(self) -> Band:
        """The expected value; a law is evaluated."""
        return self._evaluate(self.claim.expected)

    @property
    def corrected(self) -> Band | None:
        """The value that holds instead, if the published one is wrong."""
        value = self.claim.corrected
        return None if value is None else self._evaluate(value)

    def _evaluate(self, value: Value) -> Band:
        if isinstance(value, tuple):
            return value
        number = self._evaluate_law(value) if isinstance(value, str) else value
        return number, number

    def _evaluate_law(self, name: str) -> float:
        """Return a law at the generation of the claim; NaN without an experiment."""
        del name
        return math.nan


@dataclass(frozen=True, eq=False)
class ResolvedClaim(StatedClaim):
    """A claim with the experiment that decides it.

    Attributes
    ----------
    experiment : Experiment
        As long as the claim needs, with its metric alone.
    """

    experiment: Experiment

    @property
    def title(self) -> str:
        """Of the preset."""
        return self.experiment.title

    @property
    def seed(self) -> int:
        """Of its run."""
        return self.experiment.seed

    @property
    def replicates(self) -> int:
        """Of its run."""
        return self.experiment.replicates

    def _evaluate_law(self, name: str) -> float:
        generation = self.claim.generation
        values = find_overlay(name).values(case_of(self.experiment, generation))
        found = float(values[generation]) if generation < values.size else math.nan
        if not math.isfinite(found):
            raise InvalidExperimentError(
                f"{self.preset}, claim {self.number}: law {name!r} has no value at generation"
                f" {generation}"
            )
        return found


@dataclass(frozen=True, eq=False)
class WaitingClaim(StatedClaim):
    """A claim that cannot run on this machine.

    Attributes
    ----------
    document : mapping
        Of its preset, with its own settings of the top level.
    needs : str
        What is missing.
    """

    document: Mapping[str, Any]
    needs: str

    @property
    def title(self) -> str:
        """Of the preset."""
        return str(self.document["title"])

    @property
    def seed(self) -> int:
        """Of the run that it waits for."""
        return int(self.document["seed"])

    @property
    def replicates(self) -> int:
        """Of the run that it waits for."""
        return int(self.document["replicates"])


AnyClaim = ResolvedClaim | WaitingClaim


def find_overlay(name: str) -> Overlay:
    """Return the overlay of a name that is known to exist.

    Parameters
    ----------
    name : str
    """
    return next(overlay for overlay in overlays() if overlay.name == name)
