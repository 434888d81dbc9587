"""Laws of mixtures of normals, and the L² distance between them: docs/theory.md §12, scipy."""

from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from engines.arrays import FloatArray
from engines.laws.law import Components, Part
from engines.laws.mixture import GammaShape, MixtureLaw, NormalShape
from engines.laws.normal import NormalLaw
from engines.laws.normal_mixture import NormalMixtureLaw
from engines.laws.real import StackedLaw
from engines.laws.real_nd import NormalMixtureNDLaw, NormalNDLaw, RealNDLaw
from engines.metrics import quadrature, quantiles
from engines.metrics.normal_mixtures import l2_squared

WEIGHTS = np.array([[0.5, 0.5], [0.3, 0.7], [1e-6, 1 - 1e-6]])
MEANS = np.array([[-4.0, 4.0], [-3.0, 4.5], [100.0, 100.001]])
SDS = np.array([[1.0, 1.0], [np.sqrt(0.5), np.sqrt(2.0)], [1.0, 1e-3]])
LAW = NormalMixtureLaw(WEIGHTS, MEANS, SDS)


def as_mixture(law: NormalMixtureLaw, r: int) -> MixtureLaw:
    """Return one replicate by the other class."""
    pairs = zip(law.means[r].tolist(), law.sds[r].tolist(), strict=True)
    return MixtureLaw(law.weights[r], tuple(NormalShape(m, s) for m, s in pairs))


PLANE = NormalMixtureNDLaw(
    np.array([[0.4, 0.6]]),
    np.array([[[-1.0, 0.0], [1.0, 2.0]]]),
    np.linalg.cholesky(np.array([[[[1.0, 0.5], [0.5, 1.0]], [[0.5, 0.0], [0.0, 2.0]]]])),
)


def test_the_oracle_of_theory() -> None:
    first, second, _ = LAW.split()
    distance = l2_squared(first.components(), second.components())
    assert distance[0] == pytest.approx(0.0500230017, abs=5e-11)
    halved = NormalMixtureLaw(WEIGHTS[1:2, ::-1], MEANS[1:2], SDS[1:2])
    assert abs(l2_squared(first.components(), halved.components())[0] - 0.0500230017) > 1e-3


def test_normal_laws_are_mixtures_of_one() -> None:
    p, q = NormalLaw(np.zeros(1), np.ones(1)), NormalLaw(np.ones(1), np.full(1, 2.0))
    assert l2_squared(p.components(), q.components())[0] == pytest.approx(0.100274, abs=1e-6)
    assert l2_squared(p.components(), p.components())[0] == 0


def test_every_replicate_against_quadrature() -> None:
    source = as_mixture(LAW, 1)
    found = l2_squared(LAW.components(), source.components())
    for r in range(2):
        law = as_mixture(LAW, r)

        def gap(x: float, law: MixtureLaw = law) -> float:
            at = np.array([x])
            return float((law.density(at) - source.density(at))[0, 0] ** 2)

        assert found[r] == pytest.approx(integrate.quad(gap, -12, 14, epsabs=1e-12)[0], abs=1e-9)
    # Narrow: about 1 / (2 √π s), and nothing is lost by the distance from 0.
    assert found[2] == pytest.approx(1 / (2 * np.sqrt(np.pi) * 1e-3), rel=1e-3)


def plane_density(law: RealNDLaw, x: FloatArray) -> FloatArray:
    """Return the density at x (N, 2) as scipy computes it."""
    weights, means, factors = (array[0] for array in law.components())
    parts = zip(weights, means, factors @ np.swapaxes(factors, 1, 2), strict=True)
    return sum((w * stats.multivariate_normal(m, s).pdf(x) for w, m, s in parts), np.zeros(len(x)))


def test_in_the_plane_against_a_sum_over_a_grid() -> None:
    other = NormalNDLaw(np.array([[0.0, 1.0]]), np.array([[[1.0, 0.0], [0.3, 1.0]]]))
    axis = np.linspace(-9, 11, 401)
    grid = np.array(np.meshgrid(axis, axis)).reshape(2, -1).T
    gaps = plane_density(PLANE, grid) - plane_density(other, grid)
    exact = float((gaps**2).sum()) * (axis[1] - axis[0]) ** 2
    assert l2_squared(PLANE.components(), other.components())[0] == pytest.approx(exact, rel=1e-9)


