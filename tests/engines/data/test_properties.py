"""Properties of the forms of data and of streams, on generated examples."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engines.arrays import FloatArray
from engines.data import Counts, Moments, Points
from engines.laws.mixture import GammaShape, MixtureLaw, NormalShape, UniformShape
from engines.laws.normal import NormalLaw
from engines.metrics.points import w1_sorted
from engines.numerics.segments import segment_sums
from engines.numerics.shares import largest_remainders
from engines.schedules import Constant, Geometric, Linear, Power
from engines.streams import Purpose, Streams

quickly = settings(max_examples=60, deadline=None, derandomize=True, database=None)
numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
sizes = st.lists(st.integers(0, 6), min_size=1, max_size=4)


@st.composite
def point_sets(draw: Any, replicates: int, least: int = 0) -> Points:
    """Return points of `replicates`, each with `least` to 6 of them."""
    counts = draw(st.lists(st.integers(least, 6), min_size=replicates, max_size=replicates))
    values = draw(st.lists(numbers, min_size=sum(counts), max_size=sum(counts)))
    return Points(np.array(values, dtype=np.float64), np.array(counts, dtype=np.int64))


def rows(points: Points) -> list[FloatArray]:
    """Return each replicate's points."""
    return np.split(points.values, np.cumsum(points.sizes)[:-1])


@quickly
@given(st.data())
def test_combining_points_keeps_every_replicates_own(data: st.DataObject) -> None:
    replicates = data.draw(st.integers(1, 4))
    parts = data.draw(st.lists(point_sets(replicates), min_size=1, max_size=3))
    whole = Points.combine(parts)
    for r, found in enumerate(rows(whole)):
        expected = np.concatenate([rows(part)[r] for part in parts])
        assert found.tolist() == expected.tolist()


@quickly
@given(st.data())
def test_subsets_are_of_the_replicates_own_points(data: st.DataObject) -> None:
    points = data.draw(point_sets(3, least=1))
    wanted = np.array([data.draw(st.integers(0, int(size))) for size in points.sizes])
    generator = np.random.default_rng(1)
    without = points.subset(wanted, generator, replacement=False)
    again = points.subset(3 * wanted, generator, replacement=True)
    for r, own in enumerate(rows(points)):
        values, counts = np.unique(rows(without)[r], return_counts=True)
        for value, count in zip(values, counts, strict=True):
            assert count <= (own == value).sum()
        assert set(rows(again)[r]) <= set(own)
    assert (without.sizes == wanted).all()
    assert (again.sizes == 3 * wanted).all()


@quickly
@given(st.data())
def test_taking_counts_within_each_replicate(data: st.DataObject) -> None:
    points = data.draw(point_sets(3, least=1))
    picked = [data.draw(st.lists(st.integers(0, int(n) - 1), max_size=5)) for n in points.sizes]
    flat = np.array([i for own in picked for i in own], dtype=np.int64)
    taken = points.take(flat, np.array([len(own) for own in picked]))
    for r, own in enumerate(rows(points)):
        assert rows(taken)[r].tolist() == own[picked[r]].tolist()


def test_more_than_there_are_cannot_be_drawn_without_replacement() -> None:
    points = Points(np.arange(3.0), np.array([3]))
    counts = Counts(np.array([[1, 2]]))
    generator = np.random.default_rng(1)
    for data in (points, counts):
        with pytest.raises(ValueError, match=r"."):
            data.subset(np.array([4]), generator, replacement=False)
    with pytest.raises(TypeError, match="only their moments"):
        Moments.of(points).subset(np.array([1]), generator, replacement=True)


@quickly
@given(st.data())
def test_moments_combine_as_points_do_in_any_order(data: st.DataObject) -> None:
    first, second, third = (data.draw(point_sets(2)) for _ in range(3))
    a, b, c = (Moments.of(points) for points in (first, second, third))
    left = a.union(b).union(c)
    right = a.union(b.union(c))
    swapped = c.union(a).union(b)
    direct = Moments.of(Points.combine([first, second, third]))
    for other in (right, swapped, direct):
        assert (left.sizes == other.sizes).all()
        np.testing.assert_allclose(left.mean, other.mean, rtol=1e-10, atol=1e-9)
        np.testing.assert_allclose(left.factor, other.factor, rtol=1e-7, atol=1e-6)


@quickly
@given(st.data())
def test_counts_combine_and_subset(data: st.DataObject) -> None:
    states = data.draw(st.integers(2, 5))
    shape = st.lists(st.integers(0, 20), min_size=states, max_size=states)
    tables = [np.array([data.draw(shape), data.draw(shape)]) + 1 for _ in range(2)]
    whole = Counts.combine([Counts(table) for table in tables])
    assert (whole.counts == tables[0] + tables[1]).all()
    half = whole.sizes // 2
    drawn = whole.subset(half, np.random.default_rng(1), replacement=False)
    assert (drawn.sizes == half).all()
    assert (drawn.counts <= whole.counts).all()
    again = whole.subset(5 * half, np.random.default_rng(1), replacement=True)
    assert (again.sizes == 5 * half).all()
    assert (drawn.counts >= 0).all()


