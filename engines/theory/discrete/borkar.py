"""Frequencies with fresh data: each point from p_0 with probability lambda, else the model.

N is the sample size M and mu_n the frequencies p_n of docs/theory.md; lambda is `policy.fresh`.

References
----------
.. [1] V. S. Borkar, "A theoretical basis for model collapse in recursive training", 2025,
   arXiv:2506.09401, Theorems III.3 (lambda > 0) and IV.3 (lambda = 0); lambda is here the
   share of fresh points, ``policy.fresh``. Closed forms: docs/theory.md §5.
"""

import numpy as np

from engines.arrays import FloatArray


def effective_size(size: float, fresh: float) -> float:
    """Return D = N - (N - 1)(1 - lambda)^2, N for lambda = 1, 1 for lambda = 0.

    In the limit Var mu_n(f) = Var_{p_0} f / D and E H_n = H_0 (1 - 1/D).
    """
    return size - (size - 1) * (1 - fresh) ** 2


def transient(size: float, fresh: float, generations: int) -> FloatArray:
    """Return Var mu_n(f)/Var_{p_0} f = (1 - r^n)/D, r = (1 - lambda)^2 (1 - 1/N).

    Parameters
    ----------
    size : float
        N, constant.
    fresh : float
        lambda.
    generations : int
        G.

    Returns
    -------
    ndarray, shape (G + 1,)
        Index n counts fits: model 1, the frequencies of D_0, has 1/N; E H_n is H_0 times
        one minus this.
    """
    rate = (1 - fresh) ** 2 * (1 - 1 / size)
    n = np.arange(generations + 1)
    return np.asarray((1 - rate**n) / effective_size(size, fresh), dtype=np.float64)
