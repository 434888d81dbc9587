"""Distances between normal laws in closed form.

References
----------
.. [1] D. C. Dowson, B. V. Landau, "The Fréchet distance between multivariate normal
   distributions", J. Multivariate Anal. 12 (1982) 450 (W₂).
.. [2] F. C. Leone, L. S. Nelson, R. B. Nottingham, "The folded normal distribution",
   Technometrics 3 (1961) 543 (W₁, energy).
"""

import numpy as np

from engines.arrays import FloatArray
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalNDLaw
from engines.numerics.special import ndtr


def folded_normal_mean(shift: FloatArray, scale: FloatArray) -> FloatArray:
    """Return E |shift + scale Z|, shaped like the arguments."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(scale > 0, shift / scale, 0.0)
    density = np.sqrt(2 / np.pi) * scale * np.exp(-0.5 * ratio**2)
    spread = density + shift * (1 - 2 * ndtr(-ratio))
    return np.where(scale > 0, spread, np.abs(shift))


def w1(p: NormalLaw, q: NormalLaw) -> FloatArray:
    """Return W₁, shape (R,): the quantile functions differ by Δm + Δs z."""
    return folded_normal_mean(p.means - q.means, np.abs(p.sds - q.sds))


def w2_squared(p: NormalLaw, q: NormalLaw) -> FloatArray:
    """Return W₂² = (Δm)² + (Δs)², shape (R,)."""
    return (p.means - q.means) ** 2 + (p.sds - q.sds) ** 2


def kl(p: NormalLaw, q: NormalLaw) -> FloatArray:
    """Return KL(p ‖ q), shape (R,), in nats; infinite where p is a point mass or q is."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = (p.sds / q.sds) ** 2
        shift = ((p.means - q.means) / q.sds) ** 2
        value = np.log(q.sds) - np.log(p.sds) + 0.5 * (ratio + shift - 1)
    return np.where((p.sds == 0) | (q.sds == 0), np.inf, value)


def energy(p: NormalLaw, q: NormalLaw) -> FloatArray:
    """Return 2 E|X - Y| - E|X - X'| - E|Y - Y'|, shape (R,)."""
    cross = folded_normal_mean(p.means - q.means, np.hypot(p.sds, q.sds))
    return 2 * cross - (2 / np.sqrt(np.pi)) * (p.sds + q.sds)


def mmd(p: NormalLaw, q: NormalLaw, length: float | None = None) -> FloatArray:
    """Return MMD² with a Gaussian kernel, shape (R,); its length is one sd of q unless given."""
    square = (float(q.sds[0]) if length is None else length) ** 2

    def kernel(shift: FloatArray, variance: FloatArray) -> FloatArray:
        total = square + variance
        return np.sqrt(square / total) * np.exp(-0.5 * shift**2 / total)

    zero = np.zeros_like(p.means)
    own = kernel(zero, 2 * p.sds**2) + kernel(zero, 2 * q.sds**2)
    return own - 2 * kernel(p.means - q.means, p.sds**2 + q.sds**2)


def w2_squared_nd(p: NormalNDLaw, q: NormalNDLaw) -> FloatArray:
    """Return ‖Δm‖² + tr(A + B - 2 (A^½ B A^½)^½), shape (R,) (Bures).

    The trace of the root is the sum of the singular values of Lₚᵀ L_q.
    """
    shift = ((p.means - q.means) ** 2).sum(axis=1)
    cross = np.swapaxes(p.factors, 1, 2) @ np.broadcast_to(q.factors, p.factors.shape)
    roots = np.linalg.svd(cross, compute_uv=False).sum(axis=1)
    traces = (p.factors**2).sum(axis=(1, 2)) + (q.factors**2).sum(axis=(1, 2))
    return np.maximum(shift + traces - 2 * roots, 0.0)


def log_det_ratio(p: NormalNDLaw, q: NormalNDLaw) -> FloatArray:
    """Return ln(det Σ_p / det Σ_q), shape (R,); -inf where p is singular."""
    with np.errstate(divide="ignore"):
        own = np.log(np.abs(np.diagonal(p.factors, axis1=1, axis2=2))).sum(axis=1)
        other = np.log(np.abs(np.diagonal(q.factors, axis1=1, axis2=2))).sum(axis=1)
    return 2 * (own - other)


def kl_nd(p: NormalNDLaw, q: NormalNDLaw) -> FloatArray:
    """Return KL(p ‖ q), shape (R,), in nats; infinite where either is singular."""
    dimension = p.means.shape[1]
    factors = np.broadcast_to(q.factors, np.broadcast_shapes(p.factors.shape, q.factors.shape))
    singular = (np.diagonal(factors, axis1=1, axis2=2) == 0).any(axis=1)
    safe = np.where(singular[:, None, None], np.eye(dimension), factors)
    white = np.linalg.solve(safe, np.broadcast_to(p.factors, factors.shape))
    difference = np.broadcast_to(p.means - q.means, (len(factors), dimension))
    shift = np.linalg.solve(safe, difference[:, :, None])[:, :, 0]
    trace = (white**2).sum(axis=(1, 2))
    value = 0.5 * (trace + (shift**2).sum(axis=1) - dimension - log_det_ratio(p, q))
    return np.where(singular, np.inf, value)
