"""Overlays of the 1-D Gaussian engine beyond second moments: logarithms, KL, W2, limits."""

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition, Values
from engines.theory.conditions import (
    SCOPE,
    all_of,
    constant_size,
    constant_values,
    nan_after,
    require,
    sizes_above,
    source_is,
)
from engines.theory.gaussian import moments as gaussian
from engines.theory.gaussian.evaluate import (
    NORMAL_REPLACE,
    NORMAL_SPREADS,
    Law,
    replace_values,
    until_rare_runs,
)
from engines.theory.gaussian.limit import freeze_quantile
from engines.theory.gaussian.moments import log_sigma_quantile
from engines.theory.gaussian.moments_nd import reverse_divergence_mean
from engines.theory.overlay import Overlay, Status
from engines.theory.references import OWN, Reference, cite

_SECTION_1 = cite(OWN, "§1")

FREEZE_AFTER = 10
"""Generations, in units of M, after which the law of mu_infinity describes mu_n."""

WORDS = {"q05": "5 % quantile", "q95": "95 % quantile", "median": "median"}
"""Statistics as legends name them."""

_REPLACE = all_of(NORMAL_REPLACE, source_is("real"), sizes_above(1))
_SPREADS = all_of(NORMAL_SPREADS, source_is("real"), sizes_above(1))
_UNBIASED = all_of(
    _REPLACE,
    require(
        lambda case: all(engine.estimator == "unbiased" for engine in case.fitting_engines),
        f"{SCOPE} the unbiased estimator",
    ),
)

_UNITS = {"log_sigma": (0.0, 1.0), "sd": (1.0, 0.0), "variance": (2.0, 0.0), "w2_squared": (2.0, 0)}
"""Metric → the power of the source's sd by which it is multiplied, the multiple of ln sd added."""


def _values(metric: str, statistic: str, law: Law) -> Values:
    power, shift = _UNITS.get(metric, (0.0, 0.0))
    if statistic == "variance":
        return replace_values(law, 2 * power)
    return replace_values(law, power, shift)


def _variance(metric: str, law: Law) -> Values:
    """Return the variance of a metric; ln sigma is nearly normal, all others heavy-tailed."""
    values = _values(metric, "variance", law)
    return values if metric == "log_sigma" else until_rare_runs(values)


def _overlay(  # noqa: PLR0913 - a row of the table below
    name: str,
    law: Law,
    *,
    label: str = "",
    condition: Condition = _REPLACE,
    status: Status = "exact",
    reference: Reference = _SECTION_1,
    variance: Law | None = None,
) -> Overlay:
    _, metric, statistic = name.split(".")
    return Overlay.create(
        f"gaussian.{name}",
        label=label or f"exact {statistic}",
        values=_values(metric, statistic, law),
        condition=condition,
        reference=reference,
        status=status,
        variance=None if variance is None else _variance(metric, variance),
    )


def _approximation(metric: str, statistic: str, law: Law) -> Overlay:
    return _overlay(
        f"replace.{metric}.{statistic}",
        law,
        label=f"{WORDS[statistic]}, approx.",
        condition=_SPREADS,
        status="approximation",
        reference=cite(OWN, "§1, Cornish-Fisher"),
    )


def _long_enough(case: Case) -> str | None:
    first = FREEZE_AFTER * int(case.sizes[0])
    if case.last_unchanged >= first:
        return None
    return f"{SCOPE} runs of at least {FREEZE_AFTER} M = {first} generations without changes"


def _freeze(level: float, statistic: str) -> Overlay:
    def values(case: Case) -> FloatArray:
        sd = float(np.sqrt(case.source.covariance[0, 0]))
        quantile = freeze_quantile(level, case.engines[1].estimator)
        frozen = constant_values(case, case.source.mean[0] + sd * quantile)
        frozen[: FREEZE_AFTER * int(case.sizes[0])] = np.nan
        return nan_after(frozen, case.last_unchanged)

    return Overlay.create(
        f"gaussian.freeze.mean.{statistic}",
        label=f"{WORDS[statistic]}, frozen",
        values=values,
        condition=all_of(_REPLACE, constant_size, _long_enough),
        reference=cite("dufresne1990", "perpetuities; theory §1"),
        status="limit",
    )


OVERLAYS: tuple[Overlay, ...] = (
    _overlay(
        "replace.log_sigma.mean",
        gaussian.log_sigma_mean,
        condition=_SPREADS,
        reference=cite("cochran1934", "E log chi-square"),
        variance=gaussian.log_sigma_variance,
    ),
    _overlay(
        "replace.log_sigma.variance",
        gaussian.log_sigma_variance,
        condition=_SPREADS,
        reference=cite("cochran1934", "Var log chi-square"),
    ),
    _overlay(
        "replace.sd.mean",
        gaussian.sd_mean,
        condition=_SPREADS,
        reference=cite("cochran1934", "c4 of each sample size"),
        variance=gaussian.sd_variance,
    ),
    _overlay("replace.sd.variance", gaussian.sd_variance, condition=_SPREADS),
    _overlay("replace.w2_squared.mean", gaussian.risk_mean, variance=gaussian.risk_variance),
    _overlay("replace.w2_squared.variance", gaussian.risk_variance),
    _overlay("replace.kl.mean", gaussian.divergence_mean, variance=gaussian.divergence_variance),
    _overlay(
        "replace.kl_reverse.mean",
        lambda fits: reverse_divergence_mean(fits, 1),
        condition=all_of(_REPLACE, sizes_above(3)),
    ),
    _overlay(
        "published.w2_squared.mean",
        lambda fits: gaussian.published_risk_mean(fits.sizes),
        label="eq. 4 (first order)",
        condition=_UNBIASED,
        status="published",
        reference=cite("shumailov2023", "eq. 4"),
    ),
    _overlay(
        "published.w2_squared.variance",
        lambda fits: gaussian.published_risk_variance(fits.sizes),
        label="eq. 5, as published",
        condition=_UNBIASED,
        status="published",
        reference=cite("shumailov2023", "eq. 5"),
    ),
    _approximation("variance", "median", lambda fits: np.exp(2 * log_sigma_quantile(fits, 0.5))),
    _approximation("sd", "median", lambda fits: np.exp(log_sigma_quantile(fits, 0.5))),
    _approximation("log_sigma", "median", lambda fits: log_sigma_quantile(fits, 0.5)),
    _approximation("log_sigma", "q05", lambda fits: log_sigma_quantile(fits, 0.05)),
    _approximation("log_sigma", "q95", lambda fits: log_sigma_quantile(fits, 0.95)),
    _overlay(
        "suresh.log_sigma.mean",
        lambda fits: -gaussian.sums(1 / fits.sizes) / 4,
        label="upper bound (Suresh)",
        condition=_UNBIASED,
        status="bound",
        reference=cite("suresh2024", "E sigma_k <= sigma_0 exp(-k/4n)"),
    ),
    _freeze(0.05, "q05"),
    _freeze(0.95, "q95"),
)
