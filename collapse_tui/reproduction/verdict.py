"""The verdict on a claim: its value compared with what a run gave."""

import math
from dataclasses import dataclass
from typing import Literal

from collapse_tui.experiment.claim import Claim
from collapse_tui.reproduction.statistic import Measurement

Band = tuple[float, float]
"""Lowest and highest value; the same twice for a number."""

Verdict = Literal["holds", "fails", "erratum confirmed", "erratum refuted", "not run"]
GOOD: frozenset[Verdict] = frozenset({"holds", "erratum confirmed", "not run"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim with its verdict.

    Attributes
    ----------
    preset : str
    claim : Claim
    expected : (float, float)
        As published, or evaluated from a law.
    corrected : (float, float) or None
        The value that holds instead of a wrong published one.
    obtained : Measurement or None
        None if it was not run.
    tolerance : float
        How far the run may be from the value that should hold; 0 for an interval alone.
    verdict : str
    """

    preset: str
    claim: Claim
    expected: Band
    corrected: Band | None
    obtained: Measurement | None
    tolerance: float
    verdict: Verdict

    @property
    def good(self) -> bool:
        """Whether the verdict is as it should be."""
        return self.verdict in GOOD


def judge(
    preset: str, claim: Claim, expected: Band, corrected: Band | None, obtained: Measurement | None
) -> Judgement:
    """Return the verdict on one claim.

    Parameters
    ----------
    preset : str
    claim : Claim
    expected, corrected : (float, float)
        The values of the claim, with laws evaluated.
    obtained : Measurement or None
        None if it was not run.
    """
    right = expected if corrected is None else corrected
    if obtained is None:
        return Judgement(preset, claim, expected, corrected, None, math.nan, "not run")
    accepted = agrees(claim, right, obtained)
    verdict: Verdict = "holds" if accepted else "fails"
    if corrected is not None and accepted:
        published = agrees(claim, expected, obtained)
        verdict = "erratum refuted" if published else "erratum confirmed"
    tolerance = claim_tolerance(claim, right, obtained)
    return Judgement(preset, claim, expected, corrected, obtained, tolerance, verdict)


def uses_group_band(claim: Claim) -> bool:
    """Return whether a claim is decided by the band of its statistic over groups of replicates."""
    return claim.runs is not None and claim.standard_errors is None


def agrees(claim: Claim, band: Band, obtained: Measurement) -> bool:
    """Return whether a run agrees with a value."""
    tolerance = claim_tolerance(claim, band, obtained)
    if uses_group_band(claim):
        return obtained.low - tolerance <= band[0] and band[1] <= obtained.high + tolerance
    return band[0] - tolerance <= obtained.value <= band[1] + tolerance


def claim_tolerance(claim: Claim, band: Band, obtained: Measurement) -> float:
    """Return how far a value may lie outside of a band; NaN if that is unknown.

    Parameters
    ----------
    claim : Claim
    band : (float, float)
        The value that should hold.
    obtained : Measurement
    """
    scale = max(abs(band[0]), abs(band[1]))
    total = (claim.tolerance or 0.0) + (claim.relative or 0.0) * scale
    if claim.standard_errors is not None:
        total += claim.standard_errors * obtained.standard_error
    return total
