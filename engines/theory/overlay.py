"""An overlay: a closed form, the metric and the statistic that it predicts, and when it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self, cast

from engines.theory.case import Case, Condition, Values
from engines.theory.references import Reference

Statistic = Literal["mean", "median", "variance", "q05", "q25", "q75", "q95", "limit", "path"]
Status = Literal["exact", "published", "limit", "bound", "approximation"]


def _single(_: Case) -> float:
    return 1.0


@dataclass(frozen=True, slots=True)
class Overlay:
    """A law drawn over the simulation.

    Attributes
    ----------
    name : str
        Unique, dotted: ``gaussian.replace.w2_squared``.
    label : str
        At most 24 characters, for the legend.
    metric : str
        The metric that it predicts.
    statistic : str
        Which statistic across replicates, ``"limit"`` (M to infinity) or ``"path"``
        (every single run, deterministic).
    status : str
        ``"exact"``, ``"published"`` (as printed in the source, wrong or only asymptotic),
        ``"limit"``, ``"bound"`` or ``"approximation"``.
    condition : Condition
        Case → None where the law holds, else the reason why it does not, as a clause.
    values : Values
        Case → array of shape (G + 1,), NaN where the law gives no value.
    reference : Reference
    variance : Values or None
        Exact variance of the metric across replicates, for z-scores; None where unknown,
        NaN where the law is too heavy-tailed for one.
    work : callable
        Case → about how many numbers one generation computes; decides how far ahead of its run
        a law is evaluated.
    """

    name: str
    label: str
    metric: str
    statistic: Statistic
    status: Status
    condition: Condition
    values: Values
    reference: Reference
    variance: Values | None = None
    work: Callable[[Case], float] = _single

    @classmethod
    def create(  # noqa: PLR0913 - the fields of a row in a table of overlays
        cls,
        name: str,
        *,
        label: str,
        values: Values,
        condition: Condition,
        reference: Reference,
        status: Status = "exact",
        variance: Values | None = None,
        work: Callable[[Case], float] = _single,
    ) -> Self:
        """Return the overlay called ``prefix.metric.statistic``."""
        _, metric, statistic = name.rsplit(".", 2)
        return cls(
            name,
            label,
            metric,
            cast("Statistic", statistic),
            status,
            condition,
            values,
            reference,
            variance,
            work,
        )
