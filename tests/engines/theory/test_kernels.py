"""Characteristic functions of the kernels and the rules of bandwidth."""

import numpy as np
import pytest

from engines.numerics.kernels import KERNELS
from engines.theory.kernels import characteristic, squared_bandwidth


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_characteristic_function_against_quadrature(name: str) -> None:
    kernel = KERNELS[name]
    x = np.linspace(-kernel.reach, kernel.reach, 200_001)
    middle = (x[1:] + x[:-1]) / 2
    mass = np.diff(kernel.cdf(x))
    t = np.array([0.0, 0.01, 0.04, 0.5, np.pi / 2, 3.0])
    direct = np.array([np.sum(mass * np.cos(u * middle)) for u in t])
    assert characteristic(name, t) == pytest.approx(direct, abs=1e-7)


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_variance_is_the_curvature(name: str) -> None:
    step = 1e-3
    curvature = 2 * (1 - characteristic(name, np.array([step]))[0]) / step**2
    assert curvature == pytest.approx(KERNELS[name].variance, rel=1e-4)


@pytest.mark.parametrize(
    ("rule", "fixed", "scaled"),
    [
        (0.3, 0.09, 0.0),
        ("scott", 0.0, 100**-0.4),
        ("silverman", 0.0, 1.1220 * 100**-0.4),
        ("scott-sklearn", 100**-0.4, 0.0),
        ("silverman-sklearn", (300 / 4) ** -0.4, 0.0),
    ],
)
def test_rules(rule: float | str, fixed: float, scaled: float) -> None:
    assert squared_bandwidth(rule, 100) == pytest.approx((fixed, scaled), rel=1e-4)
