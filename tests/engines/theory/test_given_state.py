"""Laws from a state on: what they are in closed form, and where none starts."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engines.theory.given_state.law import AVERAGES, StateMoments
from engines.theory.given_state.registry import curves_after, state_laws

NUMBERS = ("mean", "variance", "log_sigma", "sd", "w2_squared", "kl", "w1")
START = {"size": 10.0, "mean": 2.0, "mean_error": 5.0, "variance": 3.0, "variance_squared": 10.0,
         "sd": 1.7, "log_sd": 0.5, "mean_spread": 1.0}  # fmt: skip


def found(case: Any, generation: int = 4, last: int = 12, **averages: float) -> Any:
    """Return metric.statistic → values, its variances, and the reasons of the others."""
    state = StateMoments(generation, {**START, **averages})
    curves, absent = curves_after(case, state, last, NUMBERS)
    values = {f"{law.metric}.{law.statistic}": each for law, each, _ in curves}
    scatter = {law.metric: each for law, _, each in curves if law.statistic == "mean"}
    return values, scatter, absent


def test_replacement_in_closed_form(make_case: Any) -> None:
    values, variances, absent = found(make_case(10, 12))
    k = np.arange(8)
    assert np.isnan(values["variance.mean"][:5]).all()
    # unbiased: E v stays that of model 5, (m - μ)² grows by v/M a fit
    assert values["variance.mean"][5:] == pytest.approx(np.full(8, 10 / 3))
    assert values["mean.mean"][5:] == pytest.approx(np.full(8, 2.0))
    assert variances["mean"][5:9] == pytest.approx(k[:4] / 3)
    # then rare runs dominate the means, and z-scores would say nothing
    assert np.isnan(variances["mean"][9:]).all()
    assert values["mean.variance"][5:] == pytest.approx(1 + k / 3)
    assert values["log_sigma.mean"][5] == pytest.approx(0.5 + np.log(10 / 9) / 2)
    assert (np.diff(values["log_sigma.mean"][5:]) < 0).all()
    risk = 5.0 + k / 3 + 10 / 3 + 1 - 2 * values["sd.mean"][5:]
    assert values["w2_squared.mean"][5:] == pytest.approx(risk)
    assert set(absent) == {"w1"}


def test_fresh_data_pull_back(make_case: Any, make: SimpleNamespace) -> None:
    values, variances, absent = found(make_case(10, 12, policies=make.policy(fresh=0.4)))
    assert values["mean.mean"][5:] == pytest.approx(2.0 * 0.6 ** np.arange(8))
    assert variances["mean"][5] == 0
    assert set(absent) == {"log_sigma", "sd", "w2_squared", "kl", "w1"}
    assert absent["kl"] == "from a state it is known under replacement only"


def test_it_ends_where_the_policy_remembers_more(make_case: Any, make: SimpleNamespace) -> None:
    policies = [make.policy()] * 8 + [make.policy(previous=0.3)] * 5
    values, _, _ = found(make_case(10, 12, policies=policies))
    # model 8 is fitted on T_7; D_8 is the first that the earlier law has a share in
    assert np.isfinite(values["mean.mean"][5:9]).all()
    assert np.isnan(values["mean.mean"][9:]).all()
    _, _, absent = found(make_case(10, 12, policies=policies), generation=8)
    assert absent["mean"] == "from a state it is known under mix without previous and keep only"


@pytest.mark.parametrize("missing", ["size", "mean", "log_sd"])
def test_what_is_undefined_has_no_law(make_case: Any, missing: str) -> None:
    averages = {name: value for name, value in START.items() if name != missing}
    curves, absent = curves_after(make_case(10, 12), StateMoments(4, averages), 12, NUMBERS)
    metrics = {"size": NUMBERS, "mean": ("mean",), "log_sd": ("log_sigma",)}[missing]
    for metric in metrics:
        if metric != "w1":
            assert absent[metric] == AVERAGES[missing]
    assert (not curves) == (missing == "size")


def test_an_engine_without_rows_is_named(make_case: Any, make: SimpleNamespace) -> None:
    case = make_case(10, 12, engines=make.engine("vae"))
    curves, absent = curves_after(case, StateMoments(4, START), 12, NUMBERS)
    assert not curves
    assert absent["mean"] == "no law starts from a state of the vae engine"


def test_names_are_unique_and_say_what_is_predicted() -> None:
    laws = state_laws()
    pairs = {(law.name, law.variance is None) for law in laws}
    assert len(pairs) == len(laws)
    assert all(".state." in law.name and set(law.needs) <= set(AVERAGES) for law in laws)
