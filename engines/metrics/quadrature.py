"""Distances between one-dimensional laws by quadrature on nodes that resolve both.

The absolute error of each is below 1e-3 (distances in units of the source's sd), which
the tests hold against closed forms and against independent quadrature. Where a law cannot be
resolved so well (`RealLaw.fault`) they are NaN.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from engines.arrays import FloatArray
from engines.laws.lattice import GridLaw, Lattice, cdf_at_edges, resolves
from engines.laws.law import narrow
from engines.laws.normal import NormalLaw
from engines.laws.real import RealLaw, StackedLaw

MOST_CELLS = 1 << 18
"""Most places on which MMD² is computed,"""
MMD_STEP = 0.05
"""and the widest step between them, in lengths of its kernel."""

Pair = Callable[[RealLaw, RealLaw], FloatArray]


def nodes_of(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return ascending nodes that resolve both laws, shape (N,) or (R, N).

    Parameters
    ----------
    p, q : RealLaw
        R replicates of one of them, one of the other (or R of both).
    """
    parts = (p.nodes(), q.nodes())
    if all(part.ndim == 1 for part in parts):
        return np.sort(np.concatenate(parts))
    replicates = max(len(part) for part in parts if part.ndim > 1)
    rows = [np.broadcast_to(part, (replicates, part.shape[-1])) for part in parts]
    return np.sort(np.concatenate(rows, axis=1), axis=1)


def each_replicate(pair: Pair, *, density: bool = False) -> Pair:
    """Return a distance that takes laws one by one where they must be.

    It is NaN where one of the laws says that it cannot be resolved.

    Parameters
    ----------
    pair : callable
    density : bool
        Whether it compares densities.
    """

    def distance(p: RealLaw, q: RealLaw) -> FloatArray:
        if p.shares_nodes:
            return np.concatenate([bounded(law, q) for law in p.split()])
        if isinstance(q, StackedLaw):
            return np.concatenate([bounded(p, law) for law in q.laws])
        return bounded(p, q)

    def bounded(p: RealLaw, q: RealLaw) -> FloatArray:
        if p.fault(density=density) or q.fault(density=density):
            return np.full(max(len(p.mean()), len(q.mean())), np.nan)
        return pair(p, q)

    return distance


between_densities = partial(each_replicate, density=True)


