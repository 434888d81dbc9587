"""Overlays of the 1-D Gaussian engine beyond second moments: logarithms, KL, W2, limits."""

from typing import Any

import numpy as np

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    Condition,
    all_of,
    constant_size,
    sizes_above,
    source_is,
)
from engines.theory.gaussian import moments as gaussian
from engines.theory.gaussian.evaluate import (
    NORMAL_REPLACE,
    NORMAL_SPREADS,
    Values,
    tame,
    while_replaced,
)
from engines.theory.gaussian.limit import freeze_quantile
from engines.theory.gaussian.moments_nd import reverse_divergence_mean
from engines.theory.overlay import Overlay, Reference, Statistic
from engines.theory.references import (
    COCHRAN1934,
    DERIVED,
    DUFRESNE1990,
    SHUMAILOV2023,
    SURESH2024,
    at,
)

_CANCELS = 1e-7
"""Sums of 1/2M below which E sigma² - (E sigma)² is all rounding, and its leading term exact."""

FREEZE_AFTER = 10
"""Generations, in units of M, after which the law of mu_infinity describes mu_n."""

_REPLACE = all_of(NORMAL_REPLACE, source_is("real"), sizes_above(1))
_SPREADS = all_of(NORMAL_SPREADS, source_is("real"), sizes_above(1))


def _unbiased(case: Case) -> str | None:
    if all(engine.estimator == "unbiased" for engine in case.engines[1:]):
        return None
    return "it speaks of the unbiased estimator"


def _frozen(case: Case) -> str | None:
    first = FREEZE_AFTER * int(case.sizes[0])
    if case.until >= first:
        return None
    return f"it speaks of the end, n at least {FREEZE_AFTER} M = {first} generations"


def _exact(
    metric: str,
    statistic: Statistic,
    values: Values,
    *,
    condition: Condition = _REPLACE,
    **others: Any,
) -> Overlay:
    settings: dict[str, Any] = {
        "name": f"gaussian.replace.{metric}.{statistic}",
        "label": f"{statistic}, exact",
        "status": "exact",
        "reference": at(DERIVED, "§1"),
    }
    return Overlay(
        metric=metric,
        statistic=statistic,
        values=values,
        condition=condition,
        **{**settings, **others},
    )


def _published(metric: str, statistic: Statistic, law: Values, where: Reference) -> Overlay:
    equation = where.where.partition(" ")[2]
    return _exact(
        metric,
        statistic,
        law,
        condition=all_of(_REPLACE, _unbiased),
        name=f"gaussian.published.{metric}.{statistic}",
        label=f"eq. {equation}, as published",
        status="published",
        reference=where,
    )


def _approximate(metric: str, statistic: Statistic, values: Values) -> Overlay:
    return _exact(
        metric,
        statistic,
        values,
        condition=_SPREADS,
        label=f"{statistic}, approximate",
        status="approximation",
        reference=at(DERIVED, "§1, Cornish-Fisher"),
    )