def test_restored_data_are_the_same() -> None:
    points = Points(np.arange(5.0), np.array([2, 3]))
    for data in (points, Moments.of(points), Counts(np.array([[1, 2], [3, 4]]))):
        arrays = {name: array.copy() for name, array in data.arrays().items()}
        again = type(data).restore(arrays)
        for name, array in again.arrays().items():
            assert array.tobytes() == arrays[name].tobytes()
            assert array.dtype == arrays[name].dtype


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    st.lists(numbers.map(lambda x: round(x / 100, 1)), min_size=1, max_size=30),
    st.lists(numbers.map(lambda x: round(x / 100, 1)), min_size=1, max_size=30),
)
def test_w1_of_sorted_points_is_scipys(left: list[float], right: list[float]) -> None:
    x, y = np.sort(np.array(left)), np.sort(np.array(right))
    expected = stats.wasserstein_distance(x, y)
    assert w1_sorted(x, y) == pytest.approx(expected, abs=1e-11)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_segment_sums(data: st.DataObject) -> None:
    values = np.array(data.draw(st.lists(numbers, min_size=1, max_size=12)))
    places = st.lists(st.integers(0, len(values)), min_size=2, max_size=8).map(sorted)
    bounds = np.array(data.draw(places))
    expected = [values[a:b].sum() for a, b in itertools.pairwise(bounds)]
    np.testing.assert_allclose(segment_sums(values, bounds), expected, atol=1e-9)


@quickly
@given(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=8), st.integers(0, 10**6))
def test_largest_remainders_sum_and_stay_within_one(weights: list[float], size: int) -> None:
    shares = np.array(weights) / np.sum(weights)
    counts = largest_remainders(shares, size)
    assert counts.sum() == size
    assert (np.abs(counts - shares * size) < 1 + 1e-6).all()


def test_largest_remainders_of_borjis_listing() -> None:
    assert largest_remainders(np.array([300, 300, 200]) / 800, 800).tolist() == [300, 300, 200]
    assert largest_remainders(np.array([0.1, 0.2, 0.7]), 10).tolist() == [1, 2, 7]
    assert largest_remainders(np.array([0.0, 1.0]), 7).tolist() == [0, 7]


def test_streams_are_distinct_and_repeatable() -> None:
    """Every coordinate counts: 5 seeds, generations, parts and all purposes give other numbers."""
    first: dict[float, tuple[int, ...]] = {}
    for seed in range(3):
        for generation in range(4):
            for part in (0, 1, 2, 1 << 31):
                for purpose in Purpose:
                    streams = Streams(seed, generation, part)
                    number = float(streams.of(purpose).random())
                    key = (seed, generation, part, int(purpose))
                    assert number not in first, (key, first.get(number))
                    first[number] = key
                    assert number == float(streams.of(purpose).random())
    keyed = Streams(1, 1).of(Purpose.POINT, 0).random()
    assert keyed != Streams(1, 1).of(Purpose.POINT, 1).random()
    assert Streams(1, 2).of_part(5) == Streams(1, 2, 5)


def test_purposes_never_change() -> None:
    """The integers are part of every stored run."""
    assert {purpose.name: int(purpose) for purpose in Purpose}.items() >= {
        "COMPONENT": 1,
        "POINT": 2,
        "MEAN": 3,
        "SCATTER": 4,
        "OFF_DIAGONAL": 5,
        "INDEX": 6,
        "NOISE": 7,
        "COUNT": 8,
        "SPLIT": 9,
        "SUBSET": 10,
        "KEEP": 11,
        "SHOW": 12,
        "METRIC": 13,
    }.items()


LAWS = (
    NormalLaw(np.array([1.0]), np.array([2.0])),
    MixtureLaw(np.array([0.25, 0.75]), (UniformShape(-3, -1), GammaShape(2, 1.5))),
    MixtureLaw(np.array([0.5, 0.5]), (NormalShape(-2, 0.1), NormalShape(3, 1))),
)


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(u=st.floats(1e-4, 1 - 1e-4))
def test_cdf_of_the_quantile(law: Any, u: float) -> None:
    x = law.quantile(np.array([u]))
    assert law.cdf(x[0])[0, 0] == pytest.approx(u, abs=1e-6)


@quickly
@given(st.integers(1, 10**6), st.integers(0, 50), st.floats(0, 3), st.floats(0.1, 2))
def test_schedules_are_positive_whole_numbers(
    size: int, generation: int, exponent: float, ratio: float
) -> None:
    assert Constant(size=size).samples(generation) == size
    assert Linear(size=size).samples(generation) == size * (generation + 1)
    assert Power(size=size, exponent=exponent).samples(0) == size
    for rule in (Power(size=size, exponent=exponent), Geometric(size=size, ratio=ratio)):
        samples = rule.samples(generation)
        assert isinstance(samples, int)
        assert samples >= 1
