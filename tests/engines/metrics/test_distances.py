"""Metrics between laws: scipy, closed forms (docs/theory.md §12), and finer quadrature."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import integrate, linalg, stats

from engines.arrays import FloatArray
from engines.laws.discrete import DiscreteLaw
from engines.laws.empirical import EmpiricalLaw
from engines.laws.kernel import kernel_law
from engines.laws.mixture import GammaShape, MixtureLaw, NormalShape, UniformShape
from engines.laws.normal import NormalLaw
from engines.laws.real import StackedLaw
from engines.laws.real_nd import NormalNDLaw
from engines.metrics import normal_pairs, quadrature, quantiles, states
from engines.numerics.kernels import KERNELS

P = NormalLaw(np.array([0.0]), np.array([1.0]))
Q = NormalLaw(np.array([1.0]), np.array([2.0]))

ORACLE = {
    "w1": 1.166631,
    "w2_squared": 1.414214**2,
    "kl": 0.443147,
    "kl_reverse": 1.306853,
    "js": 0.128175,
    "tv": 0.390066,
    "energy": 0.534105,
    "mmd": 0.159470,
}
"""P = N(0, 1), Q = N(1, 4); kl is KL(P‖Q), mmd with length 1."""


def as_mixture(law: NormalLaw, r: int = 0) -> MixtureLaw:
    """Return a normal law as a mixture of one component, so that quadrature takes it."""
    return MixtureLaw(np.ones(1), (NormalShape(float(law.means[r]), float(law.sds[r])),))


@pytest.mark.parametrize("name", ["w1", "w2_squared", "kl", "energy"])
def test_closed_forms_of_normal_laws(name: str) -> None:
    assert getattr(normal_pairs, name)(P, Q)[0] == pytest.approx(ORACLE[name], abs=2e-6)


def test_closed_forms_that_are_not_symmetric() -> None:
    assert normal_pairs.kl(Q, P)[0] == pytest.approx(ORACLE["kl_reverse"], abs=1e-6)
    assert normal_pairs.mmd(P, Q, 1.0)[0] == pytest.approx(ORACLE["mmd"], abs=1e-6)
    assert abs(normal_pairs.kl(Q, P)[0] - ORACLE["kl"]) > 0.5


PAIRS: dict[str, tuple[Any, Any]] = {
    "mixture, mixture": (as_mixture(P), as_mixture(Q)),
    "normal, mixture": (P, as_mixture(Q)),
    "mixture, normal": (as_mixture(P), Q),
}


def by_quadrature(name: str, p: Any, q: Any) -> Any:
    """Return a distance by its name, as metrics are called."""
    if name == "kl_reverse":
        return quadrature.kl(q, p)
    return getattr(quantiles if name == "w2_squared" else quadrature, name)(p, q)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("name", sorted(ORACLE))
def test_quadrature_of_normal_laws(name: str, pair: str) -> None:
    """Within 4e-5 of the closed forms (1e-3 is promised); mmd has Q's sd 2 as its length."""
    p, q = PAIRS[pair]
    expected = ORACLE[name] if name != "mmd" else normal_pairs.mmd(P, Q, 2.0)[0]
    assert float(by_quadrature(name, p, q)[0]) == pytest.approx(expected, abs=4e-5)


def test_quadrature_tells_another_law_apart() -> None:
    """Negative control: Q = N(1, 4.4) misses every oracle."""
    other = as_mixture(NormalLaw(np.array([1.0]), np.array([2.1])))
    for name, expected in ORACLE.items():
        if name != "mmd":
            found = float(by_quadrature(name, as_mixture(P), other)[0])
            assert abs(found - expected) > 1e-3, name


