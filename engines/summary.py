"""Across replicates: median, bands, and which values are undefined or infinite."""

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.points import ascending

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


Summary = dict[str, float | int | None]
"""What is stored of a metric's replicates: n, mean, var and the quantiles; None where undefined."""


def summarise(metrics: Mapping[str, FloatArray]) -> tuple[dict[str, Summary], dict[str, str]]:
    """Return the summaries of all metrics and flags for those that are not all finite.

    Parameters
    ----------
    metrics : mapping of str to ndarray, shape (R,)

    Returns
    -------
    summaries : dict
        Over the finite replicates: their number n, mean, variance (ddof 1, None below two),
        quantiles by linear interpolation.
    flags : dict of str to str
        For example ``"infinite in 3 of 20"``.
    """
    table = np.array(list(metrics.values()), dtype=np.float64)
    finite = np.isfinite(table)
    if finite.all():
        return dict(zip(metrics, _summaries(table), strict=True)), {}
    complete = finite.all(axis=1)
    whole = iter(_summaries(table[complete]) if complete.any() else [])
    summaries: dict[str, Summary] = {}
    flags: dict[str, str] = {}
    for name, values, usable in zip(metrics, table, finite, strict=True):
        if usable.all():
            summaries[name] = next(whole)
            continue
        flags[name] = _flag(values)
        rest = values[usable]
        summaries[name] = _summaries(rest[None])[0] if len(rest) else _nothing()
    return summaries, flags


def _summaries(rows: FloatArray) -> list[Summary]:
    """Return the summary of each row of finite numbers, shape (m, n) with n at least 1."""
    count = rows.shape[1]
    if count == 1:
        return [_single(value) for value in rows[:, 0].tolist()]
    # As `numpy.mean` and `numpy.var`, to the last bit, with one sum for both.
    with np.errstate(over="ignore"):
        means = np.add.reduce(rows, axis=1, keepdims=True) / count
        deviations = rows - means
        spreads = np.add.reduce(deviations * deviations, axis=1) / (count - 1)
    bands = quantiles_of(ascending(rows)).tolist()
    return [
        {
            "n": count,
            "mean": _finite(mean),
            "var": _finite(spread),
            **dict(zip(QUANTILES, band, strict=True)),
        }
        for mean, spread, band in zip(means[:, 0].tolist(), spreads.tolist(), bands, strict=True)
    ]


@lru_cache(maxsize=64)
def _places(count: int) -> tuple[IntArray, FloatArray]:
    """Return the ten order statistics between which the quantiles of so many values lie.

    Returns
    -------
    columns : ndarray of int, shape (10,)
        Those below the five quantiles, then those above.
    shares : ndarray, shape (10,)
        What each of them counts.
    """
    last = count - 1
    place = np.array(list(QUANTILES.values())) * last
    below = np.minimum(place.astype(np.int64), max(last - 1, 0))
    share = place - below
    columns = np.concatenate([below, np.minimum(below + 1, last)])
    return columns, np.concatenate([1 - share, share])


def quantiles_of(ordered: FloatArray) -> FloatArray:
    """Return the five quantiles of sorted rows by linear interpolation, shape (m, 5).

    As `numpy.quantile`, of which sorting a thousand numbers is a tenth of the cost.

    Parameters
    ----------
    ordered : ndarray, shape (m, R)
        Ascending rows.
    """
    columns, shares = _places(ordered.shape[1])
    parts = ordered[:, columns] * shares
    return parts[:, : len(QUANTILES)] + parts[:, len(QUANTILES) :]


def _single(value: float) -> Summary:
    return {"n": 1, "mean": value, "var": None, **dict.fromkeys(QUANTILES, value)}


def _nothing() -> Summary:
    return {"n": 0, "mean": None, "var": None, **dict.fromkeys(QUANTILES)}


def _finite(value: float) -> float | None:
    """Return None for what is undefined, or too large for a floating-point number."""
    return value if math.isfinite(value) else None


def _flag(values: FloatArray) -> str:
    parts = [
        f"{word} in {int(mask.sum())} of {len(values)}"
        for word, mask in (("infinite", np.isinf(values)), ("undefined", np.isnan(values)))
        if mask.any()
    ]
    return ", ".join(parts)
