"""Claims held against runs: which runs they need, what those give, and the verdicts."""

from collapse_tui.reproduction.plan import Stated, Task, planned, stated
from collapse_tui.reproduction.reproduce import ClaimRunError, judgements
from collapse_tui.reproduction.statistic import Measured, Quantity, measured
from collapse_tui.reproduction.verdict import Judgement, by_groups, judge

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
