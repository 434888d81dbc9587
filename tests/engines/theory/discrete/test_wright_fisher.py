"""Oracles of docs/theory.md §4 and §5: frequencies of states, without and with fresh data."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.arrays import FloatArray
from engines.theory.discrete import borkar
from engines.theory.discrete import wright_fisher as discrete

Agrees = Callable[[float, str], bool]

P = np.array([0.5, 0.25, 0.15, 0.1])


@pytest.mark.parametrize(
    ("generation", "oracle"), [(1, "0.62225"), (10, "0.392173"), (40, "0.0841755")]
)
def test_heterozygosity(agrees: Agrees, generation: int, oracle: str) -> None:
    found = discrete.heterozygosity(P, np.full(40, 20))
    assert agrees(found[generation], oracle)
    assert not agrees(found[generation - 1], oracle)


def test_survivors(agrees: Agrees) -> None:
    found = discrete.survivors(P, 20, 40)
    assert found[0] == 4
    assert found[1] == pytest.approx(np.sum(1 - (1 - P) ** 20))
    assert agrees(found[1], "3.8365")
    assert found[10] == pytest.approx(2.326, abs=4 * 0.002)
    assert found[40] == pytest.approx(1.236, abs=4 * 0.001)


def test_branching_underestimates_late(agrees: Agrees) -> None:
    found = discrete.survivors_branching(P, np.full(40, 20))
    assert agrees(found[40], "0.81")
    many = np.full(200, 1 / 200)
    exact = discrete.survivors(many, 200, 20)
    assert discrete.survivors_branching(many, np.full(20, 200)) == pytest.approx(exact, rel=0.03)


def test_branching_follows_the_schedule() -> None:
    sizes = np.array([50, 80, 120, 60])
    alive = 1.0
    for i in (2, 1, 0):
        alive = 1 - np.exp(-alive * sizes[i + 1] / sizes[i])
    found = discrete.survivors_branching(np.array([0.01]), sizes)
    assert found[4] == pytest.approx(1 - np.exp(-0.5 * alive))


@pytest.mark.parametrize(
    ("size", "p", "exact", "diffusion"),
    [
        (10, 0.5, "12.591", "13.863"),
        (10, 0.1, "5.753", "6.502"),
        (20, 0.5, "26.229", "27.726"),
        (20, 0.1, "11.981", "13.003"),
        (100, 0.5, "136.602", "138.629"),
        (100, 0.1, "63.454", "65.017"),
    ],
)
def test_absorption_of_two(agrees: Agrees, size: int, p: float, exact: str, diffusion: str) -> None:
    assert agrees(discrete.absorption_time_exact(p, size), exact)
    assert agrees(discrete.absorption_time(np.array([p, 1 - p]), size), diffusion)


@pytest.mark.parametrize(
    ("p", "size", "oracle", "wrong"),
    [(P, 20, "31.81", None), (P, 100, "159.06", "241.6"), (np.full(10, 0.1), 50, "94.82", "230.3")],
)
def test_absorption_of_many(
    agrees: Agrees, p: FloatArray, size: int, oracle: str, wrong: str | None
) -> None:
    assert agrees(discrete.absorption_time(p, size), oracle)
    entropy = -2 * size * float(np.sum(p * np.log(p)))
    assert not agrees(entropy, oracle)
    assert wrong is None or agrees(entropy, wrong)


def test_eigenvalues_of_the_two_state_chain() -> None:
    block = discrete.binomial(10, np.arange(1, 10) / 10)[:, 1:-1]
    values = np.sort(np.linalg.eigvals(block).real)[::-1]
    assert values[:3] == pytest.approx([0.9, 0.72, 0.504])


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6), st.integers(1, 30))
def test_covariance_agrees_with_heterozygosity(weights: list[float], generations: int) -> None:
    p = np.array(weights) / np.sum(weights)
    sizes = np.full(generations, 15)
    lost = np.trace(discrete.covariance(p, sizes))
    kept = discrete.heterozygosity(p, sizes)[generations]
    assert lost + kept == pytest.approx(1 - np.sum(p**2))


SOURCE, F = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.0, 1, 2, 5])
V = 2.16


@pytest.mark.parametrize(
    ("size", "fresh", "variance", "heterozygosity"),
    [
        (50, 0.1, "0.209505", "0.632105"),
        (50, 0.02, "0.734594", "0.461937"),
        (200, 0.01, "0.435475", "0.558874"),
    ],
)
def test_borkar_limits(
    agrees: Agrees, size: int, fresh: float, variance: str, heterozygosity: str
) -> None:
    assert pytest.approx(V) == SOURCE @ F**2 - (SOURCE @ F) ** 2
    effective = borkar.effective_size(size, fresh)
    start = 1 - np.sum(SOURCE**2)
    assert agrees(V / effective, variance)
    assert agrees(start * (1 - 1 / effective), heterozygosity)
    assert V * borkar.transient(size, fresh, 3000)[-1] == pytest.approx(V / effective)
    mirrored = borkar.effective_size(size, 1 - fresh)
    assert not agrees(V / mirrored, variance)


def test_borkar_transient(agrees: Agrees) -> None:
    found = V * borkar.transient(50, 0.1, 5)
    assert agrees(found[5], "0.143474")
    assert found[1] == pytest.approx(V / 50)
    assert not agrees(found[4], "0.143474")
    assert borkar.transient(20, 0.0, 9)[9] == pytest.approx(1 - 0.95**9)


@pytest.mark.parametrize(("size", "oracle"), [(20, "38.98"), (100, "199.0")])
def test_absorption_of_distinct_points(agrees: Agrees, size: int, oracle: str) -> None:
    uniform = np.full(size, 1 / size)
    assert agrees(discrete.absorption_time(uniform, size), oracle)
    distinct = size * (1 - (1 - 1 / size) ** size)
    assert discrete.survivors(uniform, size, 1)[1] == pytest.approx(distinct)
