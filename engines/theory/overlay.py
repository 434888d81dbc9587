"""An overlay: a closed form, the metric and the statistic that it predicts, and when it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engines.theory.case import Case, FloatArray

Statistic = Literal["mean", "median", "variance", "q05", "q25", "q75", "q95", "limit", "path"]
Status = Literal["exact", "published", "limit", "bound", "approximation"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a formula stands.

    Attributes
    ----------
    key : str
        BibTeX key, e.g. ``"shumailov2024"``.
    authors, title : str
    year : int
    link : str
        arXiv number or DOI.
    where : str
        Equation, theorem or figure.
    """

    key: str
    authors: str
    title: str
    year: int
    link: str
    where: str = ""


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
    condition : callable
        Case → None where the law holds, else the reason it does not, as a clause.
    values : callable
        Case → array of shape (G + 1,), NaN where the law says nothing.
    reference : Reference
    variance : callable or None
        Case → array of shape (G + 1,): exact variance of the metric across replicates,
        for z-scores; None where unknown or where the law is too heavy-tailed for one.
    """

    name: str
    label: str
    metric: str
    statistic: Statistic
    status: Status
    condition: Callable[[Case], str | None]
    values: Callable[[Case], FloatArray]
    reference: Reference
    variance: Callable[[Case], FloatArray] | None = None
