"""Claims held against runs: which runs they need, what those give, and the verdicts."""

from collapse_tui.reproduction.judging import Judgement, by_groups, judge
from collapse_tui.reproduction.planning import Stated, Task, planned, stated
from collapse_tui.reproduction.quantity import Measured, Quantity, measured
from collapse_tui.reproduction.working import ClaimRunError, judgements

__all__ = [
    "ClaimRunError",
    "Judgement",
    "Measured",
    "Quantity",
    "Stated",
    "Task",
    "by_groups",
    "judge",
    "judgements",
    "measured",
    "planned",
    "stated",
]
