"""p_0 convolved with kernels, on a grid: the law of a kernel estimate as M tends to infinity."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.arrays import FloatArray
from engines.numerics.kernels import KERNELS
from engines.theory.case import Case
from engines.theory.kde.moments import bandwidths

CELLS = 2**15
"""Cells of the grid: distances are within 1e-4 of the table of docs/theory.md §7."""

_TRUSTED = 1e-9
"""Mass of a cell below which differences of the cdf are too inexact to find a jump."""

_FLAT = 1e-4
"""Relative difference across a cell below which the density has no jump."""

_LOG_LEAST = -640.0
"""Logarithm of the smallest density that counts as no underflow."""


@dataclass(frozen=True, eq=False)
class Convolution:
    """p_0 and p_n on common cells.

    Attributes
    ----------
    law : object
        The law p_0.
    edges : ndarray, shape (N + 1,)
    source : ndarray, shape (N,)
        Masses of p_0.
    model : ndarray, shape (N,)
        Masses of p_n.
    """

    law: Any
    edges: FloatArray
    source: FloatArray
    model: FloatArray

    @property
    def width(self) -> float:
        """Width of a cell."""
        return float(self.edges[1] - self.edges[0])


def convolve(case: Case, generation: int) -> Convolution:
    """Return p_0 and p_n = p_0 * K_1 * … * K_n, K_i the kernel of fit i.

    For the Gaussian kernel p_n = p_0 * N(0, n h^2). The masses of p_0 come from its cdf;
    their spectrum is multiplied by the kernels' characteristic functions.

    Parameters
    ----------
    case : Case
        A 1-D case whose engine is kde under replacement.
    generation : int
        n, 0 … G.

    Returns
    -------
    Convolution
    """
    law = case.source.law
    scales = _scales(case, generation)
    margin = _margin(scales)
    low, high = (float(np.ravel(end)[0]) for end in law.span())
    slack = 1e-3 * (high - low)
    edges = np.linspace(low - slack - margin, high + slack + margin, CELLS + 1)
    source = np.diff(_cdf(law, edges))
    frequencies: FloatArray = 2 * np.pi / (edges[-1] - edges[0]) * np.arange(CELLS // 2 + 1.0)
    spectrum = np.fft.rfft(source)
    for kernel, bandwidth, times in scales:
        spectrum *= KERNELS[kernel].characteristic(bandwidth * frequencies) ** times
    back: FloatArray = np.asarray(np.fft.irfft(spectrum, CELLS), dtype=np.float64)
    model: FloatArray = np.maximum(back, 0.0) if scales else source
    return Convolution(law, edges, source, model)


def _cdf(law: Any, points: FloatArray) -> FloatArray:
    return np.asarray(law.cdf(points), dtype=np.float64).ravel()


def _scales(case: Case, generation: int) -> list[tuple[str, float, int]]:
    """Return (kernel, bandwidth, number of fits) for each distinct kernel up to model n."""
    variance = float(case.source.covariance[0, 0])
    fits = bandwidths(case.engines[: generation + 1], case.sizes[: generation + 1], variance)
    names = [case.engines[n].kernel for n in range(1, generation + 1)]
    if all(name == "gaussian" for name in names):
        total = float(np.sqrt(np.sum(fits**2)))
        return [("gaussian", total, 1)] if total > 0 else []
    counts: dict[tuple[str, float], int] = {}
    for name, bandwidth in zip(names, fits[1:].tolist(), strict=True):
        counts[name, bandwidth] = counts.get((name, bandwidth), 0) + 1
    return [(name, bandwidth, times) for (name, bandwidth), times in counts.items()]


def _margin(scales: list[tuple[str, float, int]]) -> float:
    """Return the distance within which the convolved kernels have all but 1e-13 of their mass."""
    spread = sum(times * KERNELS[name].variance * h**2 for name, h, times in scales)
    single = max((h * KERNELS[name].reach for name, h, _ in scales), default=0.0)
    return float(max(single, 8.5 * np.sqrt(spread) + 0.5 * single))


def cumulative(masses: FloatArray) -> FloatArray:
    """Return the cdf at the edges, shape (N + 1,)."""
    return np.minimum(np.concatenate(([0.0], np.cumsum(masses))), 1.0)


@dataclass(frozen=True, eq=False)
class Densities:
    """Density of p_0 by cells: that of the left edge on a share of the cell, else of the right.

    The share keeps the cell's mass, so that a jump of the density stays at its place.

    Attributes
    ----------
    left, right : ndarray, shape (N,)
        Logarithms of the density at the edges; -inf outside the support.
    share : ndarray, shape (N,)
        Part of the cell at the left edge's density, 0 to 1.
    """

    left: FloatArray
    right: FloatArray
    share: FloatArray

    def mean(self, of_left: FloatArray, of_right: FloatArray) -> FloatArray:
        """Return the cells' means of a function of the density, given it at the edges."""
        with np.errstate(invalid="ignore"):
            first = np.where(self.share > 0, self.share * of_left, 0.0)
            return first + np.where(self.share < 1, (1 - self.share) * of_right, 0.0)


def densities(grid: Convolution) -> Densities:
    """Return the density of p_0 by cells.

    Where it underflows, its logarithm is extrapolated by a parabola, exact for normal and
    exponential tails.
    """
    with np.errstate(divide="ignore"):
        logs = np.array(np.ravel(grid.law.log_density(grid.edges)))
    known = np.flatnonzero(logs > _LOG_LEAST)
    logs[logs <= _LOG_LEAST] = -np.inf
    _extrapolate(logs, int(known[0]), 1)
    _extrapolate(logs, int(known[-1]), -1)
    left, right = np.exp(logs[:-1]), np.exp(logs[1:])
    jump = (np.abs(left - right) > _FLAT * (left + right)) & (grid.source > _TRUSTED)
    share = np.full(len(left), 0.5)
    share[jump] = (grid.source[jump] / grid.width - right[jump]) / (left - right)[jump]
    return Densities(logs[:-1], logs[1:], np.clip(share, 0.0, 1.0))


def _extrapolate(logs: FloatArray, last: int, inwards: int) -> None:
    """Fill the tail beyond index `last` in place, unless the support ends there."""
    tail = np.arange(last) if inwards > 0 else np.arange(last + 1, len(logs))
    stride = 16 * inwards
    near = logs[[last, last + stride, last + 2 * stride]]
    if len(tail) == 0 or near[0] > _LOG_LEAST / 2 or not np.all(np.isfinite(near)):
        return
    steps = (tail - last) / stride
    slope, bend = near[1] - near[0], near[2] - 2 * near[1] + near[0]
    logs[tail] = near[0] + slope * steps + bend * steps * (steps - 1) / 2
