"""What is computed in a shorter way is the same to the last bit: runs are held to that."""

import numpy as np
import pytest

from engines.data import Form, Totals
from engines.laws.normal import NormalLaw
from engines.metrics.summary import summarise
from engines.numerics.sorting import BUCKET_SORT_FROM, sort_rows
from engines.sampling.normal import wishart_factor
from engines.sampling.poisson import sample_poisson
from engines.streams import Purpose, Streams


def numpy_stream(seed: int, *key: int) -> np.random.Generator:
    """Return the stream as numpy's documentation derives it."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1, 2**32, 2**100])
@pytest.mark.parametrize("part", [0, 2**31 + 5, 2**32])
@pytest.mark.parametrize("keys", [(), (3,), (2**40, 1)])
def test_streams_are_those_of_a_spawn_key(seed: int, part: int, keys: tuple[int, ...]) -> None:
    found = Streams(seed, 9, part).of(Purpose.COUNT, *keys).integers(2**63, size=4)
    expected = numpy_stream(seed, 9, int(Purpose.COUNT), part, *keys).integers(2**63, size=4)
    assert found.tolist() == expected.tolist()


def test_the_dead_spend_no_random_bits() -> None:
    rate = np.array([0.0, 3.5, 0.0, 0.0, 40.0, 0.1, 0.0])
    sizes = np.full(7, 10)
    found = sample_poisson(rate, sizes, Form.TOTALS, Streams(1, 2))
    assert isinstance(found, Totals)
    expected = numpy_stream(1, 2, int(Purpose.COUNT), 0).poisson(rate * sizes)
    assert found.totals.tolist() == expected.tolist()


def test_one_number_of_degrees_draws_as_many_equal_ones() -> None:
    found = wishart_factor(np.full(50, 9), 1, Streams(1, 2))[:, 0, 0]
    expected = np.sqrt(numpy_stream(1, 2, int(Purpose.SCATTER), 0).chisquare(np.full(50, 9)))
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("count", [BUCKET_SORT_FROM - 1, BUCKET_SORT_FROM, 20_001])
def test_summaries_are_numpys(count: int) -> None:
    generator = np.random.default_rng(count)
    lives = (generator.random(count) < 0.3).astype(np.float64)
    rows = {"w1": generator.gamma(1.0, 1.0, count), "alive": lives}
    [(summaries, _)] = summarise({name: row[None] for name, row in rows.items()})
    for name, row in rows.items():
        assert sort_rows(row[None])[0].tolist() == np.sort(row).tolist()
        assert summaries[name]["mean"] == row.mean()
        assert summaries[name]["var"] == row.var(ddof=1)


def test_a_point_mass_on_an_end_lies_inside() -> None:
    means, sds = np.array([-1.0, 1.0, 2.0, -1.0, 0.3]), np.array([0.0, 0.0, 0.0, 1.0, 0.7])
    law = NormalLaw(means, sds)
    found = law.outside(-1.0, 1.0)
    below, above = law.cdf_before(np.array([-1.0])), law.cdf(np.array([1.0]))
    assert found.tolist() == (below[:, 0] + (1.0 - above[:, 0])).tolist()
    assert found[:3].tolist() == [0.0, 0.0, 1.0]
