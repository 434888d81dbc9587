"""Verdicts, each with its negative control."""

import math
from typing import Any

import pytest

from collapse_tui.experiment.claim import Claim
from collapse_tui.presentation.verdict_text import (
    format_obtained,
    format_verdict,
    summarize_verdicts,
)
from collapse_tui.reproduction.by_seed import SeedVerdicts
from collapse_tui.reproduction.stated_claim import ResolvedClaim
from collapse_tui.reproduction.statistic import Measurement
from collapse_tui.reproduction.verdict import Judgement, judge

NOT_A_NUMBER = Measurement(math.nan, math.nan, 100, "undefined in 1 of 100 replicates")


def claim(**settings: Any) -> Claim:
    return Claim(text="t", metric="variance", generation=3, **{"expected": 1.0, **settings})


def judged(value: float | Measurement | None, stated: Claim) -> Judgement:
    got = Measurement(value, 0.01, 100) if isinstance(value, float) else value
    experiment: Any = None  # only laws are evaluated with one
    return judge(ResolvedClaim("p", 1, stated, experiment), got)


@pytest.mark.parametrize(
    ("settings", "inside", "outside"),
    [
        ({"tolerance": 0.1}, 1.09, 1.11),
        ({"relative": 0.2, "expected": -2.0}, -2.39, -2.41),
        ({"standard_errors": 4}, 0.961, 0.959),
        ({"standard_errors": 4, "tolerance": 0.1}, 1.139, 1.141),
        ({"expected": (1.0, 2.0)}, 2.0, 2.0001),
        ({"expected": (1.0, 2.0), "standard_errors": 2}, 2.019, 2.021),
    ],
)
def test_holds_and_fails(settings: dict[str, Any], inside: float, outside: float) -> None:
    stated = claim(**settings)
    assert judged(inside, stated).verdict == "holds"
    assert judged(inside, stated).good
    assert judged(outside, stated).verdict == "fails"
    assert not judged(outside, stated).good


@pytest.mark.parametrize("value", [math.inf, -math.inf, NOT_A_NUMBER])
def test_no_number_never_holds(value: float | Measurement) -> None:
    for settings in ({"tolerance": 1e9}, {"standard_errors": 4}, {"expected": (-1e9, 1e9)}):
        assert judged(value, claim(**settings)).verdict == "fails"


def test_an_unknown_standard_error_never_holds() -> None:
    got = Measurement(1.0, math.nan, 1)
    assert judged(got, claim(standard_errors=4)).verdict == "fails"


def test_a_published_statistic_must_lie_among_those_of_groups() -> None:
    got = Measurement(0.5, math.nan, 44000, "", 0.2, 0.9)
    assert judged(got, claim(runs=110, expected=0.89)).verdict == "holds"
    assert judged(got, claim(runs=110, expected=0.91)).verdict == "fails"
    assert judged(got, claim(runs=110, expected=0.91, tolerance=0.02)).verdict == "holds"
    unknown = Measurement(0.5, math.nan, 100)
    assert judged(unknown, claim(runs=110, expected=0.5)).verdict == "fails"


def test_an_erratum_needs_the_published_value_rejected_and_its_twin_accepted() -> None:
    stated = claim(expected=1.0, corrected=2.0, erratum="E0", tolerance=0.1)
    assert judged(2.05, stated).verdict == "erratum confirmed"
    assert judged(2.05, stated).good
    assert judged(1.05, stated).verdict == "fails"
    assert judged(1.5, stated).verdict == "fails"
    vague = claim(expected=1.0, corrected=1.1, erratum="E0", tolerance=0.2)
    assert judged(1.05, vague).verdict == "erratum refuted"
    assert not judged(1.05, vague).good


def test_what_was_not_run_is_no_failure() -> None:
    item = judged(None, claim(tolerance=0.1))
    assert item.verdict == "not run"
    assert item.good


def test_verdicts_are_counted_in_good_grammar() -> None:
    good, bad = judged(1.0, claim(tolerance=0.1)), judged(2.0, claim(tolerance=0.1))
    wrong = judged(1.0, claim(tolerance=0.1, expected=2.0, corrected=1.0, erratum="E1"))
    waits = judged(None, claim(tolerance=0.1))
    one = "4 claims: 1 holds, 1 erratum confirmed, 1 fails, 1 not run"
    found = [SeedVerdicts((item,)) for item in (good, bad, wrong, waits)]
    assert summarize_verdicts(found) == one
    two = "8 claims: 2 hold, 2 errata confirmed, 2 fail, 2 not run"
    assert summarize_verdicts(2 * found) == two


def test_a_claim_holds_only_if_it_does_at_every_seed() -> None:
    good, bad = judged(1.0, claim(tolerance=0.1)), judged(2.0, claim(tolerance=0.1))
    mixed, ill, waits = (
        SeedVerdicts(found)
        for found in ((good, bad, good), (bad, bad), (judged(None, claim(tolerance=0.1)),))
    )
    assert (mixed.share, mixed.good, mixed.verdict) == (pytest.approx(2 / 3), False, "fails")
    assert format_verdict(mixed) == "holds at 2 of 3 seeds"
    assert format_verdict(ill) == "fails at 2 of 2 seeds"
    assert format_verdict(SeedVerdicts((bad,))) == "fails"
    assert format_obtained(mixed) == "1 … 2"
    assert (waits.share, format_verdict(waits)) == (None, "not run: slow")
    assert summarize_verdicts([mixed, ill, waits]) == "3 claims: 2 fail, 1 not run"
