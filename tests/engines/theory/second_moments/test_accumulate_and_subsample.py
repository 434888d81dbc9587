"""Oracles of docs/theory.md §2.2 and §2.3: accumulate, and subsample of all data so far."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from engines.theory.case import Case
from engines.theory.second_moments import accumulate, subsample

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]
Make = SimpleNamespace


@pytest.mark.parametrize(
    ("size", "estimator", "variance", "centre"),
    [
        (10, "mle", "0.845108", "0.154892"),
        (100, "mle", "0.983826", "0.0161736"),
        (10, "unbiased", "0.936996", "0.160927"),
    ],
)
def test_accumulate(
    agrees: Agrees,
    make: Make,
    make_case: MakeCase,
    size: int,
    estimator: str,
    variance: str,
    centre: str,
) -> None:
    engine, policy = make.engine(estimator=estimator), make.policy("accumulate")
    case = make_case(size, 50, engines=engine, policies=policy)
    found = accumulate.accumulate_moments(case, 1.0)
    assert agrees(found.mean_of_var[50], variance)
    assert agrees(found.var_of_mean[50], centre)
    product = accumulate.variance_product(size, 50, estimator)
    assert found.mean_of_var == pytest.approx(product)
    other = "mle" if estimator == "unbiased" else "unbiased"
    assert not agrees(accumulate.variance_product(size, 50, other)[50], variance)


@pytest.mark.parametrize(("size", "oracle"), [(10, "0.843436"), (100, "0.983632")])
def test_accumulate_limit(agrees: Agrees, size: int, oracle: str) -> None:
    assert agrees(accumulate.variance_limit(size), oracle)
    assert agrees(1 - accumulate.variance_limit(100), "0.0163684")


@pytest.mark.parametrize(("size", "oracle"), [(10, "0.935141"), (100, "0.993547")])
def test_accumulate_limit_unbiased(agrees: Agrees, size: int, oracle: str) -> None:
    assert agrees(accumulate.variance_product(size, 200_000, "unbiased")[-1], oracle)


@pytest.mark.parametrize(
    ("fit", "variance", "centre"),
    [(1, "0.81", "0.19"), (5, "0.740597", "0.259403"), (20, "0.722153", "0.277847")],
)
def test_subsample(
    agrees: Agrees, make: Make, make_case: MakeCase, fit: int, variance: str, centre: str
) -> None:
    engine, policy = make.engine(estimator="mle"), make.policy("subsample", replacement=True)
    case = make_case(10, 20, engines=engine, policies=policy)
    found = subsample.subsample_moments(case, 1.0, resample_first=True)
    assert agrees(found.mean_of_var[fit], variance)
    assert agrees(found.var_of_mean[fit], centre)
    pool = subsample.pool_variance(10, 20)[fit - 1]
    assert found.mean_of_var[fit] == pytest.approx(0.9 * pool)
    assert found.var_of_mean[fit] == pytest.approx(1 - pool + pool / 10)
    ours = subsample.subsample_moments(case, 1.0)
    assert not agrees(ours.mean_of_var[fit], variance)
    assert ours.mean_of_var[1] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("size", "pool", "centre"), [(10, "0.794991", "0.284508"), (100, "0.977359", "0.032414")]
)
def test_subsample_limit(agrees: Agrees, size: int, pool: str, centre: str) -> None:
    limit = subsample.pool_variance_limit(size)
    assert agrees(limit, pool)
    assert agrees(1 - limit + limit / size, centre)


def test_subsample_without_replacement(make: Make, make_case: MakeCase) -> None:
    engine, policy = make.engine(estimator="mle"), make.policy("subsample")
    found = subsample.subsample_moments(make_case(10, 20, engines=engine, policies=policy), 1.0)
    assert found.mean_of_var[20] == pytest.approx(0.742, abs=4 * 0.005)
    assert found.var_of_mean[20] == pytest.approx(0.250, abs=4 * 0.003)


def test_variance_of_variance_starts_with_chi_square() -> None:
    found = accumulate.variance_of_variance([10, 10, 10], ["unbiased"] * 3)
    assert found[:2] == pytest.approx([0, 2 / 9])


def test_nothing_random_about_a_whole_file(make: Make, make_case: MakeCase) -> None:
    from engines.laws.empirical import EmpiricalLaw

    law = EmpiricalLaw(np.arange(10.0))
    source = make.real(law, rows=10)
    case = make_case(10, 3, source=source, policies=make.policy("accumulate"), redraw=False)
    found = accumulate.accumulate_moments(case, float(law.variance()[0]))
    assert found.var_of_mean[1] == 0
    assert found.mean_of_var[1] == pytest.approx(np.arange(10.0).var(ddof=1))
