"""The claims of some presets, decided."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from collapse_tui.events import Event
from collapse_tui.reproduction.cache import path_of, recall, remember
from collapse_tui.reproduction.observe import ClaimRunError, observe
from collapse_tui.reproduction.plan import Stated, Task, planned, quantities
from collapse_tui.reproduction.statistic import Measured, Quantity
from collapse_tui.reproduction.verdict import Judgement, judge

__all__ = ["ClaimRunError", "Told", "judgements"]


class Told(Protocol):
    """Is told how the work goes on."""

    def begins(self, task: Task, number: int, count: int) -> Callable[[Event], object]:
        """Return what listens to the run of task `number` of `count`."""
        ...


class _Silent:
    def begins(self, task: Task, number: int, count: int) -> Callable[[Event], object]:
        return lambda _: None


def judgements(
    claims: Sequence[Stated],
    *,
    slow: bool = False,
    anew: bool = False,
    told: Told | None = None,
) -> list[Judgement]:
    """Return the verdicts on claims, in their order.

    Parameters
    ----------
    claims : sequence of Stated
    slow : bool
        Run those marked as slow too; else they are not run.
    anew : bool
        Run everything, whatever is remembered.
    told : Told or None

    Raises
    ------
    ClaimRunError
        If a run fails.
    """
    chosen = [item for item in claims if slow or item.claim.cost == "quick"]
    found: dict[Stated, Measured] = {}
    tasks = planned(chosen)
    listener = told or _Silent()
    for number, task in enumerate(tasks, start=1):
        results = _results(task, listener.begins(task, number, len(tasks)), anew=anew)
        found |= {item: results[Quantity.of(item.claim)] for item in task.stated}
    return [
        judge(item.preset, item.claim, item.expected, item.corrected, found.get(item))
        for item in claims
    ]


def _results(
    task: Task, listen: Callable[[Event], object], *, anew: bool
) -> dict[Quantity, Measured]:
    path = path_of(task.experiment)
    asked: Iterable[Quantity] = quantities(task)
    known = {} if anew else recall(path)
    if all(quantity in known for quantity in asked):
        return known
    results = observe(task.experiment, asked, listen)
    remember(path, results)
    return results
