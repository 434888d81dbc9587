"""The fresh-data loop with biased samples: limits, and which laws hold with a bias."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from engines.theory import registry
from engines.theory.case import Case
from engines.theory.gaussian import mad
from engines.theory.second_moments.mixture import mixture_moments

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]
Make = SimpleNamespace

METRICS = sorted({overlay.metric for overlay in registry.overlays()})


def test_oracles(agrees: Agrees) -> None:
    """docs/theory.md §2.4: n_r = 100, n_s = 50, a bias of 0.7, and 20, 80 without."""
    centre, spread = mad.stationary(100, 50, 0.7)
    assert agrees(centre, "0.00651183")
    assert agrees(spread, "0.863903")
    unbiased = mad.stationary(20, 80, 1.0)
    assert agrees(unbiased[0], "0.0271739")
    assert unbiased[1] == pytest.approx(1 - unbiased[0])
    assert not agrees(mad.stationary(100, 50, 1.0)[0], "0.00651183")
    assert not agrees(mad.stationary(100, 50, 0.7, "unbiased")[1], "0.863903")


@pytest.mark.parametrize("estimator", ["mle", "unbiased"])
@pytest.mark.parametrize("bias", [1.0, 0.7])
def test_the_recursion_ends_there(
    make: Make, make_case: MakeCase, estimator: str, bias: float
) -> None:
    engine = make.engine(estimator=estimator, sampling_bias=bias)
    policy = make.policy(fresh=0.25, counts="fixed")
    found = mixture_moments(make_case(40, 299, engines=engine, policies=policy), 1.0)
    limit = mad.stationary(10, 30, bias, estimator)
    assert (found.var_of_mean[-1], found.mean_of_var[-1]) == pytest.approx(limit)


def test_the_limits_are_drawn_in_fixed_shares_alone(make: Make, make_case: MakeCase) -> None:
    engine = make.engine(estimator="mle", sampling_bias=0.7)
    policy = make.policy(fresh=0.25, counts="fixed")
    source = make.normal(1.0, 4.0)
    case = make_case(40, 5, source=source, engines=engine, policies=policy)
    found = {o.name: values for o, values, _ in registry.curves_for(case, ["mean", "variance"])[0]}
    centre, spread = mad.stationary(10, 30, 0.7)
    assert found["mad.limit.mean.variance"] == pytest.approx(np.full(6, 4 * centre))
    assert found["mad.limit.variance.mean"] == pytest.approx(np.full(6, 4 * spread))
    for other in (make.policy(fresh=0.25), make.policy(counts="fixed"), make.policy("accumulate")):
        case = make_case(40, 5, engines=engine, policies=other)
        assert "mad.limit.variance.mean" in registry.curves_for(case, METRICS)[1]


HOLD_WITH_BIAS = {
    "gaussian.bertrand.alive.mean",
    "gaussian.replace.alive.mean",
    "gaussian.replace.log_sigma.mean",
    "gaussian.replace.log_sigma.median",
    "gaussian.suresh_figure.alive.mean",
    "gaussian.replace.log_sigma.q05",
    "gaussian.replace.log_sigma.q95",
    "gaussian.replace.log_sigma.variance",
    "gaussian.replace.sd.mean",
    "gaussian.replace.sd.median",
    "gaussian.replace.sd.variance",
    "gaussian.replace.variance.median",
    "gaussian_nd.bound.log_condition.mean",
    "gaussian_nd.replace.log_det_ratio.mean",
    "gaussian_nd.replace.log_det_ratio.variance",
}
"""Laws of the spread alone, which take the bias into account, beside second moments."""
SECOND = {"variance", "mean", "variance_sample", "mean_sample", "trace_ratio", "mean_error"}


@pytest.mark.parametrize("kind", ["real", "real-nd"])
def test_every_other_law_is_refused(make: Make, make_case: MakeCase, kind: str) -> None:
    source = make.normal() if kind == "real" else make.nd([[2, 0.5], [0.5, 1]])
    engine = make.engine(sampling_bias=0.9)
    curves, absent = registry.curves_for(make_case(20, 220, source=source, engines=engine), METRICS)
    drawn = {overlay.name for overlay, _, _ in curves if overlay.metric not in SECOND}
    prefix = "gaussian_nd." if kind == "real-nd" else "gaussian."
    second = "trace_ratio" if kind == "real-nd" else "variance"
    expected = {name for name in HOLD_WITH_BIAS if name.startswith(prefix)}
    assert drawn == {name for name in expected if name.split(".")[2] not in SECOND}
    assert expected | {f"{prefix}replace.{second}.mean"} <= {o.name for o, _, _ in curves}
    without = make_case(20, 220, source=source, engines=make.engine(sampling_bias=1.0))
    lost = {o.name for o, _, _ in registry.curves_for(without, METRICS)[0]} - {
        o.name for o, _, _ in curves
    }
    assert len(lost) >= 3
    assert {absent[name] for name in lost} == {
        "holds only for samples with the model's own variance (sampling_bias = 1)"
    }


def test_a_bias_that_comes_later_counts_too(make: Make, make_case: MakeCase) -> None:
    engines = [make.engine()] * 4 + [make.engine(sampling_bias=0.5)] * 3
    curves, absent = registry.curves_for(make_case(20, 6, engines=engines), ["log_sigma", "kl"])
    found = {o.name: values for o, values, _ in curves}["gaussian.replace.log_sigma.mean"]
    whole = registry.curves_for(make_case(20, 6), ["log_sigma"])[0]
    without = {o.name: values for o, values, _ in whole}["gaussian.replace.log_sigma.mean"]
    # Model 4 is fitted on samples of model 3; the first biased ones are those of model 4.
    assert found[:5] == pytest.approx(without[:5])
    assert found[5:] - without[5:] == pytest.approx(np.log(0.5) / 2 * np.array([1, 2]))
    assert "sampling_bias" in absent["gaussian.replace.kl.mean"]
