"""Metrics that compare the law of model n with the law of the source, and moments of D_n.

The classes of the two laws decide how a distance is computed: sums over states, closed forms
between laws of one family, quadrature for any other pair.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import numpy as np

from engines.arrays import BoolArray, FloatArray
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import Law, NumberLaw, narrow
from engines.laws.linear import LinearLaw
from engines.laws.normal import NormalLaw
from engines.laws.poisson import PoissonLaw
from engines.laws.real import RealLaw
from engines.laws.real_nd import RealNDLaw
from engines.metrics.observation import Baseline, Observation
from engines.thresholds import ALIVE_SD

Compute = Callable[[Observation], FloatArray]

MODULES: dict[type[Law], tuple[str, ...]] = {
    DiscreteLaw: ("states",),
    NormalLaw: ("normal_pairs", "quadrature"),
    PoissonLaw: ("poisson_pairs", "quadrature", "quantiles"),
    Law: ("quadrature", "quantiles"),
}
"""Where distances between two laws of a family are sought, in this order."""


def law_method(name: str) -> Compute:
    """Return the metric that a method of the model's law computes."""
    return lambda observation: getattr(observation.law, name)()


mean, variance, sd, log_sigma = map(law_method, ("mean", "variance", "sd", "log_sd"))
skewness, kurtosis, modes = map(law_method, ("skewness", "kurtosis", "modes"))
heterozygosity, support_alive = map(law_method, ("heterozygosity", "support_alive"))


def distance(name: str, law: Law, source: Law) -> FloatArray:
    """Return a distance between the laws of model and source, shape (R,).

    Parameters
    ----------
    name : str
        As the functions of `engines.metrics.quadrature` are called.
    law, source : Law
        R replicates of one of them, one of the other (or R of both).
    """
    if isinstance(law, RealNDLaw):
        pair = law.matching_normal(), narrow(source, RealNDLaw).matching_normal()
        return _function(f"{name}_nd", NormalLaw, NormalLaw)(*pair)
    return _function(name, type(law), type(source))(law, source)


@cache
def _function(name: str, law: type[Law], source: type[Law]) -> Callable[[Law, Law], FloatArray]:
    """Return the function that computes a distance between laws of two classes."""
    kind = next(kind for kind in MODULES if issubclass(law, kind) and issubclass(source, kind))
    modules = (import_module(f"engines.metrics.{module}") for module in MODULES[kind])
    return next(getattr(module, name) for module in modules if hasattr(module, name))


def distance_to_source(name: str) -> Compute:
    """Return the metric that measures the distance of the model's law to the source."""
    return lambda observation: distance(name, observation.law, observation.source)


w1, w2_squared, kl = map(distance_to_source, ("w1", "w2_squared", "kl"))
js, tv, energy, mmd = map(distance_to_source, ("js", "tv", "energy", "mmd"))


def w2(observation: Observation) -> FloatArray:
    """Return W₂, shape (R,)."""
    return np.sqrt(w2_squared(observation))


def kl_reverse(observation: Observation) -> FloatArray:
    """Return KL(0 ‖ n), shape (R,)."""
    return distance("kl", observation.source, observation.law)


def l2_squared(observation: Observation) -> FloatArray:
    """Return ∫ (p_n - p_0)², shape (R,), of states or mixtures of normal laws."""
    if isinstance(observation.law, DiscreteLaw):
        return distance("l2_squared", observation.law, observation.source)
    from engines.metrics import normal_mixtures

    return normal_mixtures.l2_squared(observation.law.components(), observation.source.components())


def alive(observation: Observation) -> BoolArray:
    """Return whether the law varies, shape (R,)."""
    if isinstance(observation.law, DiscreteLaw):
        return observation.law.support_alive() > 1
    law, source = observation.laws(RealLaw)
    return law.variance() > ALIVE_SD**2 * source.variance()


def tail_mass(observation: Observation) -> FloatArray:
    """Return the mass beyond the source's 1 and 99 % quantiles, shape (R,)."""
    law, baseline = observation.law, observation.baseline
    return observation.memo.get("tail_mass", lambda: mass_beyond_tails(law, baseline))


def mass_beyond_tails(law: Law, baseline: Baseline) -> FloatArray:
    """Return a law's mass beyond the source's 1 and 99 % quantiles, shape (R,).

    NaN for states without numbers attached to them.
    """
    if isinstance(law, DiscreteLaw) and not law.has_values:
        return np.full(len(law.probabilities), np.nan)
    return narrow(law, NumberLaw).outside(*baseline.tails)


def tail_mass_3sd(observation: Observation) -> FloatArray:
    """Return the mass beyond 3 source sd, shape (R,)."""
    law, source = observation.laws(NumberLaw)
    centre, width = float(source.mean()[0]), 3 * float(source.sd()[0])
    return law.outside(centre - width, centre + width)


def test_error(observation: Observation) -> FloatArray:
    """Return ‖ŵ - w*‖², shape (R,)."""
    law, source = observation.laws(LinearLaw)
    return ((law.weights - source.weights) ** 2).sum(axis=1)


def weight_norm(observation: Observation) -> FloatArray:
    """Return ‖ŵ‖, shape (R,)."""
    return np.sqrt((narrow(observation.law, LinearLaw).weights ** 2).sum(axis=1))


def mean_sample(observation: Observation) -> FloatArray:
    """Return the mean of D_n, shape (R,)."""
    return observation.sample_moments[0]


def variance_sample(observation: Observation) -> FloatArray:
    """Return the variance of D_n (ddof 0), shape (R,)."""
    return observation.sample_moments[1]


def skewness_sample(observation: Observation) -> FloatArray:
    """Return the skewness of D_n, shape (R,)."""
    if isinstance(observation.source, DiscreteLaw):
        return observation.frequencies.skewness()
    return _standardised_moment(observation.points.rows, 3)


def kurtosis_sample(observation: Observation) -> FloatArray:
    """Return the excess kurtosis of D_n, shape (R,)."""
    if isinstance(observation.source, DiscreteLaw):
        return observation.frequencies.kurtosis()
    return _standardised_moment(observation.points.rows, 4) - 3.0


def _standardised_moment(rows: FloatArray, order: int) -> FloatArray:
    deviations = rows - rows.mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        moment = (deviations**order).mean(axis=1)
        return moment / (deviations**2).mean(axis=1) ** (order / 2)


def w1_sample(observation: Observation) -> FloatArray:
    """Return W₁ between D_n and D_0, shape (R,)."""
    from engines.metrics import points, states

    if isinstance(observation.source, DiscreteLaw):
        return states.w1(observation.frequencies, observation.real_counterpart.frequencies)
    return points.w1_sample(observation)
