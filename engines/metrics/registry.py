"""The table of metrics: name, where it exists, how it is computed.

Without suffix a metric compares the law of model n with the law of the source; with
``_sample`` it looks at the points D_n.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engines.arrays import FloatArray
from engines.laws import DiscreteLaw, NormalLaw, NormalNDLaw, Part, PoissonLaw, RealLaw, RealNDLaw
from engines.metrics import (
    normal_mixtures,
    normal_pairs,
    points,
    poisson_pairs,
    quadrature,
    states,
    tokens,
)
from engines.metrics.look import Look
from engines.thresholds import ALIVE_SD

Compute = Callable[[Look], FloatArray]


@dataclass(frozen=True, slots=True)
class Metric:
    """One number per replicate and generation.

    Attributes
    ----------
    name : str
    label : str
        For chart titles, at most 18 characters.
    kinds : tuple of str
        Kinds of data for which it is defined.
    density : bool
        Whether it needs a density of the source, which a file does not have.
    compute : callable
        `Look` → array of shape (R,).
    sentence : str
        What it is, for help and documentation.
    needs : mapping of str to Part
        Kind of data → what the laws of source and engine must have there.
    """

    name: str
    label: str
    kinds: tuple[str, ...]
    density: bool
    compute: Compute
    sentence: str
    needs: Mapping[str, Part] = field(default_factory=dict[str, Part])


def _law(method: str) -> Compute:
    def compute(look: Look) -> FloatArray:
        return getattr(look.law, method)()

    return compute


CLOSED: dict[type, Any] = {NormalLaw: normal_pairs, PoissonLaw: poisson_pairs}
"""Closed forms between two laws of one family."""


def _distance(name: str, law: Any, source: Any) -> FloatArray:
    """Return a distance: on states, by a closed form of the family, or by quadrature."""
    if isinstance(law, DiscreteLaw):
        return getattr(states, name)(law, source)
    family = CLOSED.get(type(law)) if type(law) is type(source) else None
    closed = getattr(family, name, None)
    return (closed or getattr(quadrature, name))(law, source)


def _pair(name: str) -> Compute:
    def compute(look: Look) -> FloatArray:
        return _distance(name, look.law, look.source)

    return compute


def _kl_reverse(look: Look) -> FloatArray:
    law: Any = look.law
    source: Any = look.source
    if isinstance(law, DiscreteLaw):
        rows = np.broadcast_to(source.probabilities, law.probabilities.shape)
        return states.kl(DiscreteLaw(rows, law.values), law)
    return _distance("kl", source, law)


def _mmd(look: Look) -> FloatArray:
    law: Any = look.law
    source: Any = look.source
    if isinstance(law, NormalLaw) and isinstance(source, NormalLaw):
        return normal_pairs.mmd(law, source, float(source.sds[0]))
    if isinstance(law, DiscreteLaw):
        return states.mmd(law, source)
    return quadrature.mmd(law, source)


def _w2_squared(look: Look) -> FloatArray:
    if isinstance(look.law, NormalNDLaw) and isinstance(look.source, NormalNDLaw):
        return normal_pairs.w2_squared_nd(look.law, look.source)
    return _pair("w2_squared")(look)


def _w2(look: Look) -> FloatArray:
    return np.sqrt(_w2_squared(look))


def _nd(function: Callable[[NormalNDLaw, NormalNDLaw], FloatArray]) -> Compute:
    """Return a comparison by mean and covariance: of the normal laws that have the same."""

    def compute(look: Look) -> FloatArray:
        if not isinstance(look.law, RealNDLaw) or not isinstance(look.source, RealNDLaw):
            raise TypeError("this metric compares laws in several dimensions")
        return function(look.law.matched(), look.source.matched())

    return compute


def _either(real: Compute, several: Compute) -> Compute:
    def compute(look: Look) -> FloatArray:
        return (several if isinstance(look.law, RealNDLaw) else real)(look)

    return compute


def _l2_squared(look: Look) -> FloatArray:
    law: Any = look.law
    source: Any = look.source
    if isinstance(law, DiscreteLaw):
        return states.l2_squared(law, source)
    return normal_mixtures.l2_squared(law.components(), source.components())


def _trace_ratio(law: NormalNDLaw, source: NormalNDLaw) -> FloatArray:
    own = (law.factors**2).sum(axis=(1, 2))
    return own / (source.factors**2).sum()


def _mean_error(law: NormalNDLaw, source: NormalNDLaw) -> FloatArray:
    return ((law.means - source.means) ** 2).sum(axis=1)


def _log_condition(law: NormalNDLaw, source: NormalNDLaw) -> FloatArray:
    values = np.linalg.svd(normal_pairs.whitened(law, source), compute_uv=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2.0 * (np.log(values[:, 0]) - np.log(values[:, -1]))


def _tail_mass(look: Look) -> FloatArray:
    return look.once("tail_mass", lambda: _beyond_tails(look))


def _beyond_tails(look: Look) -> FloatArray:
    low, high = look.reference.tails
    law: Any = look.law
    if isinstance(law, DiscreteLaw):
        outside = (law.values < low) | (law.values > high)
        if not law.has_values:
            return np.full(len(law.probabilities), np.nan)
        return law.probabilities[:, outside].sum(axis=1)
    return _outside(law, low, high)


def _tail_mass_3sd(look: Look) -> FloatArray:
    source: Any = look.source
    mean, sd = float(source.mean()[0]), float(source.sd()[0])
    low, high = mean - 3 * sd, mean + 3 * sd
    law: Any = look.law
    if isinstance(law, DiscreteLaw):
        outside = (law.values < low) | (law.values > high)
        return law.probabilities[:, outside].sum(axis=1)
    return _outside(law, low, high)


def _outside(law: RealLaw, low: float, high: float) -> FloatArray:
    return law.cdf_before(np.array([low]))[:, 0] + (1.0 - law.cdf(np.array([high]))[:, 0])


def _alive(look: Look) -> FloatArray:
    law: Any = look.law
    source: Any = look.source
    if isinstance(law, DiscreteLaw):
        return (states.support_alive(law) > 1).astype(np.float64)
    return (law.sd() > ALIVE_SD * source.sd()).astype(np.float64)


def _test_error(look: Look) -> FloatArray:
    law: Any = look.law
    source: Any = look.source
    return ((law.weights - source.weights) ** 2).sum(axis=1)


def _weight_norm(look: Look) -> FloatArray:
    law: Any = look.law
    return np.sqrt((law.weights**2).sum(axis=1))


def _standardised_moment(look: Look, order: int) -> FloatArray:
    if isinstance(look.source, DiscreteLaw):
        law = look.frequencies(look.drawn)
        return law.skewness() if order == 3 else law.kurtosis()
    rows = look.points.rows
    deviations = rows - rows.mean(axis=1, keepdims=True)
    moment = (deviations**order).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return moment / (deviations**2).mean(axis=1) ** (order / 2) - (3.0 if order == 4 else 0.0)


def _w1_sample(look: Look) -> FloatArray:
    if isinstance(look.source, DiscreteLaw):
        drawn = look.frequencies(look.drawn)
        return states.w1(drawn, look.frequencies(look.reference.real))
    return points.w1_sample(look)


REAL, ND, STATES = ("real",), ("real-nd",), ("states",)
TOKENS = ("tokens",)
BOTH, ANY = ("real", "states"), ("real", "states", "counts")
ALL = ("real", "real-nd", "states")
ND_NORMAL = {"real-nd": Part.NORMAL}


def _text(name: str, label: str, compute: Compute, sentence: str) -> Metric:
    return Metric(name, label, TOKENS, False, compute, sentence)


def _alive_tokens(look: Look) -> FloatArray:
    law: Any = look.law
    return states.support_alive(law)


TABLE: tuple[Metric, ...] = (
    Metric("mean", "mean", ANY, False, _law("mean"), "mean of model n"),
    Metric("variance", "variance", ANY, False, _law("variance"), "variance of model n"),
    Metric("sd", "sd", ANY, False, _law("sd"), "sd of model n"),
    Metric("log_sigma", "ln sd", ANY, False, _law("log_sd"), "ln of the sd of model n"),
    Metric("skewness", "skewness", ANY, False, _law("skewness"), "skewness of model n"),
    Metric("kurtosis", "excess kurtosis", ANY, False, _law("kurtosis"), "excess kurtosis"),
    Metric(
        "mean_sample", "mean of D", ANY, False, lambda look: look.sample_moments[0], "mean of D_n"
    ),
    Metric(
        "variance_sample",
        "variance of D",
        BOTH,
        False,
        lambda look: look.sample_moments[1],
        "variance of D_n, ddof 0",
    ),
    Metric(
        "skewness_sample",
        "skewness of D",
        BOTH,
        False,
        lambda look: _standardised_moment(look, 3),
        "skewness of D_n",
    ),
    Metric(
        "kurtosis_sample",
        "kurtosis of D",
        BOTH,
        False,
        lambda look: _standardised_moment(look, 4),
        "excess kurtosis of D_n",
    ),
    Metric("w1", "W₁", ANY, False, _pair("w1"), "Wasserstein-1 distance to the source"),
    Metric("w2", "W₂", ALL, False, _w2, "Wasserstein-2 distance to the source", ND_NORMAL),
    Metric(
        "w2_squared",
        "W₂²",
        ALL,
        False,
        _w2_squared,
        "squared W₂: the risk of the papers",
        ND_NORMAL,
    ),
    Metric(
        "kl",
        "KL(n‖0)",
        (*ALL, "counts", "tokens"),
        True,
        _either(_pair("kl"), _nd(normal_pairs.kl_nd)),
        "KL(n‖0)",
        ND_NORMAL,
    ),
    Metric(
        "kl_reverse",
        "KL(0‖n)",
        (*ALL, "counts", "tokens"),
        True,
        _either(_kl_reverse, _nd(lambda law, source: normal_pairs.kl_nd(source, law))),
        "KL(0‖n), in nats",
        ND_NORMAL,
    ),
    Metric("js", "JS", (*BOTH, *TOKENS), True, _pair("js"), "Jensen-Shannon divergence, in nats"),
    Metric("tv", "total variation", (*ANY, *TOKENS), True, _pair("tv"), "total variation, 0 to 1"),
    Metric("energy", "energy distance", ANY, False, _pair("energy"), "2E|X-Y|-E|X-X'|-E|Y-Y'|"),
    Metric("mmd", "MMD²", BOTH, False, _mmd, "MMD², Gaussian kernel of one source sd"),
    Metric("w1_sample", "W₁ of D", BOTH, False, _w1_sample, "W₁ between D_n and D_0"),
    Metric("w2_sample", "W₂ of D", REAL, False, points.w2_sample, "W₂ between D_n and D_0"),
    Metric(
        "energy_sample", "energy of D", REAL, False, points.energy_sample, "on 1,000 points each"
    ),
    Metric("mmd_sample", "MMD² of D", REAL, False, points.mmd_sample, "on 1,000 points each"),
    Metric(
        "kl_as_published",
        "KL as published",
        REAL,
        False,
        points.kl_as_published,
        "Borji's listing: each histogram on its own range",
    ),
    Metric(
        "kl_shared_bins",
        "KL shared bins",
        REAL,
        False,
        points.kl_shared_bins,
        "KL(D_n‖D_0) of histograms on shared bins",
    ),
    Metric(
        "kl_shared_bins_reverse",
        "KL shared, reverse",
        REAL,
        False,
        points.kl_shared_bins_reverse,
        "KL(D_0‖D_n) of histograms on shared bins",
    ),
    Metric("tail_mass", "tail mass", ANY, False, _tail_mass, "mass beyond the source's 1 and 99 %"),
    Metric("tail_mass_3sd", "mass beyond 3 sd", ANY, False, _tail_mass_3sd, "beyond 3 source sd"),
    Metric(
        "alive",
        "still alive",
        ANY,
        False,
        _alive,
        "1 while the law varies: two states or more, or sd above a tenth of the source's",
    ),
    Metric(
        "l2_squared",
        "‖p - p₀‖²",
        (*ALL, *TOKENS),
        False,
        _l2_squared,
        "∫ (p_n - p_0)² between mixtures of normal laws; Σ (p_n - p_0)² of states",
        {"real": Part.COMPONENTS, "real-nd": Part.COMPONENTS},
    ),
    Metric(
        "test_error",
        "test error",
        ("linear",),
        False,
        _test_error,
        "excess test error E (x·ŵ - x·w*)² = ‖ŵ - w*‖²",
    ),
    Metric("weight_norm", "‖ŵ‖", ("linear",), False, _weight_norm, "length of the weights"),
    Metric("modes", "modes", REAL, False, _law("modes"), "local maxima of the density"),
    Metric(
        "heterozygosity",
        "heterozygosity",
        (*STATES, *TOKENS),
        False,
        lambda look: states.heterozygosity(look.law),  # pyright: ignore[reportArgumentType]
        "1 - Σp²",
    ),
    Metric(
        "support_alive",
        "states alive",
        STATES,
        False,
        lambda look: states.support_alive(look.law),  # pyright: ignore[reportArgumentType]
        "states with mass",
    ),
    Metric("trace_ratio", "tr Σ / tr Σ₀", ND, False, _nd(_trace_ratio), "tr Σ_n / tr Σ_0"),
    Metric(
        "log_det_ratio",
        "ln det ratio",
        ND,
        False,
        _nd(normal_pairs.log_det_ratio),
        "ln det Σ_n / det Σ_0",
    ),
    Metric("mean_error", "‖μ - μ₀‖²", ND, False, _nd(_mean_error), "squared error of the mean"),
    Metric(
        "log_condition",
        "ln condition",
        ND,
        False,
        _nd(_log_condition),
        "ln of the ratio of extreme eigenvalues of Σ_n where Σ_0 is the identity",
    ),
    _text("vocabulary_alive", "words alive", _alive_tokens, "different tokens of model n"),
    _text("perplexity", "perplexity", tokens.perplexity, "of the source's test part (smoothed)"),
    _text("ttr", "types / tokens", tokens.ttr, "share of different tokens among 10,000 of D_n"),
    _text("distinct_n", "distinct-2", tokens.distinct_n, "the same of bigrams of D_n"),
    _text(
        "l2_squared_context",
        "L² of contexts",
        tokens.l2_squared_context,
        "mean over contexts c of the text of Σ (p_n(x|c) - p_0(x|c))²",
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in TABLE}
"""All metrics by name."""
