"""Oracles of docs/theory.md §2.1 and §2.4, and the general recursion against closed ones."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.theory.case import Case
from engines.theory.second_moments import mixture

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]
Make = SimpleNamespace


@pytest.mark.parametrize(
    ("shares", "size", "n", "estimator", "e", "u"),
    [
        ((0.9, 0.0, 0.1), 100, 60, "unbiased", "0.0447296", "1.04946"),
        ((0.9, 0.0, 0.1), 100, 60, "mle", "0.0408884", None),
        ((0.6, 0.3, 0.1), 20, 40, "unbiased", "0.116957", "1.24385"),
        ((0.6, 0.3, 0.1), 20, 40, "mle", "0.0865308", "0.913469"),
        ((0.5, 0.5, 0.0), 20, 20, "mle", "0.222425", "0.777575"),
    ],
)
def test_oracle(
    agrees: Agrees,
    shares: tuple[float, float, float],
    size: int,
    n: int,
    estimator: str,
    e: str,
    u: str | None,
) -> None:
    shrink = 1.0 if estimator == "unbiased" else 1 - 1 / size
    found = mixture.law_moments(shares, size, shrink, n)
    assert agrees(found[0], e)
    assert u is None or agrees(found[1], u)
    other = 1.0 if estimator == "mle" else 1 - 1 / size
    assert not agrees(mixture.law_moments(shares, size, other, n)[0], e)


@pytest.mark.parametrize(
    ("estimator", "e", "u"), [("unbiased", "0.04475", "1.04972"), ("mle", "0.04089", None)]
)
def test_stationary(agrees: Agrees, estimator: str, e: str, u: str | None) -> None:
    found = mixture.stationary((0.9, 0.0, 0.1), 100, estimator)
    assert agrees(found[0], e)
    assert u is None or agrees(found[1], u)


@pytest.mark.parametrize(
    ("size", "oracle"), [(20, "0.024688"), (100, "0.004988"), (1000, "0.000500")]
)
def test_critical_share(agrees: Agrees, size: int, oracle: str) -> None:
    critical = mixture.critical_fresh(size)
    assert agrees(critical, oracle)
    above, below = 1.001 * critical, 0.999 * critical
    assert np.isfinite(mixture.stationary((1 - above, 0.0, above), size, "unbiased")[0])
    assert np.isinf(mixture.stationary((1 - below, 0.0, below), size, "unbiased")[0])


@given(
    st.floats(0, 0.5), st.floats(0, 0.5), st.integers(2, 50), st.sampled_from(["unbiased", "mle"])
)
def test_general_recursion_is_the_constant_one(
    fresh: float, previous: float, size: int, estimator: str
) -> None:
    engine = SimpleNamespace(name="gaussian", estimator=estimator)
    shares = (1 - fresh - previous, previous, fresh)
    policy = SimpleNamespace(name="mix", shares=shares, keep=0.0, counts="iid")
    shrink = 1.0 if estimator == "unbiased" else 1 - 1 / size
    source = SimpleNamespace(rows=None, fixed=False)
    case = Case((engine,) * 8, (policy,) * 8, np.full(8, size), source)  # pyright: ignore[reportArgumentType]
    found = mixture.mixture_moments(case, 2.0)
    for n in range(1, 8):
        e, u = mixture.law_moments(shares, size, shrink, n - 1)
        assert found.var_of_mean[n] == pytest.approx(2 * (e + u / size))
        assert found.mean_of_var[n] == pytest.approx(2 * shrink * u)
        e, u = mixture.law_moments(shares, size, shrink, n)
        assert found.sample_var_of_mean[n] == pytest.approx(2 * (e + u / size))
        assert found.sample_mean_of_var[n] == pytest.approx(2 * u * (1 - 1 / size))


def test_fixed_counts_have_their_own_limit(agrees: Agrees, make: Make, make_case: MakeCase) -> None:
    engine, policy = make.engine(estimator="mle"), make.policy(fresh=0.2, counts="fixed")
    found = mixture.mixture_moments(make_case(100, 399, engines=engine, policies=policy), 1.0)
    assert agrees(found.var_of_mean[-1], "0.0271739")
    assert found.mean_of_var[-1] == pytest.approx(1 - found.var_of_mean[-1])
    iid = make.policy(fresh=0.2)
    other = mixture.mixture_moments(make_case(100, 399, engines=engine, policies=iid), 1.0)
    assert not agrees(other.var_of_mean[-1], "0.0271739")
    assert other.var_of_mean[-1] == pytest.approx(1 / (100 - 99 * 0.8**2))


def test_mle_and_iid_source_conserve_the_total(make: Make, make_case: MakeCase) -> None:
    policies = [make.policy(), *(make.policy(fresh=0.1 * k, previous=0.2) for k in range(8))]
    case = make_case(range(5, 14), engines=make.engine(estimator="mle"), policies=policies)
    found = mixture.mixture_moments(case, 1.0)
    assert found.var_of_mean + found.mean_of_var == pytest.approx(np.ones(9))


def test_keeping_all_of_the_real_data_freezes_the_model(make: Make, make_case: MakeCase) -> None:
    found = mixture.mixture_moments(make_case(30, 5, policies=make.policy(keep=1.0)), 1.0)
    assert found.var_of_mean[1:] == pytest.approx(np.full(5, 1 / 30))
    assert found.mean_of_var[1:] == pytest.approx(np.ones(5))


def test_refusals(make: Make, make_case: MakeCase) -> None:
    fixed = make.policy(fresh=0.25, counts="fixed")
    assert mixture.mixture_solved(make_case(20, 5, policies=fixed)) is None
    reason = mixture.mixture_solved(make_case(21, 5, policies=fixed))
    assert reason is not None
    assert "5.25" in reason
    past = make.policy(previous=0.5, counts="fixed")
    assert mixture.mixture_solved(make_case(20, 5, policies=past)) is not None
    assert mixture.mixture_solved(make_case(21, 5, policies=make.policy(counts="fixed"))) is None
    both = make.policy(fresh=0.25, previous=0.5, counts="fixed")
    assert mixture.mixture_solved(make_case(20, 5, policies=both)) is not None


def test_a_detector_shifts_the_shares(make: Make, make_case: MakeCase) -> None:
    detector = SimpleNamespace(recall=0.9, false_positive=0.1)
    watched = make.policy(fresh=0.1, detector=detector)
    share = 0.1 * 0.9 / (0.1 * 0.9 + 0.9 * 0.1)
    plain = make.policy(fresh=share)
    found, same, missed = (
        mixture.mixture_moments(make_case(20, 5, policies=policy), 1.0).mean_of_var
        for policy in (watched, plain, make.policy(fresh=0.1))
    )
    assert np.allclose(found, same)
    assert not np.allclose(found[2:], missed[2:])
