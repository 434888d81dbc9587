"""Which overlays hold of which case, and why the others do not."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from engines.laws.empirical import EmpiricalLaw
from engines.theory import registry
from engines.theory.case import Case

MakeCase = Callable[..., Case]
Make = SimpleNamespace

METRICS = sorted({overlay.metric for overlay in registry.overlays()})


def test_names_are_unique_and_labels_short() -> None:
    names = [overlay.name for overlay in registry.overlays()]
    assert len(set(names)) == len(names)
    assert all(0 < len(overlay.label) <= 24 for overlay in registry.overlays())
    assert all(overlay.reference.link for overlay in registry.overlays())


def build(make: Make, make_case: MakeCase, kind: str, policy: str, generations: int = 6) -> Case:
    engines = {
        "real": make.engine(),
        "real-nd": make.engine(),
        "states": make.engine("discrete"),
        "kde": make.engine("kde"),
    }
    sources = {
        "real": make.normal(),
        "real-nd": make.nd([[2, 0.5], [0.5, 1]]),
        "states": make.states([0.5, 0.3, 0.2], [0, 1, 2]),
        "kde": make.normal(),
    }
    policies = {
        "replace": make.policy(),
        "fresh": make.policy(fresh=0.2),
        "accumulate": make.policy("accumulate"),
        "subsample": make.policy("subsample"),
    }
    return make_case(
        20, generations, source=sources[kind], engines=engines[kind], policies=policies[policy]
    )


@pytest.mark.parametrize("kind", ["real", "real-nd", "states", "kde"])
@pytest.mark.parametrize("policy", ["replace", "fresh", "accumulate", "subsample"])
def test_every_curve_is_whole(make: Make, make_case: MakeCase, kind: str, policy: str) -> None:
    case = build(make, make_case, kind, policy)
    curves, absent = registry.curves_for(case, METRICS)
    assert len(curves) + len(absent) == len(registry.overlays())
    assert all(reason and "\n" not in reason for reason in absent.values())
    exact = [overlay for overlay, _, _ in curves if overlay.status == "exact"]
    assert exact
    assert len({(overlay.metric, overlay.statistic) for overlay in exact}) == len(exact)
    for overlay, values, variance in curves:
        assert values.shape == (7,), overlay.name
        assert np.all(np.isfinite(values)), overlay.name
        if variance is not None:
            assert variance.shape == (7,), overlay.name
            assert not np.any(variance < 0), overlay.name


@pytest.mark.parametrize("kind", ["real", "real-nd", "states", "kde"])
def test_generation_0_is_the_source(make: Make, make_case: MakeCase, kind: str) -> None:
    case = build(make, make_case, kind, "replace")
    start = {"variance": case.source.covariance[0, 0], "trace_ratio": 1.0, "mean_error": 0.0}
    for overlay, values, _ in registry.curves_for(case, list(start))[0]:
        if overlay.statistic in {"mean", "limit"}:
            assert values[0] == pytest.approx(start[overlay.metric]), overlay.name


def test_only_the_metrics_asked_for(make: Make, make_case: MakeCase) -> None:
    curves, absent = registry.curves_for(build(make, make_case, "real", "replace"), ["kl"])
    assert {overlay.metric for overlay, _, _ in curves} == {"kl"}
    assert absent["kde.limit.kl"] == "holds only for the kde engine, not for gaussian"


def test_finite_variance_is_enough_for_second_moments_alone(
    make: Make, make_case: MakeCase
) -> None:
    source = make.real(make.normal().law)
    curves, absent = registry.curves_for(make_case(20, 5, source=source), METRICS)
    found = {overlay.metric for overlay, _, _ in curves}
    assert found == {"variance", "mean", "variance_sample", "mean_sample"}
    assert "normal" in absent["gaussian.replace.kl.mean"]
    variance = next(v for o, _, v in curves if o.name == "gaussian.replace.variance.mean")
    assert variance is not None
    assert np.all(np.isnan(variance))


def test_a_shared_start_is_refused(make: Make, make_case: MakeCase) -> None:
    curves, absent = registry.curves_for(make_case(20, 5, redraw=False), METRICS)
    assert not curves
    assert "own D_0" in absent["gaussian.replace.mean.variance"]
    limits = registry.curves_for(make_case(20, 5, engines=make.engine("kde"), redraw=False), ["w1"])
    assert [overlay.name for overlay, _, _ in limits[0]] == ["kde.limit.w1"]


def test_files(make: Make, make_case: MakeCase) -> None:
    law = EmpiricalLaw(np.sort(np.random.Generator(np.random.PCG64(0)).standard_normal(40)))
    source = make.real(law, rows=40)
    engine = make.engine("kde", bandwidth=0.4)
    whole = make_case(40, 3, source=source, engines=engine, redraw=False)
    curves, absent = registry.curves_for(whole, ["variance", "w1", "kl", "tv"])
    found = {overlay.name: values for overlay, values, _ in curves}
    exact = law.variance()[0] + 0.16
    assert found["kde.replace.variance.mean"][1] == pytest.approx(exact)
    assert np.all(np.isfinite(found["kde.limit.w1"]))
    assert "density" in absent["kde.limit.kl"]
    part = make_case(30, 3, source=source, engines=engine, redraw=False)
    reason = registry.curves_for(part, ["variance"])[1]["kde.replace.variance.mean"]
    assert "40 rows" in reason


def test_interventions_end_what_they_contradict(make: Make, make_case: MakeCase) -> None:
    policies = [make.policy()] * 4 + [make.policy(fresh=0.5)] * 7
    case = make_case(20, 10, policies=policies)
    curves, _ = registry.curves_for(case, ["log_sigma", "variance"])
    found = {overlay.name: values for overlay, values, _ in curves}
    assert np.all(np.isfinite(found["gaussian.replace.log_sigma.mean"][:5]))
    assert np.all(np.isnan(found["gaussian.replace.log_sigma.mean"][5:]))
    assert np.all(np.isfinite(found["gaussian.mixture.variance.mean"]))
    assert "gaussian.replace.variance.mean" not in found


def test_variances_end_where_rare_runs_take_over(make_case: MakeCase) -> None:
    curves, _ = registry.curves_for(make_case(20, 40), ["w2_squared"])
    _, values, variance = next(c for c in curves if c[0].name == "gaussian.replace.w2_squared.mean")
    assert np.all(np.isfinite(values))
    assert variance is not None
    assert np.all(np.isfinite(variance[:9]))
    assert np.all(np.isnan(variance[11:]))


def test_rare_runs_are_remembered_after_a_rescue(make: Make, make_case: MakeCase) -> None:
    policies = [make.policy()] * 20 + [make.policy(fresh=0.5)] * 11
    curves, _ = registry.curves_for(make_case(20, 30, policies=policies), ["mean"])
    variance = next(v for o, _, v in curves if o.name == "gaussian.mixture.mean.mean")
    assert variance is not None
    assert np.all(np.isfinite(variance[:9]))
    assert np.all(np.isnan(variance[11:]))


def test_published_formulas_stand_beside_the_exact_ones(make: Make, make_case: MakeCase) -> None:
    curves, _ = registry.curves_for(make_case(20, 10), ["w2_squared"])
    found = {overlay.name: (overlay.status, values[10]) for overlay, values, _ in curves}
    assert found["gaussian.published.w2_squared.mean"] == ("published", pytest.approx(0.75))
    assert found["gaussian.published.w2_squared.variance"] == ("published", pytest.approx(0.4875))
    assert found["gaussian.replace.w2_squared.mean"] == ("exact", pytest.approx(0.746474, abs=1e-6))
    _, absent = registry.curves_for(
        make_case(20, 10, engines=make.engine(estimator="mle")), ["w2_squared"]
    )
    assert "unbiased" in absent["gaussian.published.w2_squared.mean"]


def test_freezing_is_shown_at_the_end(make: Make, make_case: MakeCase) -> None:
    case = make_case(5, 60, source=make.normal(1.0, 4.0))
    curves, _ = registry.curves_for(case, ["mean"])
    values = next(v for o, v, _ in curves if o.name == "gaussian.freeze.mean.q95")
    assert np.all(np.isnan(values[:50]))
    assert values[50:] == pytest.approx(np.full(11, 1 + 2 * 2.91999), abs=1e-3)
    assert (
        "50 generations"
        in registry.curves_for(make_case(5, 40), ["mean"])[1]["gaussian.freeze.mean.q95"]
    )


def test_states_without_values_have_no_mean(make: Make, make_case: MakeCase) -> None:
    source = make.states([0.5, 0.5], [np.nan, np.nan])
    case = make_case(10, 3, source=source, engines=make.engine("discrete"))
    curves, absent = registry.curves_for(case, ["heterozygosity", "mean"])
    assert [overlay.name for overlay, _, _ in curves] == ["discrete.replace.heterozygosity.mean"]
    assert absent["discrete.replace.mean.mean"] == "the states have no values"


def test_too_few_points_are_refused(make_case: MakeCase) -> None:
    case = make_case([3, 3, 1, 3])
    _, absent = registry.curves_for(case, METRICS)
    assert "at least 2 points" in absent["gaussian.replace.variance.mean"]
    assert "at least 2 points, the smallest" in absent["gaussian.replace.kl.mean"]
    _, absent = registry.curves_for(make_case(3, 3), METRICS)
    assert "at least 4 points" in absent["gaussian.replace.kl_reverse.mean"]


def test_many_points_keep_their_digits(make_case: MakeCase) -> None:
    size = 10**9
    curves, _ = registry.curves_for(make_case(size, 10), ["w2_squared", "kl", "log_sigma"])
    found = {overlay.name: (values, variance) for overlay, values, variance in curves}
    share = 10 / size
    mean, variance = found["gaussian.replace.w2_squared.mean"]
    assert mean[10] == pytest.approx(1.5 * share, rel=1e-5)
    assert variance is not None
    assert variance[10] == pytest.approx(2.5 * share**2, rel=1e-5)
    assert found["gaussian.replace.log_sigma.mean"][0][10] == pytest.approx(-share / 2, rel=1e-6)
    assert found["gaussian.replace.kl.mean"][0][10] == pytest.approx(share, rel=1e-5)
