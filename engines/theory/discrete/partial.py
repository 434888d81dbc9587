"""Partial synthesis: all of the real data, kept beside samples of the newest model.

The next token of one context is p^(1) on N real tokens, and then
p^(m+1) = (N p^(1) + Mult(n, p^(m))) / (N + n). Here this is the policy mix with
M = N + n points and ``keep`` = N / M, so that the N rows kept are the whole of D_0; model
m + 1 is p^(m+1).

References
----------
.. [1] M. E. A. Seddik, S.-W. Chen, S. Hayou, P. Youssef, M. Debbah, "How Bad is Training on
   Synthetic Data? A Statistical Analysis of Language Model Collapse", 2024, arXiv:2404.05090
   (the recursion; its bound in L1 is not used).
.. [2] docs/theory.md §10: the exact law.
"""

from typing import Any

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.conditions import (
    all_of,
    constant_values,
    engine_is,
    is_mixture,
    known_start,
    last_model,
    nan_after,
    require,
    source_is,
)
from engines.theory.overlay import Overlay
from engines.theory.references import cite
from engines.theory.second_moments.base import initial_moments


def distance(diversity: float, real: int, synthetic: int, steps: int) -> FloatArray:
    """Return E‖p^(m+1) - p^(1)‖² given p^(1), m = 0 … `steps`, shape (steps + 1,).

    y* (1 - (α² (1 - 1/n))^m) with α = n / (N + n) and y* = H_1 / (2 N + 1 + N²/n).

    Parameters
    ----------
    diversity : float
        H_1 = 1 - ‖p^(1)‖².
    real, synthetic : int
        N and n.
    steps : int
        Number of synthetic steps.
    """
    share = synthetic / (real + synthetic)
    limit = diversity / (2 * real + 1 + real**2 / synthetic)
    return limit * -np.expm1(np.arange(steps + 1) * np.log(share**2 * (1 - 1 / synthetic)))


def largest_distance(diversity: float, real: int) -> float:
    """Return H_1 / (2 N + 1), an upper bound of E‖p - p^(1)‖² for every n and m."""
    return diversity / (2 * real + 1)


def _keeps_all(policy: Any, size: float, real: float) -> bool:
    alone = is_mixture(policy) and policy.fresh == 0 and policy.previous == 0
    return alone and round(policy.keep * size) == real


def _bound(case: Case) -> FloatArray:
    """Return E‖p^(1) - p_0‖² plus the largest distance from p^(1)."""
    real = float(case.sizes[0])
    start = initial_moments(case, case.source.heterozygosity)
    bound = start.var_of_mean + largest_distance(start.mean_of_var, int(real))
    steps = enumerate(zip(case.policies, case.sizes, strict=True))
    broken = [n for n, (policy, size) in steps if n and not _keeps_all(policy, float(size), real)]
    last = min([last_model(case, is_mixture), *broken])
    return nan_after(constant_values(case, bound), last)


OVERLAYS: tuple[Overlay, ...] = (
    Overlay.create(
        "seddik.bound.l2_squared.mean",
        label="bound for any n",
        values=_bound,
        condition=all_of(
            engine_is("discrete"),
            source_is("states"),
            known_start,
            require(
                lambda case: _keeps_all(
                    case.policies[1], float(case.sizes[1]), float(case.sizes[0])
                ),
                "keep must retain all of D_0, beside samples of the newest model alone",
            ),
        ),
        reference=cite("seddik2024", "partially synthetic; exact: theory §10"),
        status="bound",
    ),
)
