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
_Flagged = tuple[Summary, str]
"""A summary, and its flag: "" where all values are finite."""
EMPTY: Summary = {"n": 0, "mean": None, "var": None, **dict.fromkeys(QUANTILES)}
"""The summary of no values at all."""


def summarise(metrics: Mapping[str, FloatArray | BoolArray]) -> list[Summaries]:
    """Return the summaries of all metrics, and flags for those that are not all finite.

    Parameters
    ----------
    metrics : mapping of str to ndarray, shape (W, R)
        One row per generation.

    Returns
    -------
    list of (dict, dict)
        One pair per generation. Summaries over the finite replicates: their number n, mean,
        variance (ddof 1, None below two), quantiles by linear interpolation; flags, for
        example ``"infinite in 3 of 20"``.
    """
    results: dict[str, list[_Flagged]] = {}
    numbers: dict[str, FloatArray] = {}
    for name, values in metrics.items():
        if values.dtype == np.bool_ and values.shape[1] > 1:
            answers = values.astype(np.bool_, copy=False)
            results[name] = [(summary, "") for summary in _summarise_answers(answers)]
        else:
            numbers[name] = values.astype(np.float64, copy=False)
    if numbers:
        flagged = _summarise_numbers(np.concatenate(list(numbers.values())))
        rows = len(flagged) // len(numbers)
        results |= {name: flagged[k * rows : (k + 1) * rows] for k, name in enumerate(numbers)}
    generations = range(len(next(iter(metrics.values()))))
    return [
        (
            {name: results[name][n][0] for name in metrics},
            {name: results[name][n][1] for name in metrics if results[name][n][1]},
        )
        for n in generations
    ]


def _summarise_numbers(table: FloatArray) -> list[_Flagged]:
    """Return the summary and the flag of each row."""
    finite = np.isfinite(table)
    complete: BoolArray = finite.all(axis=1)  # pyright: ignore[reportAssignmentType]
    whole = iter(_summarise_finite(table[complete]) if complete.any() else [])
    flagged: list[_Flagged] = []
    for values, usable, full in zip(table, finite, complete, strict=True):
        if full:
            flagged.append((next(whole), ""))
        else:
            rest = values[usable]
            summary = _summarise_finite(rest[None])[0] if len(rest) else dict(EMPTY)
            flagged.append((summary, _flag(values)))
    return flagged


def _summarise_finite(rows: FloatArray) -> list[Summary]:
    """Return the summary of each row of finite numbers, shape (m, n) with n at least 1."""
    count = rows.shape[1]
    # As `numpy.mean` and `numpy.var`, to the last bit, with one sum for both.
    with np.errstate(over="ignore", invalid="ignore"):
        means = np.add.reduce(rows, axis=1, keepdims=True) / count
        deviations = rows - means
        spreads = np.add.reduce(deviations * deviations, axis=1) / (count - 1)
    columns, shares = _order_statistics(count)
    return _summaries(count, means[:, 0], spreads, sort_rows(rows)[:, columns] * shares)


def _summarise_answers(rows: BoolArray) -> list[Summary]:
    """Return the summary of each row of yes and no, shape (m, n) with n at least 2."""
    count = rows.shape[1]
    columns, shares = _order_statistics(count)
    yes = np.array([np.count_nonzero(row) for row in rows])
    # In ascending order the last `yes` are 1.
    ordered = columns >= (count - yes)[:, None]
    return _summaries(
        count, yes / count, yes * (count - yes) / (count * (count - 1)), ordered * shares
    )


def _summaries(
    count: int, means: FloatArray, spreads: FloatArray, parts: FloatArray
) -> list[Summary]:
    """Return summaries from order statistics times their weights, shape (m, 10)."""
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
def _order_statistics(count: int) -> tuple[IntArray, FloatArray]:
    """Return the ten order statistics between which the quantiles of so many values lie.

    Quantiles by linear interpolation, as in `numpy.quantile`.

    Returns
    -------
    columns : ndarray of int, shape (10,)
        Those below the five quantiles, then those above.
    shares : ndarray, shape (10,)
        Weight of each of them.
    """
    last = count - 1
    place = np.array(list(QUANTILES.values())) * last
    below = np.minimum(place.astype(np.int64), max(last - 1, 0))
    share = place - below
    columns = np.concatenate([below, np.minimum(below + 1, last)])
    return columns, np.concatenate([1 - share, share])


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
