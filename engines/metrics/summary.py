"""Across replicates: median, bands, and which values are undefined or infinite."""

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from engines.arrays import BoolArray, FloatArray, IntArray
from engines.numerics.sorting import sort_rows

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


Summary = dict[str, float | int | None]
"""What is stored of a metric's replicates: n, mean, var and the quantiles; None where undefined."""


Summaries = tuple[dict[str, Summary], dict[str, str]]
"""The summaries of all metrics, and flags for those that are not all finite."""
_Told = tuple[Summary, str]


def summarise(metrics: Mapping[str, FloatArray | BoolArray]) -> list[Summaries]:
    """Return the summaries of all metrics, and flags for those that are not all finite.

    Parameters
    ----------
    metrics : mapping of str to ndarray, shape (W, R)
        One row a generation.

    Returns
    -------
    list of (dict, dict)
        One pair a generation. Summaries over the finite replicates: their number n, mean,
        variance (ddof 1, None below two), quantiles by linear interpolation; flags, for
        example ``"infinite in 3 of 20"``.
    """
    found: dict[str, list[_Told]] = {}
    numbers: dict[str, FloatArray] = {}
    for name, values in metrics.items():
        if values.dtype == np.bool_ and values.shape[1] > 1:
            found[name] = [
                (summary, "") for summary in _of_answers(values.astype(np.bool_, copy=False))
            ]
        else:
            numbers[name] = values.astype(np.float64, copy=False)
    if numbers:
        told = _of_numbers(np.concatenate(list(numbers.values())))
        rows = len(told) // len(numbers)
        found |= {name: told[k * rows : (k + 1) * rows] for k, name in enumerate(numbers)}
    return [
        (
            {name: found[name][n][0] for name in metrics},
            {name: found[name][n][1] for name in metrics if found[name][n][1]},
        )
        for n in range(len(next(iter(metrics.values()))))
    ]


def _of_numbers(table: FloatArray) -> list[_Told]:
    """Return the summary and the flag of each row, "" where all is finite."""
    finite = np.isfinite(table)
    complete: BoolArray = finite.all(axis=1)  # pyright: ignore[reportAssignmentType]
    whole = iter(_summaries(table[complete]) if complete.any() else [])
    told: list[_Told] = []
    for values, usable, full in zip(table, finite, complete, strict=True):
        if full:
            told.append((next(whole), ""))
        else:
            rest = values[usable]
            told.append((_summaries(rest[None])[0] if len(rest) else _nothing(), _flag(values)))
    return told


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
    columns, shares = _places(count)
    return _written(count, means[:, 0], spreads, sort_rows(rows)[:, columns] * shares)


def _of_answers(rows: BoolArray) -> list[Summary]:
    """Return the summary of each row of yes and no, shape (m, n) with n at least 2."""
    count = rows.shape[1]
    columns, shares = _places(count)
    yes = np.array([np.count_nonzero(row) for row in rows])
    # In ascending order the last `yes` are 1.
    ordered = columns >= (count - yes)[:, None]
    return _written(
        count, yes / count, yes * (count - yes) / (count * (count - 1)), ordered * shares
    )


def _written(
    count: int, means: FloatArray, spreads: FloatArray, parts: FloatArray
) -> list[Summary]:
    """Return summaries from order statistics times their shares, shape (m, 10)."""
    levels = len(QUANTILES)
    bands = (parts[:, :levels] + parts[:, levels:]).tolist()
    return [
        {
            "n": count,
            "mean": _finite(mean),
            "var": _finite(spread),
            **dict(zip(QUANTILES, band, strict=True)),
        }
        for mean, spread, band in zip(means.tolist(), spreads.tolist(), bands, strict=True)
    ]


@lru_cache(maxsize=64)
def _places(count: int) -> tuple[IntArray, FloatArray]:
    """Return the ten order statistics between which the quantiles of so many values lie.

    Quantiles by linear interpolation, as `numpy.quantile` takes them.

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
