"""A claim against what a run gave: the verdict."""

import math
from dataclasses import dataclass
from typing import Literal

from collapse_tui.experiment.claim import Claim
from collapse_tui.reproduction.statistic import Measured

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
        As published, or as a law says.
    corrected : (float, float) or None
        What holds instead.
    obtained : Measured or None
        None if it was not run.
    allowance : float
        By how much the run may miss the value that should hold; 0 for an interval alone.
    verdict : str
    """

    preset: str
    claim: Claim
    expected: Band
    corrected: Band | None
    obtained: Measured | None
    allowance: float
    verdict: Verdict

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.verdict in GOOD


def judge(
    preset: str, claim: Claim, expected: Band, corrected: Band | None, obtained: Measured | None
) -> Judgement:
    """Return the verdict on one claim.

    Parameters
    ----------
    preset : str
    claim : Claim
    expected, corrected : (float, float)
        The values with laws evaluated.
    obtained : Measured or None
        None: its run was not asked for.

    Returns
    -------
    Judgement
    """
    right = expected if corrected is None else corrected
    if obtained is None:
        return Judgement(preset, claim, expected, corrected, None, math.nan, "not run")
    accepted = agrees(claim, right, obtained)
    verdict: Verdict = "holds" if accepted else "fails"
    if corrected is not None and accepted:
        published = agrees(claim, expected, obtained)
        verdict = "erratum refuted" if published else "erratum confirmed"
    allowance = allowed(claim, right, obtained)
    return Judgement(preset, claim, expected, corrected, obtained, allowance, verdict)


def by_groups(claim: Claim) -> bool:
    """Return whether the band over groups of replicates decides."""
    return claim.runs is not None and claim.standard_errors is None


def agrees(claim: Claim, band: Band, obtained: Measured) -> bool:
    """Return whether a run agrees with a value."""
    allowance = allowed(claim, band, obtained)
    if by_groups(claim):
        return obtained.low - allowance <= band[0] and band[1] <= obtained.high + allowance
    return band[0] - allowance <= obtained.value <= band[1] + allowance


def allowed(claim: Claim, band: Band, obtained: Measured) -> float:
    """Return by how much a value may lie outside of a band; NaN if that is unknown.

    Parameters
    ----------
    claim : Claim
    band : (float, float)
        The value that should hold.
    obtained : Measured
    """
    scale = max(abs(band[0]), abs(band[1]))
    total = (claim.tolerance or 0.0) + (claim.relative or 0.0) * scale
    if claim.standard_errors is not None:
        total += claim.standard_errors * obtained.standard_error
    return total
