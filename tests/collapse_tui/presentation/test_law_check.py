"""Why there is no z-score, and what is said instead."""

from dataclasses import replace

import numpy as np
import pytest

from collapse_tui.events import Curve
from collapse_tui.presentation.law_check import LawCheck, explain_check


def checked(status, value, expected, reason=""):
    curve = Curve("law", "theory", "w1", "mean", status, np.array([expected]), None, "someone")
    return LawCheck("mean", value, "", curve, expected, reason=reason)


@pytest.mark.parametrize(
    ("status", "value", "close"),
    [("limit", 1.19, True), ("limit", 1.21, False), ("approximation", 0.81, True),
     ("bound", 1.0, False), ("published", 1.0, False), ("exact", 1.0, False)],
)  # fmt: skip
def test_a_value_within_a_fifth_of_a_limit_is_close(status, value, close):
    assert checked(status, value, 1.0).is_close is close


def test_a_missing_score_is_explained():
    said = explain_check(checked("exact", 2.0, 3.0, "heavy tail"))
    assert said.startswith("Shown: mean 2.00; theory: 3.00. A few rare runs")
    assert "no z" in said
    limit = explain_check(checked("limit", 1.1, 1.0, "a limit"))
    assert limit.endswith("it is within 20 %, close to it.")
    scored = replace(checked("exact", 2.0, 3.0), score=-1.5)
    assert explain_check(scored).endswith("z −1.5, so many standard errors apart: they agree.")
    assert "differ" in explain_check(replace(scored, score=5.0))
    assert explain_check(LawCheck("run", 1.0, reason="no closed form here")) == (
        "Shown: run 1.00. Theory: no closed form here."
    )
