"""Limits of a loop with fresh data whose models are sampled with too little variance.

Each fit sees n_r fresh real points and n_s samples of N(mu, lambda Sigma), lambda at most 1.
By generation the laws are those of the policy mix with fixed counts
(`engines.theory.second_moments.mixture`); here are their limits.

References
----------
.. [1] S. Alemohammad et al., "Self-Consuming Generative Models Go MAD", 2023,
   arXiv:2307.01850, section 5 (the loop and its sampling bias).
.. [2] docs/theory.md §2.4: the closed forms.
"""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.conditions import (
    SCOPE,
    all_of,
    constant_size,
    constant_values,
    engine_is,
    finite_variance,
    nan_after,
    source_is,
)
from engines.theory.overlay import Overlay
from engines.theory.references import cite
from engines.theory.second_moments.base import sampling_bias
from engines.theory.second_moments.mixture import mixture_solved

Scale = Callable[[Case], float]


def stationary(
    real: float, synthetic: float, bias: float, estimator: str = "mle"
) -> tuple[float, float]:
    """Return the limits (e, v) of Var mu_n and E sigma_n^2, unit source.

    Parameters
    ----------
    real, synthetic : float
        n_r, above 0, and n_s.
    bias : float
        lambda.
    estimator : str
        ``unbiased`` or ``mle``.

    Returns
    -------
    tuple of float

    Notes
    -----
    With n = n_r + n_s and w = n_s/n: (1 - w^2) e - (w lambda/n) v = (1 - w)/n and
    (1 - w) e + (1/c - w lambda) v = 1 - w, where c = n/(n - 1) (unbiased) or 1 (MLE). At
    lambda = 1 the MLE has e = 1/(n (1 - w^2) + w), v = 1 - e.
    """
    size = real + synthetic
    share = synthetic / size
    kept = 1 - 1 / size if estimator == "unbiased" else 1.0
    balance = [[1 - share**2, -share * bias / size], [1 - share, kept - share * bias]]
    e, v = np.linalg.solve(balance, [(1 - share) / size, 1 - share])
    return float(e), float(v)


def _fresh_loop(case: Case) -> str | None:
    """Check that each fit has fixed numbers of fresh and synthetic points."""
    first = case.policies[1]
    if first.name != "mix":
        return "the policy must be mix"
    if first.counts != "fixed" or first.fresh == 0 or first.previous > 0 or first.keep > 0:
        return f'{SCOPE} fresh data (fresh above 0) in fixed shares (counts = "fixed")'
    return mixture_solved(case)


def _limits(case: Case) -> tuple[float, float]:
    engine, size = case.engines[1], float(case.sizes[0])
    real = float(round(case.policies[1].shares[2] * size))
    return stationary(real, size - real, sampling_bias(engine), engine.estimator)


def _overlay(kind: str, name: str, index: int, scale: Scale) -> Overlay:
    def values(case: Case) -> FloatArray:
        limit = scale(case) * _limits(case)[index]
        return nan_after(constant_values(case, limit), case.last_unchanged)

    return Overlay.create(
        f"mad.limit.{name}",
        label=f"{name.partition('.')[2]}, gen→∞",
        values=values,
        condition=all_of(
            engine_is("gaussian"), source_is(kind), finite_variance, _fresh_loop, constant_size
        ),
        reference=cite("alemohammad2023", "section 5; closed forms: theory §2.4"),
        status="limit",
    )


OVERLAYS: tuple[Overlay, ...] = (
    _overlay("real", "variance.mean", 1, lambda case: case.source.variance),
    _overlay("real", "mean.variance", 0, lambda case: case.source.variance),
    _overlay("real-nd", "trace_ratio.mean", 1, lambda _: 1.0),
    _overlay("real-nd", "mean_error.mean", 0, lambda case: float(np.trace(case.source.covariance))),
)
