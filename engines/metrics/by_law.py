"""How each metric is computed, by the kind of law that it finds."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.arrays import BoolArray, FloatArray
from engines.data import Blocks
from engines.laws.discrete import DiscreteLaw
from engines.laws.normal import NormalLaw
from engines.laws.poisson import PoissonLaw
from engines.laws.real_nd import NormalNDLaw, RealNDLaw
from engines.metrics import (
    language,
    normal_mixtures,
    normal_pairs,
    points,
    poisson_pairs,
    quadrature,
    states,
)
from engines.metrics.observation import Observation, Reference
from engines.thresholds import ALIVE_SD

Numbers = Callable[[Observation], FloatArray]
Compute = Callable[[Observation], FloatArray | BoolArray]
"""Where it answers yes or no, the record says 1 or 0."""


def of_law(method: str) -> Numbers:
    """Return the metric that a method of the model's law gives."""

    def compute(observation: Observation) -> FloatArray:
        return getattr(observation.law, method)()

    return compute


CLOSED: dict[type[Any], Any] = {NormalLaw: normal_pairs, PoissonLaw: poisson_pairs}
"""Closed forms between two laws of one family."""


def distance(name: str, law: Any, source: Any) -> FloatArray:
    """Return a distance: on states, by a closed form of the family, or by quadrature."""
    if isinstance(law, DiscreteLaw):
        return getattr(states, name)(law, source)
    family: Any = None
    if isinstance(source, type(law)):
        family = next((CLOSED[kind] for kind in CLOSED if isinstance(law, kind)), None)
    closed = getattr(family, name, None)
    return (closed or getattr(quadrature, name))(law, source)


def pair(name: str) -> Numbers:
    """Return the metric that compares the laws of model and source by name."""

    def compute(observation: Observation) -> FloatArray:
        return distance(name, observation.law, observation.source)

    return compute


def kl_reverse(observation: Observation) -> FloatArray:
    """Return KL(0 ‖ n), shape (R,)."""
    law: Any = observation.law
    source: Any = observation.source
    if isinstance(law, DiscreteLaw):
        rows = np.broadcast_to(source.probabilities, law.probabilities.shape)
        return states.kl(DiscreteLaw(rows, law.values), law)
    return distance("kl", source, law)


def mmd(observation: Observation) -> FloatArray:
    """Return MMD² with a Gaussian kernel of one source sd, shape (R,)."""
    law: Any = observation.law
    source: Any = observation.source
    if isinstance(law, NormalLaw) and isinstance(source, NormalLaw):
        return normal_pairs.mmd(law, source, float(source.sds[0]))
    if isinstance(law, DiscreteLaw):
        return states.mmd(law, source)
    return quadrature.mmd(law, source)


def w2_squared(observation: Observation) -> FloatArray:
    """Return W₂², shape (R,)."""
    if isinstance(observation.law, NormalNDLaw) and isinstance(observation.source, NormalNDLaw):
        return normal_pairs.w2_squared_nd(observation.law, observation.source)
    return pair("w2_squared")(observation)


def w2(observation: Observation) -> FloatArray:
    """Return W₂, shape (R,)."""
    return np.sqrt(w2_squared(observation))


def of_matched(function: Callable[[NormalNDLaw, NormalNDLaw], FloatArray]) -> Numbers:
    """Return a comparison by mean and covariance: of the normal laws that have the same."""

    def compute(observation: Observation) -> FloatArray:
        if not isinstance(observation.law, RealNDLaw) or not isinstance(
            observation.source, RealNDLaw
        ):
            raise TypeError("this metric compares laws in several dimensions")
        return function(observation.law.matching_normal(), observation.source.matching_normal())

    return compute


def either(real: Numbers, several: Numbers) -> Numbers:
    """Return one metric for one dimension, another for several."""

    def compute(observation: Observation) -> FloatArray:
        return (several if isinstance(observation.law, RealNDLaw) else real)(observation)

    return compute


def l2_squared(observation: Observation) -> FloatArray:
    """Return ∫ (p_n - p_0)², shape (R,), of states or normal mixtures."""
    law: Any = observation.law
    source: Any = observation.source
    if isinstance(law, DiscreteLaw):
        return states.l2_squared(law, source)
    return normal_mixtures.l2_squared(law.components(), source.components())


