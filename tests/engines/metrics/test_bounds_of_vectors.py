"""Metrics of laws in several dimensions and of texts, held to the bounds of docs/metrics.md."""

from collections import Counter
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from mpmath import mp
from scipy import stats

from engines.data import Blocks, Points
from engines.laws.linear import LinearLaw
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalMixtureNDLaw, NormalNDLaw
from engines.metrics.language import repetition_share
from engines.metrics.observation import Baseline, Observation
from engines.metrics.registry import METRICS
from engines.metrics.tokens import BUDGET, diversity, rarefaction
from engines.streams import Streams
from tests.engines.metrics.test_awkward_laws import observe
from tests.engines.metrics.test_language import grams

seeds = some.integers(0, 10_000)
scales = some.sampled_from([1.0, 1e-9, 1e9])


def look(law: Any, source: Any) -> Observation:
    """Return what a metric sees of two laws."""
    none = Points.of_rows(np.zeros((1, 1)))
    return Observation(law, none, Streams(1, 3), Baseline(source, none, 1))


def draw(seed: int, scale: float) -> NormalNDLaw:
    """Return a normal law in three dimensions, its axes up to a thousandfold unlike."""
    generator = np.random.default_rng(seed)
    factor = np.tril(generator.standard_normal((3, 3)))
    factor[np.diag_indices(3)] = 10 ** generator.uniform(-3, 0, 3)
    return NormalNDLaw(scale * generator.standard_normal((1, 3)), scale * factor[None])


def expect(law: NormalNDLaw, source: NormalNDLaw) -> dict[str, Any]:
    """Return all metrics by matrices of fifty digits."""
    a, b = (mp.matrix(each.factors[0].tolist()) for each in (law, source))
    shift = mp.matrix((law.means[0] - source.means[0]).tolist())
    a, b = a * a.T, b * b.T
    trace = {name: sum(m[i, i] for i in range(3)) for name, m in (("a", a), ("b", b))}
    # tr (A^½ B A^½)^½ by the eigenvalues of A B, which are positive.
    roots = sum(mp.sqrt(abs(mp.re(value))) for value in mp.eig(a * b)[0])
    own = [mp.re(value) for value in mp.eig(mp.inverse(b) * a)[0]]
    distance = (shift.T * shift)[0]
    found = {"mean_error": distance, "trace_ratio": trace["a"] / trace["b"]}
    found["w2_squared"] = distance + trace["a"] + trace["b"] - 2 * roots
    found["w2"] = mp.sqrt(abs(found["w2_squared"]))
    found["log_det_ratio"] = mp.log(mp.det(a) / mp.det(b))
    found["log_condition"] = mp.log(max(own) / min(own))
    for name, p, q in (("kl", a, b), ("kl_reverse", b, a)):
        inverse = mp.inverse(q)
        mixed = sum((inverse * p)[i, i] for i in range(3))
        quadratic = (shift.T * inverse * shift)[0]
        found[name] = (mixed + quadratic - 3 + mp.log(mp.det(q) / mp.det(p))) / 2
    return found


@settings(max_examples=40)
@given(seeds, seeds, scales)
def test_normal_laws(own: int, real: int, scale: float) -> None:
    law, source = draw(own, scale), draw(real, scale)
    with mp.workdps(50):
        expected = {name: float(value) for name, value in expect(law, source).items()}
    seen = look(law, source)
    for name, value in expected.items():
        unit = {"mean_error": scale**2, "w2_squared": scale**2, "w2": scale}.get(name, 1.0)
        bound = 1e-6 if name == "w2" else 1e-9
        found = float(METRICS[name].compute(seen)[0])
        assert found == pytest.approx(value, rel=1e-7, abs=bound * unit), name


