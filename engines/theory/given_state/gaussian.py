"""Gaussian fits under replacement from a state on: logarithms, sd, W2 and KL.

Model n + 1 is fitted on T_n, whatever its shape, and is known. From there on each fit multiplies
the variance by an independent factor f S_M, as from a normal source (`engines.theory.gaussian`).
"""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.conditions import (
    all_of,
    is_replace,
    last_model,
    nan_after,
    normal_source,
    sizes_above,
)
from engines.theory.gaussian import moments as gaussian
from engines.theory.gaussian.evaluate import fits_of
from engines.theory.gaussian.moments import Fits, variance_power
from engines.theory.gaussian.moments_nd import log_det_mean, log_det_variance
from engines.theory.given_state.law import (
    REPLACEMENT,
    Averages,
    StateLaw,
    StateValues,
    until_rare,
)
from engines.theory.given_state.second_moments import (
    SOLVED,
    model_error,
    model_variance,
)
from engines.theory.references import OWN, cite
from engines.theory.second_moments.base import fit_variance

_REFERENCE = cite(OWN, "§13, from §1")


def _gain(case: Case) -> float:
    """Return the variance of model n + 1 in units of the ddof-0 variance of T_n."""
    return fit_variance(case.engines[1], float(case.sizes[0]), 1.0)


def _after_first_fit(law: Callable[[Fits], FloatArray], case: Case) -> FloatArray:
    """Return a law of the fits after model n + 1, by generation from the state on."""
    sizes, shrink = fits_of(case)
    values = np.concatenate([[np.nan], law(Fits(sizes[1:], shrink[1:]))])
    return nan_after(values, last_model(case, is_replace))


def _sd(case: Case, averages: Averages) -> FloatArray:
    return np.sqrt(_gain(case)) * averages["sd"] * _after_first_fit(gaussian.sd_mean, case)


def _sd_variance(case: Case, averages: Averages) -> FloatArray:
    return _gain(case) * averages["variance"] * _after_first_fit(gaussian.sd_variance, case)


def _log_sigma(case: Case, averages: Averages) -> FloatArray:
    start = averages["log_sd"] + np.log(_gain(case)) / 2
    return start + _after_first_fit(gaussian.log_sigma_mean, case)


def _log_sigma_variance(case: Case, averages: Averages) -> FloatArray:
    del averages
    return _after_first_fit(gaussian.log_sigma_variance, case)


def _variance_of_variance(case: Case, averages: Averages) -> FloatArray:
    def unit(fits: Fits) -> FloatArray:
        return variance_power(fits, 2) - variance_power(fits, 1) ** 2

    return _gain(case) ** 2 * averages["variance_squared"] * _after_first_fit(unit, case)


def _w2_squared(case: Case, averages: Averages) -> FloatArray:
    variance = case.source.variance
    spread = model_variance(case, averages) - 2 * np.sqrt(variance) * _sd(case, averages)
    return model_error(case, averages) + spread + variance


def _kl(case: Case, averages: Averages) -> FloatArray:
    variance = case.source.variance
    squares = model_error(case, averages) + model_variance(case, averages)
    logarithm = 2 * _log_sigma(case, averages) - np.log(variance)
    return (squares / variance - 1 - logarithm) / 2


def _log_det_ratio(case: Case, averages: Averages) -> FloatArray:
    dimension = case.source.dimension
    source = np.linalg.slogdet(case.source.covariance)[1]
    start = averages["log_det"] + dimension * np.log(_gain(case)) - source
    return start + _after_first_fit(lambda fits: log_det_mean(fits, dimension), case)


def _log_det_variance(case: Case, averages: Averages) -> FloatArray:
    del averages
    dimension = case.source.dimension
    return _after_first_fit(lambda fits: log_det_variance(fits.sizes, dimension), case)


_REPLACE = all_of(REPLACEMENT, sizes_above(1))
_MOMENTS = ("mean_error", "variance")


def _law(
    name: str,
    needs: tuple[str, ...],
    values: StateValues,
    variance: StateValues | None = None,
    *,
    normal: bool = False,
) -> StateLaw:
    condition = all_of(_REPLACE, SOLVED, normal_source) if normal else _REPLACE
    return StateLaw(
        f"gaussian.state.{name}.mean", "gaussian", "real", condition, needs, values, _REFERENCE,
        variance,
    )  # fmt: skip


LAWS: tuple[StateLaw, ...] = (
    _law("log_sigma", ("log_sd",), _log_sigma, _log_sigma_variance),
    _law("sd", ("sd", "variance"), _sd, until_rare(_sd_variance)),
    _law("variance", (*_MOMENTS, "variance_squared"), model_variance,
         until_rare(_variance_of_variance)),
    _law("w2_squared", (*_MOMENTS, "sd"), _w2_squared, normal=True),
    _law("kl", (*_MOMENTS, "log_sd"), _kl, normal=True),
    StateLaw(
        "gaussian_nd.state.log_det_ratio.mean", "gaussian", "real-nd",
        all_of(REPLACEMENT, sizes_above(0, plus_dimension=True)), ("log_det",),
        _log_det_ratio, _REFERENCE, _log_det_variance,
    ),
)  # fmt: skip
"""The law of the variance is that of `second_moments`, with its scatter under replacement."""
