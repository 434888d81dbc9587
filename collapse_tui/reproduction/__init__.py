"""Claims compared with runs: which runs they need, what those give, and the verdicts."""

from collapse_tui.reproduction.plan import ClaimRun, ResolvedClaim, plan_runs, resolve_claims
from collapse_tui.reproduction.reproduce import ClaimRunError, decide_claims
from collapse_tui.reproduction.statistic import Measurement, MetricStatistic, measure
from collapse_tui.reproduction.verdict import Judgement, judge, uses_group_band

__all__ = [
    "ClaimRun",
    "ClaimRunError",
    "Judgement",
    "Measurement",
    "MetricStatistic",
    "ResolvedClaim",
    "decide_claims",
    "judge",
    "measure",
    "plan_runs",
    "resolve_claims",
    "uses_group_band",
]
