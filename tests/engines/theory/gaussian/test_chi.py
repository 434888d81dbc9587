"""The table of docs/theory.md §1, and limits of the chi-square factors."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.theory.gaussian import chi

Agrees = Callable[[float, str], bool]


@pytest.mark.parametrize(
    ("size", "root", "log", "spread"),
    [
        (10, "0.97265927", "-0.11520647", "0.24872510"),
        (20, "0.98693427", "-0.05355392", "0.11099729"),
        (50, "0.99491130", "-0.02054697", "0.04166064"),
        (100, "0.99747798", "-0.01013502", "0.02040746"),
        (1000, "0.99974978", "-0.00100134", "0.00200401"),
    ],
)
def test_table(agrees: Agrees, size: int, root: str, log: str, spread: str) -> None:
    assert agrees(float(chi.c4(size)), root)
    assert agrees(float(chi.log_mean(size)), log)
    assert agrees(float(chi.log_variance(size)), spread)


@given(st.integers(2, 10**9))
def test_mean_is_one_and_jensen_holds(size: int) -> None:
    assert chi.power_moment(size, 1.0) == pytest.approx(1.0, rel=1e-11)
    assert chi.c4(size) < 1
    assert 4 * size * (1 - chi.c4(size)) == pytest.approx(1, abs=1e-6 + 1.4 / size)
    assert chi.log_mean(size) < 0 < chi.log_variance(size)


@pytest.mark.parametrize("size", [3, 8, 40])
def test_weighted_log_mean_is_a_derivative(size: int) -> None:
    step = 1e-5
    ends = chi.power_moment(size, 1 + step), chi.power_moment(size, 1 - step)
    assert chi.weighted_log_mean(size) == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


def test_cumulants_against_samples() -> None:
    logs = np.log(np.random.Generator(np.random.PCG64(3)).chisquare(4, 400_000) / 4)
    third = np.mean((logs - logs.mean()) ** 3)
    assert third == pytest.approx(float(chi.log_cumulant(5, 3)), rel=0.05)