def test_bures_and_kl_in_several_dimensions() -> None:
    first, second = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[1.0, -0.2], [-0.2, 3.0]])
    zero = np.zeros((1, 2))
    p = NormalNDLaw(zero, np.linalg.cholesky(first)[None])
    q = NormalNDLaw(np.array([[1.0, -1.0]]), np.linalg.cholesky(second)[None])
    assert normal_pairs.w2_squared_nd(p, q)[0] == pytest.approx(0.883817 + 2.0, abs=1e-6)
    root = linalg.sqrtm(linalg.sqrtm(first) @ second @ linalg.sqrtm(first))
    bures = np.trace(first + second - 2 * root)
    assert bures == pytest.approx(0.883817, abs=1e-6)
    shift = np.array([1.0, -1.0])
    inverse = np.linalg.inv(second)
    kl = 0.5 * (
        np.trace(inverse @ first)
        + shift @ inverse @ shift
        - 2
        + np.log(np.linalg.det(second) / np.linalg.det(first))
    )
    assert normal_pairs.kl_nd(p, q)[0] == pytest.approx(kl)
    assert normal_pairs.log_det_ratio(p, q)[0] == pytest.approx(
        np.log(np.linalg.det(first) / np.linalg.det(second))
    )
    many = NormalNDLaw(np.repeat(p.means, 3, axis=0), np.repeat(p.factors, 3, axis=0))
    assert normal_pairs.kl_nd(many, q) == pytest.approx([kl] * 3)
    assert normal_pairs.kl_nd(q, many) == pytest.approx(normal_pairs.kl_nd(q, p).tolist() * 3)


DATA = {
    "A": MixtureLaw(
        np.array([3 / 8, 3 / 8, 1 / 4]),
        (NormalShape(-2, 0.5), NormalShape(3, 1), UniformShape(-4, -3)),
    ),
    "B": MixtureLaw(
        np.array([3, 3, 3, 2]) / 11,
        (NormalShape(0, 0.1), NormalShape(-2, 0.5), NormalShape(3, 1), UniformShape(-4, -3)),
    ),
    "C": MixtureLaw(
        np.array([3, 3, 3, 2]) / 11,
        (GammaShape(2, 4), NormalShape(-2, 0.5), NormalShape(3, 1), UniformShape(-4, -3)),
    ),
    "narrow": MixtureLaw(np.array([0.5, 0.5]), (NormalShape(0, 1e-3), NormalShape(5, 1))),
}


@pytest.mark.parametrize(
    ("data", "mean", "variance"),
    [("A", -0.5, 8.17708), ("B", -0.36364, 5.99928), ("C", 1.81818, 29.00482)],
)
def test_moments_of_borjis_data(data: str, mean: float, variance: float) -> None:
    law = DATA[data]
    assert law.mean()[0] == pytest.approx(mean, abs=1e-5)
    assert law.variance()[0] == pytest.approx(variance, abs=1e-5)
    low, high = (float(end[0]) for end in law.span())
    points = [-4.0, -3.0, 0.0, 3.0]

    def moment(order: int) -> float:
        centre = float(law.mean()[0])
        return integrate.quad(
            lambda x: (x - centre) ** order * float(law.density(np.array([x]))[0, 0]),
            low,
            high,
            points=points,
            limit=400,
        )[0]

    assert moment(0) == pytest.approx(1.0, abs=1e-7)
    assert law.skewness()[0] == pytest.approx(moment(3) / moment(2) ** 1.5, abs=1e-5)
    assert law.kurtosis()[0] == pytest.approx(moment(4) / moment(2) ** 2 - 3, abs=1e-5)


def fine_values(p: Any, q: Any) -> dict[str, float]:
    """Return distances by a plain sum over 500,000 cells."""
    low = min(float(p.span()[0][0]), float(q.span()[0][0]))
    high = max(float(p.span()[1][0]), float(q.span()[1][0]))
    x = np.linspace(low, high, 500_001)
    widths, middles = np.diff(x), 0.5 * (x[1:] + x[:-1])
    gap = p.cdf(x)[0] - q.cdf(x)[0]
    log_p, log_q = p.log_density(middles)[0], q.log_density(middles)[0]
    f, g = np.exp(log_p), np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        kl = np.where(f > 0, f * (log_p - log_q), 0.0)
        left = np.where(f > 0, f * (log_p - np.log(0.5 * (f + g))), 0.0)
        right = np.where(g > 0, g * (log_q - np.log(0.5 * (f + g))), 0.0)
    return {
        "w1": float(np.trapezoid(np.abs(gap), x)),
        "energy": float(2 * np.trapezoid(gap**2, x)),
        "tv": float(0.5 * (np.abs(f - g) * widths).sum()),
        "js": float(0.5 * ((left + right) * widths).sum()),
        "kl": float((kl * widths).sum()),
    }