def test_singular_components_are_infinitely_far() -> None:
    point = NormalLaw(np.zeros(2), np.array([0.0, 1e-160]))
    found = l2_squared(point.components(), NormalLaw(np.zeros(1), np.ones(1)).components())
    assert found[0] == np.inf
    assert found[1] == pytest.approx(1 / (2 * np.sqrt(np.pi) * 1e-160), rel=1e-12)
    flat = np.array([[[[1.0, 0.0], [0.0, 0.0]]]])
    needle = Components(np.ones((1, 1)), np.zeros((1, 1, 2)), flat)
    assert l2_squared(needle, PLANE.components())[0] == np.inf


@pytest.mark.parametrize("r", [0, 1])
def test_the_vectorised_law_is_the_mixture_law(r: int) -> None:
    law, x = as_mixture(LAW, r), np.linspace(-9.0, 12.0, 101)
    for name in ("mean", "variance", "sd", "skewness", "kurtosis", "modes"):
        assert getattr(LAW, name)()[r] == pytest.approx(getattr(law, name)()[0], rel=1e-12), name
    for name in ("cdf", "cdf_before", "density", "log_density"):
        assert getattr(LAW, name)(x)[r] == pytest.approx(getattr(law, name)(x)[0], rel=1e-12), name
    u = np.array([0.001, 0.25, 0.5, 0.999])
    assert LAW.quantile(u)[r] == pytest.approx(law.quantile(u)[0], abs=1e-6)


def test_a_collapsed_law_far_from_zero_keeps_its_digits() -> None:
    exact = 1e-6 * (1.0 + 1e-12) + (1 - 1e-6) * 1e-6 + 1e-6 * (1 - 1e-6) * 1e-6
    assert LAW.variance()[2] == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("name", ["w1", "w2_squared", "kl", "js", "tv", "mmd"])
def test_quadrature_takes_replicates_at_once(name: str) -> None:
    laws = NormalMixtureLaw(WEIGHTS[:2], MEANS[:2], SDS[:2])
    source = as_mixture(laws, 1)
    function: Any = getattr(quantiles if name == "w2_squared" else quadrature, name)
    one_by_one = StackedLaw(tuple(as_mixture(laws, r) for r in range(2)))
    assert function(laws, source) == pytest.approx(function(one_by_one, source), abs=2e-4)


def test_quadrature_takes_replicates_of_the_second_law_at_once() -> None:
    laws = NormalMixtureLaw(WEIGHTS[:2], MEANS[:2], SDS[:2])
    source, one_by_one = as_mixture(laws, 1), StackedLaw(tuple(as_mixture(laws, r) for r in (0, 1)))
    expected = quadrature.kl(source, one_by_one)
    assert quadrature.kl(source, laws) == pytest.approx(expected, abs=2e-4)


def test_parts_say_what_a_law_has() -> None:
    gamma = MixtureLaw(np.ones(1), (GammaShape(2.0, 1.0),))
    assert gamma.parts == frozenset()
    assert as_mixture(LAW, 0).parts == LAW.parts == PLANE.parts == {Part.COMPONENTS}
    assert NormalLaw(np.zeros(1), np.ones(1)).parts == {Part.NORMAL, Part.COMPONENTS}


def test_mean_and_covariance_in_the_plane() -> None:
    # Σ w (Σ_k + δ_k δ_kᵀ), δ = ∓(1.2, 1.2) and (0.8, 0.8), by hand.
    between = 0.4 * 1.44 + 0.6 * 0.64
    exact = np.array([[0.4 + 0.3, 0.2], [0.2, 0.4 + 1.2]]) + between
    assert PLANE.mean()[0] == pytest.approx(np.array([0.2, 1.2]))
    assert PLANE.covariance()[0] == pytest.approx(exact)
    assert PLANE.matching_normal().factors[0, 0, 1] == 0