def _log_sigma_mean(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    return gaussian.log_variance_mean(sizes, shrink) / 2


def _log_sigma_variance(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    del shrink
    return gaussian.log_variance_variance(sizes) / 4


def _log_sigma_at(level: float) -> Values:
    def law(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
        return gaussian.log_sigma_quantile(sizes, shrink, level)

    return while_replaced(law, shift=1.0)


def _variance_median(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    return np.exp(2 * gaussian.log_sigma_quantile(sizes, shrink, 0.5))


def _sd_mean(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    return gaussian.variance_power(sizes, shrink, 0.5)


def _sd_variance(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    square = gaussian.products(shrink)
    exact = square - _sd_mean(sizes, shrink) ** 2
    leading = gaussian.sums(0.5 / sizes)
    return np.where(leading > _CANCELS, exact, leading * square)


def _sd_median(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    return np.exp(gaussian.log_sigma_quantile(sizes, shrink, 0.5))


def _suresh(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    del shrink
    return -gaussian.sums(1 / sizes) / 4


def _risk_published(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    del shrink
    return gaussian.published_risk_mean(sizes)


def _risk_variance_published(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    del shrink
    return gaussian.published_risk_variance(sizes)


def _reverse(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    return reverse_divergence_mean(sizes, shrink, 1)


def _freeze(level: float, statistic: Statistic) -> Overlay:
    def values(case: Case) -> FloatArray:
        sd = float(np.sqrt(case.source.covariance[0, 0]))
        end = freeze_quantile(level, case.engines[1].estimator)
        found = np.full(case.generations + 1, case.source.mean[0] + sd * end)
        found[: FREEZE_AFTER * int(case.sizes[0])] = np.nan
        found[case.until + 1 :] = np.nan
        return found

    return _exact(
        "mean",
        statistic,
        values,
        condition=all_of(_REPLACE, constant_size, _frozen),
        name=f"gaussian.freeze.mean.{statistic}",
        label=f"{statistic}, frozen",
        status="limit",
        reference=at(DUFRESNE1990, "perpetuities; theory §1"),
    )


_LOG_VARIANCE = while_replaced(_log_sigma_variance)
_RISK_VARIANCE = while_replaced(gaussian.risk_variance, 4)

OVERLAYS: tuple[Overlay, ...] = (
    _exact(
        "log_sigma",
        "mean",
        while_replaced(_log_sigma_mean, shift=1.0),
        condition=_SPREADS,
        variance=_LOG_VARIANCE,
        reference=at(COCHRAN1934, "E log chi-square"),
    ),
    _exact(
        "log_sigma",
        "variance",
        _LOG_VARIANCE,
        condition=_SPREADS,
        reference=at(COCHRAN1934, "Var log chi-square"),
    ),
    _exact(
        "sd",
        "mean",
        while_replaced(_sd_mean, 1),
        condition=_SPREADS,
        variance=tame(while_replaced(_sd_variance, 2)),
        reference=at(COCHRAN1934, "c4 of each sample size"),
    ),
    _exact("sd", "variance", while_replaced(_sd_variance, 2), condition=_SPREADS),
    _exact(
        "w2_squared",
        "mean",
        while_replaced(gaussian.risk_mean, 2),
        variance=tame(_RISK_VARIANCE),
    ),
    _exact("w2_squared", "variance", _RISK_VARIANCE),
    _exact(
        "kl",
        "mean",
        while_replaced(gaussian.divergence_mean),
        variance=tame(while_replaced(gaussian.divergence_variance)),
    ),
    _exact(
        "kl_reverse",
        "mean",
        while_replaced(_reverse),
        condition=all_of(_REPLACE, sizes_above(3)),
    ),
    _published(
        "w2_squared", "mean", while_replaced(_risk_published, 2), at(SHUMAILOV2023, "eq. 4")
    ),
    _published(
        "w2_squared",
        "variance",
        while_replaced(_risk_variance_published, 4),
        at(SHUMAILOV2023, "eq. 5"),
    ),
    _approximate("variance", "median", while_replaced(_variance_median, 2)),
    _approximate("sd", "median", while_replaced(_sd_median, 1)),
    _approximate("log_sigma", "median", _log_sigma_at(0.5)),
    _approximate("log_sigma", "q05", _log_sigma_at(0.05)),
    _approximate("log_sigma", "q95", _log_sigma_at(0.95)),
    _exact(
        "log_sigma",
        "mean",
        while_replaced(_suresh, shift=1.0),
        condition=all_of(_REPLACE, _unbiased),
        name="gaussian.suresh.log_sigma.mean",
        label="upper bound, Suresh",
        status="bound",
        reference=at(SURESH2024, "E sigma_k <= sigma_0 exp(-k/4n)"),
    ),
    _freeze(0.05, "q05"),
    _freeze(0.95, "q95"),
)