MODELS: dict[str, Any] = {
    "normal": lambda law: NormalLaw(law.mean(), law.sd()),
    "wide": lambda law: NormalLaw(law.mean(), 3 * law.sd()),
    "thin": lambda law: NormalLaw(law.mean(), 0.02 * law.sd()),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("data", DATA)
def test_quadrature_against_a_hundred_times_finer_grid(data: str, model: str) -> None:
    """Absolute error below 1e-3 (distances in units of the source's sd)."""
    q = DATA[data]
    p = MODELS[model](q)
    scale = float(q.sd()[0])
    for name, expected in fine_values(p, q).items():
        found = float(by_quadrature(name, p, q)[0])
        unit = scale if name in {"w1", "energy"} else 1.0
        if name == "kl" and not np.isfinite(expected):
            assert np.isinf(found)
            continue
        assert abs(found - expected) < 1e-3 * max(unit, 1e-3 * abs(expected)), name


@pytest.mark.parametrize("data", DATA)
def test_w2_against_sorted_quantiles(data: str) -> None:
    """∫ (F⁻¹ - G⁻¹)² by 200,001 quantiles of the mixture's own inverse."""
    q = DATA[data]
    p = NormalLaw(q.mean() + 0.3, 1.2 * q.sd())
    u = (np.arange(200_000) + 0.5) / 200_000
    expected = float(((p.quantile(u) - q.quantile(u)) ** 2).mean())
    found = float(quantiles.w2_squared(p, q)[0])
    assert abs(found - expected) < 1e-3 * float(q.variance()[0])


@pytest.mark.parametrize("data", DATA)
def test_quantile_inverts_the_cdf(data: str) -> None:
    law = DATA[data]
    u = np.array([1e-6, 0.01, 0.2, 0.4999, 0.75, 0.99, 1 - 1e-6])
    np.testing.assert_allclose(law.cdf(law.quantile(u))[0], u, atol=1e-6)


def test_log_density_of_a_mixture_does_not_underflow() -> None:
    law = DATA["A"]
    far = np.array([60.0])
    expected = np.log(3 / 8) - 0.5 * 57**2 - 0.5 * np.log(2 * np.pi)
    assert law.log_density(far)[0, 0] == pytest.approx(expected)
    wide = NormalLaw(np.array([-0.5]), np.array([9.0]))
    assert np.isfinite(quadrature.kl(wide, law)[0])


@pytest.mark.parametrize(
    ("h", "n", "w1", "w2", "kl", "kl_reverse", "tv"),
    [
        (0.5, 1, 0.09418, 0.11803, 0.01343, 0.01157, 0.05394),
        (0.5, 10, 0.69482, 0.87083, 0.62362, 0.26924, 0.29362),
        (0.5, 300, 6.15791, 7.71780, 35.33463, 1.67195, 0.77392),
        (0.1, 30, 0.11184, 0.14018, 0.01882, 0.01580, 0.06339),
        (0.1, 300, 0.79788, 1.0, 0.80685, 0.31815, 0.32267),
    ],
)
def test_borjis_data_d_is_in_closed_form(
    h: float, n: int, w1: float, w2: float, kl: float, kl_reverse: float, tv: float
) -> None:
    model = NormalLaw(np.zeros(1), np.array([np.sqrt(1 + n * h**2)]))
    found = (
        normal_pairs.w1(model, P),
        np.sqrt(normal_pairs.w2_squared(model, P)),
        normal_pairs.kl(model, P),
        normal_pairs.kl(P, model),
        quadrature.tv(model, P),
    )
    np.testing.assert_allclose(
        [float(value[0]) for value in found], [w1, w2, kl, kl_reverse, tv], atol=6e-6
    )


# docs/theory.md §7, data A and B at M = ∞: p_0 * N(0, n h²), each component widened
INFINITE = {
    ("A", 0.5, 1): (0.11225, 0.16022, 0.48117, 0.10850, 0.14975),
    ("A", 0.1, 300): (0.67369, 0.90013, 3.22074, 0.47010, 0.39867),
    ("A", 0.5, 300): (4.97625, 6.54973, 42.57615, 1.32628, 0.69407),
    ("B", 0.5, 10): (0.45464, 0.66956, 2.33983, 0.62236, 0.41662),
    ("B", 0.1, 1): (0.01357, 0.02389, 0.08371, 0.03755, 0.06261),
    ("C", 0.5, 30): (0.89902, 1.21134, 4.41101, 0.43949, 0.36661),
}


@pytest.mark.parametrize(("data", "h", "n"), INFINITE)
def test_infinite_sample_oracles_by_quadrature(data: str, h: float, n: int) -> None:
    """The widened law as a kernel estimate of 40,000 exact quantiles of p_0.

    Within 1e-3 source sd (KL: 1 %, its tails are those of the 40,000th quantile).
    """
    source = DATA[data]
    points = source.quantile((np.arange(40_000) + 0.5) / 40_000)[0]
    law = kernel_law(np.sort(points), float(np.sqrt(n) * h), KERNELS["gaussian"])
    w1, w2, kl, kl_reverse, tv = INFINITE[data, h, n]
    scale = float(source.sd()[0])
    assert abs(quadrature.w1(law, source)[0] - w1) < 1e-3 * scale
    assert abs(np.sqrt(quantiles.w2_squared(law, source)[0]) - w2) < 2e-3 * scale
    assert abs(quadrature.tv(law, source)[0] - tv) < 1e-3
    assert abs(quadrature.kl(source, law)[0] - kl_reverse) < 1e-3 + 0.01 * kl_reverse
    assert abs(quadrature.kl(law, source)[0] - kl) < 1e-3 + 0.01 * kl


def test_distances_to_the_law_of_a_file() -> None:
    """W1 and energy to atoms exactly; W2 within 1e-3; a moved atom is seen."""
    generator = np.random.default_rng(1)
    atoms = np.sort(generator.standard_normal(150).round(1))
    q = EmpiricalLaw(atoms)
    p = NormalLaw(np.array([0.3]), np.array([1.2]))
    x = np.linspace(-10, 10, 2_000_001)
    gap = p.cdf(x)[0] - np.searchsorted(atoms, x, side="right") / 150
    w1 = np.trapezoid(np.abs(gap), x)
    assert quadrature.w1(p, q)[0] == pytest.approx(w1, abs=1e-4)
    assert quadrature.energy(p, q)[0] == pytest.approx(2 * np.trapezoid(gap**2, x), abs=1e-4)
    moved = EmpiricalLaw(np.sort(np.append(atoms[1:], 9.0)))
    assert abs(quadrature.w1(p, moved)[0] - w1) > 0.01
    u = (np.arange(150_000) + 0.5) / 150_000
    literal = ((p.quantile(u)[0] - np.repeat(atoms, 1_000)) ** 2).mean()
    assert quantiles.w2_squared(p, q)[0] == pytest.approx(literal, abs=1e-3)


def test_moments_of_the_law_of_a_file_are_numpys() -> None:
    atoms = np.sort(np.random.default_rng(1).gamma(2.0, 1.0, 77))
    law = EmpiricalLaw(atoms)
    assert law.mean()[0] == pytest.approx(atoms.mean())
    assert law.variance()[0] == pytest.approx(atoms.var())
    assert law.skewness()[0] == pytest.approx(stats.skew(atoms))
    assert law.kurtosis()[0] == pytest.approx(stats.kurtosis(atoms))
    assert law.cdf(atoms[:1])[0, 0] == pytest.approx(1 / 77)
    assert law.cdf_before(atoms[:1])[0, 0] == 0
    assert np.isnan(law.modes()[0])
    with pytest.raises(TypeError, match="no density"):
        law.density(atoms)


def test_a_stack_of_laws_is_each_of_them() -> None:
    generator = np.random.default_rng(1)
    laws = tuple(
        kernel_law(np.sort(generator.standard_normal(40)), 0.4, KERNELS["cosine"]) for _ in "ab"
    )
    stacked = StackedLaw(laws)
    for name in ("w1", "w2_squared", "tv", "js", "kl_reverse", "energy", "mmd"):
        both = by_quadrature(name, stacked, DATA["A"])
        each = [by_quadrature(name, law, DATA["A"])[0] for law in laws]
        assert both.tolist() == each, name


def discrete(replicates: int = 5) -> tuple[DiscreteLaw, DiscreteLaw]:
    """Return `replicates` laws with lost states, and a source, on values out of order."""
    generator = np.random.default_rng(3)
    rows = generator.dirichlet(np.ones(6), replicates)
    rows[0, 2] = 0.0
    rows /= rows.sum(axis=1, keepdims=True)
    values = np.array([0.0, 3.0, 1.0, 7.0, -2.0, 4.0])
    source = generator.dirichlet(np.ones(6))[None]
    return DiscreteLaw(rows, values), DiscreteLaw(source, values)


def _plan(p: FloatArray, q: FloatArray, values: FloatArray) -> float:
    """Return W2² by moving mass in order of the values."""
    order = np.argsort(values)
    left, right, values = p[order].copy(), q[order].copy(), values[order]
    i = j = 0
    total = 0.0
    while i < 6 and j < 6:
        moved = min(left[i], right[j])
        total += moved * (values[i] - values[j]) ** 2
        left[i] -= moved
        right[j] -= moved
        i, j = (i + 1, j) if left[i] <= right[j] else (i, j + 1)
    return total


REFERENCES: dict[str, Callable[[FloatArray, FloatArray, FloatArray], float]] = {
    "w1": lambda p, q, v: stats.wasserstein_distance(v, v, p, q),
    "w2_squared": _plan,
    "energy": lambda p, q, v: stats.energy_distance(v, v, p, q) ** 2,
    "tv": lambda p, q, _: 0.5 * float(np.abs(p - q).sum()),
    "kl": lambda p, q, _: float(stats.entropy(p, q)),
    "js": lambda p, q, _: float(
        0.5 * stats.entropy(p, (p + q) / 2) + 0.5 * stats.entropy(q, (p + q) / 2)
    ),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_distances_between_states_are_scipys(name: str) -> None:
    p, q = discrete()
    found = getattr(states, name)(p, q)
    for r, row in enumerate(p.probabilities):
        expected = REFERENCES[name](row, q.probabilities[0], p.values)
        assert found[r] == pytest.approx(expected, abs=1e-12), r


def test_kl_of_lost_states() -> None:
    p, q = discrete(1)
    assert np.isfinite(states.kl(p, q)[0])
    assert np.isinf(states.kl(q, p)[0])
    assert p.support_alive()[0] == 5
    assert p.heterozygosity()[0] == pytest.approx(1 - (p.probabilities**2).sum())
    length = float(q.sd()[0])
    gaps = p.values[:, None] - p.values[None, :]
    kernel = np.exp(-0.5 * (gaps / length) ** 2)
    difference = p.probabilities[0] - q.probabilities[0]
    assert states.mmd(p, q)[0] == pytest.approx(difference @ kernel @ difference)


def test_moments_of_states_are_those_of_their_values() -> None:
    p, _ = discrete(1)
    sample = np.repeat(p.values, np.round(p.probabilities[0] * 10**6).astype(int))
    assert p.mean()[0] == pytest.approx(sample.mean(), abs=1e-4)
    assert p.variance()[0] == pytest.approx(sample.var(), abs=1e-4)
    assert p.skewness()[0] == pytest.approx(stats.skew(sample), abs=1e-4)
    assert p.kurtosis()[0] == pytest.approx(stats.kurtosis(sample), abs=1e-4)
