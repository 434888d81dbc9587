"""K states fitted by their frequencies: the haploid Wright-Fisher model of size M.

References
----------
.. [1] W. J. Ewens, "Mathematical Population Genetics I", 2004, sections 3.2 and 5.
.. [2] I. Shumailov et al., 2023, arXiv:2305.17493, section 4.1.
.. [3] A. T. Suresh, A. Thangaraj, A. N. K. Khandavally, 2024, arXiv:2412.17646.
.. [4] docs/theory.md §4, E5, E10.
"""

import numpy as np
from numpy.typing import ArrayLike

from engines.arrays import FloatArray
from engines.numerics.special import gammaln, xlog1py, xlogy

_AT_ONCE = 1 << 20
"""Numbers of a table of states by counts or generations that are in memory at once."""


def heterozygosity(probabilities: FloatArray, sizes: ArrayLike) -> FloatArray:
    """Return E H_n = H_0 prod_{i<n} (1 - 1/M_i), H = 1 - sum p^2, shape (G + 1,).

    Model 1, the frequencies of D_0, already has H_0 (1 - 1/M_0).
    """
    factors = 1 - 1 / np.asarray(sizes, dtype=np.float64)
    start = 1 - np.sum(probabilities**2)
    return start * np.concatenate(([1.0], np.cumprod(factors)))


def covariance(probabilities: FloatArray, sizes: ArrayLike) -> FloatArray:
    """Return Cov(p_n) = (1 - prod (1 - 1/M_i)) (diag p_0 - p_0 p_0'), shape (K, K).

    E p_n = p_0, and for any values f: Var p_n(f) = (1 - prod) Var_{p_0} f.
    """
    left = np.prod(1 - 1 / np.asarray(sizes, dtype=np.float64))
    return (1 - left) * (np.diag(probabilities) - np.outer(probabilities, probabilities))


def binomial(size: int, probabilities: FloatArray) -> FloatArray:
    """Return P(Binomial(size, p) = j), shape (len(p), size + 1)."""
    j = np.arange(size + 1, dtype=np.float64)
    p = np.asarray(probabilities, dtype=np.float64)[:, None]
    choose = gammaln(size + 1) - gammaln(j + 1) - gammaln(size - j + 1)
    return np.exp(choose + xlogy(j, p) + xlog1py(size - j, -p))


def survivors(probabilities: FloatArray, size: int, generations: int) -> FloatArray:
    """Return E of the number of states alive in model n, exact, constant schedule.

    In model 1 it is sum_k 1 - (1 - p_k)^M.

    Each state against all others is a chain of two states: with g_n(j) = P(j copies are
    lost within n generations), g_{n+1} = P g_n.

    Parameters
    ----------
    probabilities : ndarray, shape (K,)
        p_0.
    size : int
        M.
    generations : int
        G.

    Returns
    -------
    ndarray, shape (G + 1,)

    Notes
    -----
    Costs M^2 per generation and M^2 of memory; the states, however many, are added up first.
    """
    steps = binomial(size, np.arange(size + 1) / size)
    rows = max(1, _AT_ONCE // (size + 1))
    blocks = (probabilities[at : at + rows] for at in range(0, len(probabilities), rows))
    first = np.sum([binomial(size, block).sum(axis=0) for block in blocks], axis=0)
    lost = np.zeros(size + 1)
    lost[0] = 1.0
    values = np.full(generations + 1, float(np.count_nonzero(probabilities)))
    for n in range(1, generations + 1):
        values[n] = np.sum(first * (1 - lost))
        lost = steps @ lost
    return values


def survivors_branching(probabilities: FloatArray, sizes: ArrayLike) -> FloatArray:
    """Return sum_k 1 - exp(-M_0 p_k s), the branching approximation for rare states.

    For constant M, s = s_{n-1} with s_0 = 1, s_{j+1} = 1 - exp(-s_j), about 2/j. It
    underestimates the survivors when few are left.

    Parameters
    ----------
    probabilities : ndarray, shape (K,)
        p_0.
    sizes : array_like, shape (G,)
        M_0 … M_{G-1}.

    Returns
    -------
    ndarray, shape (G + 1,)
    """
    numbers = np.asarray(sizes, dtype=np.float64)
    alive = np.ones(len(numbers))
    if (numbers == numbers[0]).all():
        for i in range(1, len(numbers)):
            alive[i] = -np.expm1(-alive[i - 1])
    else:
        for i in range(len(numbers) - 2, -1, -1):
            alive[i + 1 :] = -np.expm1(-alive[i + 1 :] * numbers[i + 1] / numbers[i])
    rows = max(1, _AT_ONCE // len(probabilities))
    counts = [
        np.sum(-np.expm1(-numbers[0] * alive[at : at + rows, None] * probabilities), axis=1)
        for at in range(0, len(alive), rows)
    ]
    start = float(np.count_nonzero(probabilities))
    return np.concatenate(([start], *counts))


def absorption_time(probabilities: FloatArray, size: float) -> float:
    """Return E T to a single state by diffusion: -2 M sum_k (1 - p_k) ln(1 - p_k).

    Not -2 M sum p ln p, which agrees for two states only. For M equal states it is
    -2 M (M - 1) ln(1 - 1/M), about 2 M.
    """
    rest = 1 - probabilities
    return float(-2 * size * np.sum(xlogy(rest, rest)))


def absorption_time_exact(probability: float, size: int) -> float:
    """Return E T for two states, from the frequency p = j/M, solving (I - Q) t = 1."""
    inner = binomial(size, np.arange(1, size) / size)[:, 1:-1]
    times = np.linalg.solve(np.eye(size - 1) - inner, np.ones(size - 1))
    return float(times[round(probability * size) - 1])
