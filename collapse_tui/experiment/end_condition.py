"""Conditions that end a run before its last generation: the key ``stop`` of an experiment."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from engines.config import is_list
from engines.errors import InvalidExperimentError, nearest
from engines.metrics.registry import METRICS

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FORM = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*([^\s<>=]+)\s*")
_EXAMPLE = "'variance < 1e-6'"
MOST_DIGITS = 17
"""Digits after which two numbers differ as text where they differ at all."""


@dataclass(frozen=True, slots=True)
class EndCondition:
    """The median of a metric over the replicates, compared with a number.

    Attributes
    ----------
    metric : str
    comparison : str
        One of `COMPARISONS`.
    bound : str
        The number, as it was written.
    """

    metric: str
    comparison: str
    bound: str

    def __str__(self) -> str:
        """Return the condition as it stands in an experiment."""
        return f"{self.metric} {self.comparison} {self.bound}"

    def is_met(self, median: float | None) -> bool:
        """Return whether a median meets it; an undefined one does not."""
        return median is not None and COMPARISONS[self.comparison](median, float(self.bound))

    def describe(self, median: float) -> str:
        """Return a clause with a median that meets it, in as few digits as still meet it."""
        texts = (f"{median:.{digits}g}" for digits in range(2, MOST_DIGITS + 1))
        shown = next((text for text in texts if self.is_met(float(text))), repr(median))
        return f"the median {self.metric} is {shown} {self.comparison} {self.bound}"


def read_end_conditions(value: Any) -> tuple[EndCondition, ...]:
    """Return the conditions of the key ``stop``.

    Parameters
    ----------
    value : object
        A condition such as ``"variance < 1e-6"``, or a list of them.

    Raises
    ------
    InvalidExperimentError
        If one cannot be read, or names no metric (the nearest is given).
    """
    texts: list[Any] = [value] if isinstance(value, str) else value
    if not is_list(texts) or not all(isinstance(text, str) for text in texts):
        raise InvalidExperimentError(
            f"stop must be a condition such as {_EXAMPLE}, or a list of them, got {value!r}"
        )
    return tuple(dict.fromkeys(map(_read, texts)))


def _read(text: str) -> EndCondition:
    found = _FORM.fullmatch(text)
    if found is None or not _is_finite(found[3]):
        raise InvalidExperimentError(
            f"stop must compare a metric with a finite number by {', '.join(COMPARISONS)}, as in"
            f" {_EXAMPLE}, got {text!r}"
        )
    condition = EndCondition(*found.groups())
    if condition.metric not in METRICS:
        raise InvalidExperimentError(
            f"stop names the unknown metric {condition.metric!r}:"
            f" {nearest(condition.metric, METRICS)}"
        )
    return condition


def _is_finite(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def require_measured(conditions: Iterable[EndCondition], measured: Sequence[str]) -> None:
    """Refuse conditions on metrics that a stored run does not measure.

    Raises
    ------
    InvalidExperimentError
        Naming the metric, and the nearest that is measured.
    """
    for condition in conditions:
        if condition.metric not in measured:
            raise InvalidExperimentError(
                f"stop needs the metric {condition.metric!r}, which this run does not measure:"
                f" {nearest(condition.metric, measured)}"
            )


def met_conditions(
    conditions: Iterable[EndCondition], generation: int, summary: Mapping[str, Mapping[str, Any]]
) -> list[EndCondition]:
    """Return the conditions that a record meets.

    Parameters
    ----------
    conditions : iterable of EndCondition
    generation : int
        Record 0 describes the source and no model: it meets none.
    summary : mapping
        Of the record.
    """
    return [each for each in conditions if generation and each.is_met(summary[each.metric]["q50"])]


def describe_end(
    conditions: Iterable[EndCondition], generation: int, summary: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return why a run ends at a record, "" if it does not."""
    met = met_conditions(conditions, generation, summary)
    clauses = [each.describe(float(summary[each.metric]["q50"])) for each in met]
    return f"{' and '.join(clauses)} at generation {generation}" if clauses else ""
