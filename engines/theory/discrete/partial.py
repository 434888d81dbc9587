"""Partial synthesis: all of the real data, kept beside what the newest model writes.

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

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    all_of,
    engine_is,
    is_mixture,
    known_start,
    reach,
    source_is,
    until,
)
from engines.theory.overlay import Overlay
from engines.theory.references import SEDDIK2024, at
from engines.theory.second_moments.base import start_of


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
    """Return H_1 / (2 N + 1), which E‖p - p^(1)‖² stays below for every n and m."""
    return diversity / (2 * real + 1)


def _keeps_all(policy: Any, size: float, real: float) -> bool:
    alone = is_mixture(policy) and policy.fresh == 0 and policy.previous == 0
    return alone and round(policy.keep * size) == real


def _whole(case: Case) -> str | None:
    real = float(case.sizes[0])
    if _keeps_all(case.policies[1], float(case.sizes[1]), real):
        return None
    return "keep must hold the whole of D_0 every generation, beside the newest model alone"


def _bound(case: Case) -> FloatArray:
    """Return E‖p^(1) - p_0‖² plus the largest distance from p^(1)."""
    real = float(case.sizes[0])
    start = start_of(case, float(1 - np.sum(case.source.probabilities**2)))
    values = np.full(case.generations + 1, start.centre + largest_distance(start.spread, int(real)))
    kept = (
        _keeps_all(policy, float(size), real)
        for policy, size in zip(case.policies, case.sizes, strict=True)
    )
    broken = [n for n, whole in enumerate(kept) if n and not whole]
    last = reach(case, is_mixture)
    return until(values, min([last, *broken]))


OVERLAYS: tuple[Overlay, ...] = (
    Overlay(
        name="seddik.bound.l2_squared.mean",
        label="bound for any n",
        metric="l2_squared",
        statistic="mean",
        status="bound",
        condition=all_of(engine_is("discrete"), source_is("states"), known_start, _whole),
        values=_bound,
        reference=at(SEDDIK2024, "partially synthetic; exact: theory §10"),
    ),
)