def product(p: Any, q: Any) -> float:
    """Return ∫ p q of two mixtures in three dimensions by scipy's densities."""
    total = 0.0
    for weight, mean, factor in zip(p.weights[0], p.means[0], p.factors[0], strict=True):
        for other, centre, root in zip(q.weights[0], q.means[0], q.factors[0], strict=True):
            covariance = factor @ factor.T + root @ root.T
            density = stats.multivariate_normal(centre, covariance, allow_singular=True).pdf(mean)
            total += float(weight * other * density)
    return total


@settings(max_examples=20)
@given(seeds, some.integers(1, 4), some.integers(1, 4))
def test_l2_of_mixtures(seed: int, own: int, real: int) -> None:
    """In three dimensions, and in one against quadrature."""
    generator = np.random.default_rng(seed)
    p, q = (
        NormalMixtureNDLaw(
            generator.dirichlet(np.ones(size))[None],
            2 * generator.standard_normal((1, size, 3)),
            np.tril(generator.uniform(0.3, 1.5, (1, size, 3, 3))),
        )
        for size in (own, real)
    )
    expected = product(p, p) + product(q, q) - 2 * product(p, q)
    assert METRICS["l2_squared"].compute(look(p, q))[0] == pytest.approx(expected, abs=1e-12)
    mean, sd = generator.normal(), float(10 ** generator.uniform(-2, 1))
    laws = NormalLaw(np.array([mean]), np.array([sd])), NormalLaw(np.zeros(1), np.ones(1))
    x = np.union1d(np.linspace(-9, 9, 20_001), mean + sd * np.linspace(-9, 9, 20_001))
    gap = stats.norm.pdf(x, mean, sd) - stats.norm.pdf(x)
    exact = float(np.trapezoid(gap**2, x))
    assert METRICS["l2_squared"].compute(observe(*laws))[0] == pytest.approx(exact, rel=1e-5)


@given(seeds, scales)
def test_weights(seed: int, scale: float) -> None:
    generator = np.random.default_rng(seed)
    own, real = scale * generator.standard_normal((2, 1, 5))
    seen = look(LinearLaw(own, 1.0), LinearLaw(real, 1.0))
    exact = sum((Fraction(a) - Fraction(b)) ** 2 for a, b in zip(own[0], real[0], strict=True))
    assert METRICS["test_error"].compute(seen)[0] == pytest.approx(float(exact), rel=1e-9)
    norm = float(sum(Fraction(a) ** 2 for a in own[0])) ** 0.5
    assert METRICS["weight_norm"].compute(seen)[0] == pytest.approx(norm, rel=1e-12)


texts = some.tuples(some.integers(1, 6), some.integers(4, 12), some.sampled_from([2, 5, 10**6]))


@given(seeds, texts)
def test_texts(seed: int, shape: tuple[int, int, int]) -> None:
    """Types, bigrams and repeated 4-grams of blocks by loops."""
    number, length, vocabulary = shape
    rows = np.random.default_rng(seed).integers(0, vocabulary, (number, length))
    data = Blocks(rows, np.array([number]))
    for order in (1, 2):
        kinds = Counter(gram for row in rows for gram in grams(row, order))
        assert diversity(data, order)[0] == pytest.approx(len(kinds) / kinds.total())
    own = [len(set(grams(row, 4))) for row in rows]
    assert repetition_share(rows, 4) == pytest.approx(1 - sum(own) / (number * (length - 3)))


@settings(max_examples=30)
@given(some.lists(some.sampled_from([1, 2, 30, 5_000, 10**5]), min_size=1, max_size=12))
def test_types_of_a_long_text(kinds: list[int]) -> None:
    """The expectation among 10,000 drawn without replacement, by exact fractions."""
    total = sum(kinds)
    drawn = min(BUDGET, total)
    ways = comb(total, drawn)
    exact = sum(1 - Fraction(comb(total - kind, drawn), ways) for kind in kinds) / drawn
    found = rarefaction(np.array(kinds), BUDGET)
    assert found == pytest.approx(float(exact), rel=1e-6)
