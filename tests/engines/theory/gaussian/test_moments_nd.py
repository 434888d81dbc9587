"""Oracles of docs/theory.md §3: d dimensions, replacement."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engines.theory import registry
from engines.theory.case import Case
from engines.theory.gaussian import moments as gaussian
from engines.theory.gaussian import moments_nd as gaussian_nd
from engines.theory.gaussian.moments import Fits

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]
Make = SimpleNamespace

COVARIANCE = np.array([[2, 0.8, 0.2], [0.8, 1, -0.3], [0.2, -0.3, 0.5]])
SIZES = np.full(8, 20.0)
FITS = Fits(SIZES, np.ones(8))


def test_log_determinant(agrees: Agrees) -> None:
    assert agrees(gaussian_nd.log_det_mean(FITS, 3)[8], "-2.68324")
    assert agrees(gaussian.log_variance_mean(FITS)[8], "-0.428431")
    assert np.trace(COVARIANCE) * gaussian.mean_variance(FITS)[8] == pytest.approx(1.4)


def test_lyapunov(agrees: Agrees) -> None:
    for found, oracle in zip(
        gaussian_nd.lyapunov(10, 3), ("-0.115206", "-0.247960", "-0.400921"), strict=True
    ):
        assert agrees(found, oracle)


def test_condition_number_bound(agrees: Agrees) -> None:
    bound = gaussian_nd.log_condition_bound(np.full(100, 20.0), 2)[100]
    assert agrees(bound, "5.71")
    assert bound < 8.22


def test_one_dimension_is_the_other_module() -> None:
    fits = Fits(SIZES, gaussian.shrinkage(SIZES, "mle"))
    assert gaussian_nd.divergence_mean(fits, 1) == pytest.approx(gaussian.divergence_mean(fits))
    assert gaussian_nd.log_det_variance(SIZES, 1) == pytest.approx(
        gaussian.log_variance_variance(SIZES)
    )
    fourth = gaussian_nd.fourth_moments(fits, np.eye(1))
    square = gaussian.variance_power(fits, 2)
    assert fourth.trace == pytest.approx(square - gaussian.products(fits.shrink) ** 2)


@pytest.mark.parametrize("estimator", ["unbiased", "mle"])
def test_moments_by_simulation(estimator: str) -> None:
    runs, size, steps = 20_000, 12, 3
    generator = np.random.Generator(np.random.PCG64(2))
    factor = np.linalg.cholesky(COVARIANCE)
    means = np.zeros((runs, 3))
    factors = np.broadcast_to(factor, (runs, 3, 3))
    for _ in range(steps):
        noise = generator.standard_normal((runs, size, 3))
        data = means[:, None] + np.einsum("rij,rnj->rni", factors, noise)
        means = data.mean(axis=1)
        rest = data - means[:, None]
        scatter = np.einsum("rni,rnj->rij", rest, rest)
        factors = np.linalg.cholesky(scatter / (size - (estimator == "unbiased")))
    sizes = np.full(steps, float(size))
    fits = Fits(sizes, gaussian.shrinkage(sizes, estimator))
    covariance = factors @ np.swapaxes(factors, 1, 2)
    inverse = np.linalg.inv(COVARIANCE)
    trace = np.trace(covariance, axis1=1, axis2=2)
    error = np.sum(means**2, axis=1)
    log = np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(COVARIANCE)[1]
    whitened = np.einsum("ij,rji->r", inverse, covariance)
    quadratic = np.einsum("ri,ij,rj->r", means, inverse, means)
    back = np.linalg.inv(covariance)
    reverse = np.einsum("rij,ji->r", back, COVARIANCE) + log - 3
    reverse += np.einsum("ri,rij,rj->r", means, back, means)
    fourth = gaussian_nd.fourth_moments(fits, COVARIANCE)
    total = np.trace(COVARIANCE)
    expected = [
        (trace, total * fits.shrink.prod()),
        (error, total * gaussian.mean_variance(fits)[-1]),
        (log, gaussian_nd.log_det_mean(fits, 3)[-1]),
        ((whitened + quadratic - 3 - log) / 2, gaussian_nd.divergence_mean(fits, 3)[-1]),
        (reverse / 2, gaussian_nd.reverse_divergence_mean(fits, 3)[-1]),
        ((trace - trace.mean()) ** 2, fourth.trace[-1]),
        ((error - error.mean()) ** 2, fourth.mean_error[-1]),
        ((log - log.mean()) ** 2, gaussian_nd.log_det_variance(sizes, 3)[-1]),
    ]
    for values, law in expected:
        assert abs(values.mean() - law) < 4 * values.std() / np.sqrt(runs)


@pytest.mark.parametrize(
    "settings", [{"fresh": 0.25}, {"name": "accumulate"}, {"name": "subsample"}]
)
def test_overlays_of_other_policies(
    make: Make, make_case: MakeCase, settings: dict[str, Any]
) -> None:
    case = make_case(12, 4, source=make.nd(COVARIANCE), policies=make.policy(**settings))
    curves, _ = registry.curves_for(case, ["trace_ratio", "mean_error"])
    found = {overlay.metric: values for overlay, values, _ in curves}
    runs, generator = 6_000, np.random.Generator(np.random.PCG64(6))
    factor = np.linalg.cholesky(COVARIANCE)
    training = pool = generator.standard_normal((runs, 12, 3)) @ factor.T
    for n in range(1, 5):
        mean = training.mean(axis=1)
        rest = training - mean[:, None]
        covariance = np.einsum("rni,rnj->rij", rest, rest) / (training.shape[1] - 1)
        for metric, values in (
            ("trace_ratio", np.trace(covariance, axis1=1, axis2=2) / 3.5),
            ("mean_error", np.sum(mean**2, axis=1)),
        ):
            error = values.std() / np.sqrt(runs)
            assert abs(values.mean() - found[metric][n]) < 4 * error
        noise = generator.standard_normal((runs, 12, 3))
        points = np.einsum("rij,rnj->rni", np.linalg.cholesky(covariance), noise)
        points += mean[:, None]
        if case.policies[n].name == "mix":
            fresh = generator.random((runs, 12, 1)) < 0.25
            real = generator.standard_normal((runs, 12, 3)) @ factor.T
            training = np.where(fresh, real, points)
            continue
        training = pool = np.concatenate((pool, points), axis=1)
        if case.policies[n].name == "subsample":
            index = np.argsort(generator.random(pool.shape[:2]), axis=1)[:, :12]
            training = np.take_along_axis(pool, index[..., None], axis=1)


def test_lower_bound_of_the_risk(make: Make, make_case: MakeCase) -> None:
    case = make_case(20, 8, source=make.nd(COVARIANCE))
    curves, _ = registry.curves_for(case, ["w2_squared", "log_condition"])
    found = {overlay.metric: values for overlay, values, _ in curves}
    assert found["w2_squared"][8] == pytest.approx(1.4)
    assert found["w2_squared"][8] < 2.409
    assert {overlay.status for overlay, _, _ in curves} == {"bound"}
