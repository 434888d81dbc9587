"""The verdicts on one claim at several seeds."""

from collections.abc import Iterable
from dataclasses import dataclass

from collapse_tui.reproduction.verdict import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class SeedVerdicts:
    """One claim, judged at one seed or several.

    Attributes
    ----------
    judgements : tuple of Judgement
        At least one, in the order of the seeds.
    """

    judgements: tuple[Judgement, ...]

    @property
    def first(self) -> Judgement:
        """The judgement at the first seed."""
        return self.judgements[0]

    @property
    def share(self) -> float | None:
        """The share of the seeds at which the claim holds; None if it was not run."""
        if self.first.obtained is None:
            return None
        return sum(item.good for item in self.judgements) / len(self.judgements)

    @property
    def good(self) -> bool:
        """Whether the verdict is as it should be at every seed."""
        return all(item.good for item in self.judgements)

    @property
    def verdict(self) -> Verdict:
        """The verdict, the worst of all seeds."""
        return min(self.judgements, key=lambda item: item.good).verdict


def group_by_claim(found: Iterable[Judgement]) -> list[SeedVerdicts]:
    """Return the verdicts of each claim, in the order in which the claims first appear.

    Parameters
    ----------
    found : iterable of Judgement
    """
    groups: dict[tuple[str, int], list[Judgement]] = {}
    for item in found:
        groups.setdefault((item.resolved.preset, item.resolved.number), []).append(item)
    return [SeedVerdicts(tuple(group)) for group in groups.values()]