def trace_ratio(law: NormalNDLaw, source: NormalNDLaw) -> FloatArray:
    """Return tr Σ_n / tr Σ_0, shape (R,)."""
    own = (law.factors**2).sum(axis=(1, 2))
    return own / (source.factors**2).sum()


def mean_error(law: NormalNDLaw, source: NormalNDLaw) -> FloatArray:
    """Return ‖μ_n - μ_0‖², shape (R,)."""
    return ((law.means - source.means) ** 2).sum(axis=1)


def log_condition(law: NormalNDLaw, source: NormalNDLaw) -> FloatArray:
    """Return ln of the ratio of extreme eigenvalues where Σ_0 is the identity."""
    values = np.linalg.svd(normal_pairs.whitened_factor(law, source), compute_uv=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2.0 * (np.log(values[:, 0]) - np.log(values[:, -1]))


def tail_mass(observation: Observation) -> FloatArray:
    """Return the mass beyond the source's 1 and 99 % quantiles, shape (R,)."""
    return observation.once(
        "tail_mass", lambda: mass_beyond_tails(observation.law, observation.reference)
    )


def mass_beyond_tails(law: Any, reference: Reference) -> FloatArray:
    """Return a law's mass beyond the source's 1 and 99 % quantiles, shape (R,)."""
    low, high = reference.tails
    if isinstance(law, DiscreteLaw):
        outside = (law.values < low) | (law.values > high)
        if not law.has_values:
            return np.full(len(law.probabilities), np.nan)
        return law.probabilities.compress(outside, axis=1).sum(axis=1)
    return law.outside(low, high)


def tail_mass_3sd(observation: Observation) -> FloatArray:
    """Return the mass beyond 3 source sd, shape (R,)."""
    source: Any = observation.source
    mean, sd = float(source.mean()[0]), float(source.sd()[0])
    low, high = mean - 3 * sd, mean + 3 * sd
    law: Any = observation.law
    if isinstance(law, DiscreteLaw):
        outside = (law.values < low) | (law.values > high)
        return law.probabilities.compress(outside, axis=1).sum(axis=1)
    return law.outside(low, high)


def alive(observation: Observation) -> BoolArray:
    """Return whether the law varies, shape (R,)."""
    law: Any = observation.law
    source: Any = observation.source
    if isinstance(law, DiscreteLaw):
        return states.support_alive(law) > 1
    return law.variance() > ALIVE_SD**2 * source.variance()


def test_error(observation: Observation) -> FloatArray:
    """Return ‖ŵ - w*‖², shape (R,)."""
    law: Any = observation.law
    source: Any = observation.source
    return ((law.weights - source.weights) ** 2).sum(axis=1)


def weight_norm(observation: Observation) -> FloatArray:
    """Return ‖ŵ‖, shape (R,)."""
    law: Any = observation.law
    return np.sqrt((law.weights**2).sum(axis=1))


def sample_moment(observation: Observation, order: int) -> FloatArray:
    """Return skewness (3) or excess kurtosis (4) of D_n, shape (R,)."""
    if isinstance(observation.source, DiscreteLaw):
        law = observation.frequencies(observation.drawn)
        return law.skewness() if order == 3 else law.kurtosis()
    rows = observation.points.rows
    deviations = rows - rows.mean(axis=1, keepdims=True)
    moment = (deviations**order).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return moment / (deviations**2).mean(axis=1) ** (order / 2) - (3.0 if order == 4 else 0.0)


def w1_sample(observation: Observation) -> FloatArray:
    """Return W₁ between D_n and D_0, shape (R,)."""
    if isinstance(observation.source, DiscreteLaw):
        drawn = observation.frequencies(observation.drawn)
        return states.w1(drawn, observation.frequencies(observation.reference.real))
    return points.w1_sample(observation)


def alive_tokens(observation: Observation) -> FloatArray:
    """Return the number of different tokens left, shape (R,); in blocks, of D_n."""
    if isinstance(observation.drawn, Blocks):
        return language.vocabulary_alive(observation)
    law: Any = observation.law
    return states.support_alive(law)