@each_replicate
def w1(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return W₁ = ∫ |F - G|, shape (R,)."""
    lattice = _shared_lattice(p, q)
    if lattice is not None:
        return _w1_on_lattice(narrow(p, GridLaw), lattice, q)
    nodes = nodes_of(p, q)
    left, right = _gaps(p, q, nodes)
    return (0.5 * (np.abs(left) + np.abs(right)) * np.diff(nodes)).sum(axis=1)


def _gaps(p: RealLaw, q: RealLaw, nodes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return F - G at the left end of each cell and just before its right end, (R, N - 1)."""
    after = p.cdf(nodes) - q.cdf(nodes)
    atomless = all(type(law).cdf_before is RealLaw.cdf_before for law in (p, q))
    before = after if atomless else p.cdf_before(nodes) - q.cdf_before(nodes)
    return after[:, :-1], before[:, 1:]


def _shared_lattice(p: RealLaw, q: RealLaw) -> Lattice | None:
    """Return the lattice of p, where it resolves q too: its tables are computed once a run."""
    lattice = p.lattice if isinstance(p, GridLaw) and q.has_density else None
    return lattice if isinstance(lattice, Lattice) and resolves(lattice, q) else None


def _w1_on_lattice(p: GridLaw, lattice: Lattice, q: RealLaw) -> FloatArray:
    gaps = np.abs(p.cumulative - cdf_at_edges(q, lattice)[0])
    inside = lattice.step * (gaps.sum() - 0.5 * (gaps[0] + gaps[-1]))
    low, high = float(lattice.edges[0]), float(lattice.edges[-1])
    source_low, source_high = (float(end[0]) for end in q.span())
    outside = 0.0
    if source_low < low:
        x = np.append(q.nodes()[q.nodes() < low], low)
        outside += float(np.trapezoid(q.cdf(x)[0], x))
    if source_high > high:
        x = np.append(high, q.nodes()[q.nodes() > high])
        outside += float(np.trapezoid(1.0 - q.cdf(x)[0], x))
    return np.array([inside + outside])


def _cells(p: RealLaw, q: RealLaw) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the mass of p in cells that resolve both laws, and ln p and ln q there, (R, N)."""
    if isinstance(p, NormalLaw):
        return _normal_cells(p, q)
    nodes = nodes_of(p, q)
    middles = 0.5 * (nodes[..., 1:] + nodes[..., :-1])
    log_p, log_q = p.log_density(middles), q.log_density(middles)
    return np.exp(log_p) * np.diff(nodes), log_p, log_q


def _normal_cells(p: NormalLaw, q: RealLaw) -> tuple[FloatArray, FloatArray, FloatArray]:
    # In scores, where a collapsed law is as well resolved as any other.
    means, sds = p.means[:, None], np.maximum(p.sds, np.finfo(np.float64).tiny)[:, None]
    with np.errstate(over="ignore"):
        other = np.clip((q.nodes() - means) / sds, -7.5, 7.5)
    own = np.broadcast_to(np.linspace(-7.5, 7.5, 2049), (len(other), 2049))
    nodes = np.sort(np.concatenate([own, other], axis=1), axis=1)
    scores = 0.5 * (nodes[:, 1:] + nodes[:, :-1])
    log_normal = -0.5 * scores**2 - 0.5 * np.log(2 * np.pi)
    log_q = q.log_density(means + sds * scores)
    return np.exp(log_normal) * np.diff(nodes), log_normal - np.log(sds), log_q


@between_densities
def kl(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return KL(p ‖ q) = ∫ p ln(p / q), shape (R,), in nats.

    Infinite where p has more than 1e-12 of its mass where q has no density.
    """
    mass, log_p, log_q = _cells(p, q)
    outside = np.isneginf(log_q) & (mass > 0)
    with np.errstate(invalid="ignore"):
        terms = np.where(mass > 0, mass * (log_p - np.where(outside, 0.0, log_q)), 0.0)
    lost = np.where(outside, mass, 0.0).sum(axis=1) > 1e-12
    if isinstance(p, NormalLaw):
        lost |= p.sds == 0
    return np.where(lost, np.inf, np.maximum(terms.sum(axis=1), 0.0))


@between_densities
def js(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return the Jensen-Shannon divergence, shape (R,), in nats; at most ln 2."""
    return 0.5 * (_against_middle(p, q) + _against_middle(q, p))


def _against_middle(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return KL(p ‖ (p + q) / 2), shape (R,)."""
    mass, log_p, log_q = _cells(p, q)
    with np.errstate(invalid="ignore"):
        terms = mass * (np.log(2.0) - np.logaddexp(0.0, log_q - log_p))
    return np.where(mass > 0, terms, 0.0).sum(axis=1)


@each_replicate
def tv(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return the total variation ½ ∫ |p - q|, shape (R,), from the mass of each cell."""
    nodes = nodes_of(p, q)
    cells = np.abs(np.diff(p.cdf(nodes)) - np.diff(q.cdf(nodes)))
    below = np.abs(p.cdf_before(nodes)[:, 0] - q.cdf_before(nodes)[:, 0])
    above = np.abs(p.cdf(nodes)[:, -1] - q.cdf(nodes)[:, -1])
    return 0.5 * (cells.sum(axis=1) + below + above)


@each_replicate
def energy(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return the energy distance 2 ∫ (F - G)², shape (R,)."""
    nodes = nodes_of(p, q)
    left, right = _gaps(p, q, nodes)
    return ((left**2 + right**2) * np.diff(nodes)).sum(axis=1)


@each_replicate
def mmd(p: RealLaw, q: RealLaw) -> FloatArray:
    """Return MMD² with a Gaussian kernel of length one sd of q, shape (R,).

    ∬ k d(P - Q) d(P - Q): the masses between the nodes of both laws and on them are spread
    linearly over at least 8,192 even places, `MMD_STEP` lengths apart or less, and convolved
    by FFT; NaN where those were more than `MOST_CELLS`.
    """
    rows = p.split()
    if len(rows) > 1:
        return np.concatenate([mmd(row, q) for row in rows])
    if mmd_fault(p, q):
        return np.array([np.nan])
    length = float(q.sd()[0])
    low, high = _joint_span(p, q)
    count = 8192
    while high - low > MMD_STEP * length * (count - 1):
        count *= 2
    step = (high - low) / (count - 1)
    kernel = np.exp(-0.5 * (np.arange(count) * (step / length)) ** 2)
    symmetric = np.concatenate([kernel, [0.0], kernel[:0:-1]])
    spread = _spread(p, q, low, step, count)
    transformed = np.fft.rfft(spread, 2 * count) * np.fft.rfft(symmetric)
    return np.array([spread @ np.fft.irfft(transformed, 2 * count)[:count]])


def _spread(p: RealLaw, q: RealLaw, low: float, step: float, count: int) -> FloatArray:
    """Return the mass of P - Q, spread linearly over even places, shape (count,)."""
    nodes = np.reshape(nodes_of(p, q), -1)
    after = (p.cdf(nodes) - q.cdf(nodes))[0]
    before = (p.cdf_before(nodes) - q.cdf_before(nodes))[0]
    masses = np.concatenate([after - before, before[1:] - after[:-1]])
    scores = (np.concatenate([nodes, 0.5 * (nodes[1:] + nodes[:-1])]) - low) / step
    left = np.clip(scores.astype(np.int64), 0, count - 2)
    shares = masses * (scores - left)
    table = np.zeros(count)
    np.add.at(table, left, masses - shares)
    np.add.at(table, left + 1, shares)
    return table


def mmd_fault(p: RealLaw, q: RealLaw) -> str:
    """Return why MMD² would exceed its error bound, or ""."""
    low, high = _joint_span(p, q)
    length = float(q.sd()[0])
    if high - low <= MMD_STEP * length * (MOST_CELLS - 1):
        return ""
    return (
        f"the laws span {high - low:.6g}, more than {MMD_STEP * MOST_CELLS:,.0f} sd of the source,"
        f" which is {length:.6g}"
    )


def _joint_span(p: RealLaw, q: RealLaw) -> tuple[float, float]:
    (p_low, p_high), (q_low, q_high) = p.span(), q.span()
    return float(min(p_low.min(), q_low.min())), float(max(p_high.max(), q_high.max()))
