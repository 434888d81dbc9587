"""The claims of presets, decided: runs only what no stored result answers."""

from collections.abc import Callable, Sequence

from collapse_tui.reproduction.cache import load_results, results_path, save_results
from collapse_tui.reproduction.observe import Listener, observe
from collapse_tui.reproduction.plan import ClaimRun, plan_runs
from collapse_tui.reproduction.stated_claim import AnyClaim, ResolvedClaim
from collapse_tui.reproduction.statistic import Measurement, MetricStatistic
from collapse_tui.reproduction.verdict import Judgement, judge

RunListener = Callable[[ClaimRun, int, int], Listener]
"""Called before each run with its number (from 1) and their count; returns what takes its events.
A run whose results are stored has no events."""


def _ignore(run: ClaimRun, number: int, count: int) -> Listener:
    del run, number, count
    return lambda _: None


def decide_claims(
    claims: Sequence[AnyClaim],
    *,
    slow: bool = False,
    use_cache: bool = True,
    on_run: RunListener = _ignore,
) -> list[Judgement]:
    """Return the verdicts on claims, in their order.

    Parameters
    ----------
    claims : sequence of ResolvedClaim or WaitingClaim
    slow : bool
        Run the claims that are marked as slow too; else their verdict is "not run".
    use_cache : bool
        Take stored results of earlier runs.
    on_run : callable

    Raises
    ------
    ClaimRunError
        If a run fails.
    """
    runs = plan_runs(
        item
        for item in claims
        if isinstance(item, ResolvedClaim) and (slow or item.claim.cost == "quick")
    )
    found: dict[AnyClaim, Measurement] = {}
    for number, run in enumerate(runs, start=1):
        listener = on_run(run, number, len(runs))
        results = _measure_run(run, listener, use_cache=use_cache)
        found |= {item: results[item.statistic] for item in run.claims}
    return [judge(item, found.get(item)) for item in claims]


def _measure_run(
    run: ClaimRun, listener: Listener, *, use_cache: bool
) -> dict[MetricStatistic, Measurement]:
    path = results_path(run.experiment)
    wanted = {item.statistic for item in run.claims}
    stored = load_results(path) if use_cache else {}
    if wanted <= stored.keys():
        return stored
    results = observe(run.experiment, wanted, listener)
    save_results(path, results)
    return results
