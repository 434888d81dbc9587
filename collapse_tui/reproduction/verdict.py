"""The verdict on a claim: its value compared with what a run gave."""

import math
from dataclasses import dataclass
from typing import Literal

from collapse_tui.experiment.claim import Claim
from collapse_tui.reproduction.stated_claim import AnyClaim, Band, WaitingClaim
from collapse_tui.reproduction.statistic import Measurement

Verdict = Literal["holds", "fails", "erratum confirmed", "erratum refuted", "not run"]
GOOD: frozenset[Verdict] = frozenset({"holds", "erratum confirmed", "not run"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim with its verdict.

    Attributes
    ----------
    resolved : ResolvedClaim or WaitingClaim
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

    resolved: AnyClaim
    expected: Band
    corrected: Band | None
    obtained: Measurement | None
    tolerance: float
    verdict: Verdict

    @property
    def claim(self) -> Claim:
        """The claim as the preset states it."""
        return self.resolved.claim

    @property
    def good(self) -> bool:
        """Whether the verdict is as it should be."""
        return self.verdict in GOOD

    @property
    def note(self) -> str:
        """Why there is no number; empty where there is one."""
        if self.obtained is not None:
            return self.obtained.note
        return self.resolved.needs if isinstance(self.resolved, WaitingClaim) else "slow"


def judge(resolved: AnyClaim, obtained: Measurement | None) -> Judgement:
    """Return the verdict on one claim.

    Parameters
    ----------
    resolved : ResolvedClaim or WaitingClaim
    obtained : Measurement or None
        What its run gave; None if it was not run.
    """
    expected, corrected = resolved.expected, resolved.corrected
    if obtained is None:
        return Judgement(resolved, expected, corrected, None, math.nan, "not run")
    right = expected if corrected is None else corrected
    verdict: Verdict = "holds" if _agrees(resolved, right, obtained) else "fails"
    if corrected is not None and verdict == "holds":
        published = _agrees(resolved, expected, obtained)
        verdict = "erratum refuted" if published else "erratum confirmed"
    tolerance = _tolerance(resolved.claim, right, obtained)
    return Judgement(resolved, expected, corrected, obtained, tolerance, verdict)


def _agrees(resolved: AnyClaim, band: Band, obtained: Measurement) -> bool:
    tolerance = _tolerance(resolved.claim, band, obtained)
    if resolved.uses_group_band:
        return obtained.low - tolerance <= band[0] and band[1] <= obtained.high + tolerance
    return band[0] - tolerance <= obtained.value <= band[1] + tolerance


def _tolerance(claim: Claim, band: Band, obtained: Measurement) -> float:
    """Return how far a value may lie outside of a band; NaN if that is unknown."""
    scale = max(abs(band[0]), abs(band[1]))
    total = (claim.tolerance or 0.0) + (claim.relative or 0.0) * scale
    if claim.standard_errors is not None:
        total += claim.standard_errors * obtained.standard_error
    return total
