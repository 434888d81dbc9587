"""The strip of a run as a few letters a column: a level on a logarithmic scale each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_tui.presentation.strip import RunStrip
from engines.arrays import FloatArray
from engines.views.strip import STRIPS, overlaps

COLUMNS, CELLS = 40, 20
"""Most columns of a sketch, and most cells of a column."""
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-"
"""The levels from the lowest up: the first one is nothing, of signed numbers the most negative."""
UNKNOWN = "."
"""A number that is not known."""
TOP, ZERO = len(LETTERS) - 1, len(LETTERS) // 2
DECADES = 4.0
"""Orders of magnitude from the largest number down to the lowest level above nothing."""


@dataclass(frozen=True, slots=True)
class StripSketch:
    """A strip in letters.

    Attributes
    ----------
    name : str
        A key of `engines.views.strip.STRIPS`.
    axis : sequence of float
        The two ends of the vertical axis.
    width : int
        Generations that a column covers.
    largest : float
        What the highest level stands for.
    columns : sequence of str
        From generation 0 on, each from the low end of the axis up.
    real : str
        The same of the real data; empty where they are not known.
    """

    name: str
    axis: Sequence[float]
    width: int
    largest: float
    columns: Sequence[str]
    real: str


def encode_strip(strip: RunStrip) -> StripSketch:
    """Return a strip in at most 40 columns of at most 20 letters."""
    values = _merge_cells(strip.values.astype(np.float64), shares=strip.strip.shares)
    group = -(-len(values) // COLUMNS)
    parts = [values[start : start + group] for start in range(0, len(values), group)]
    merged = np.stack([_mean(part) for part in parts])
    real = None
    if strip.real is not None:
        real = _merge_cells(strip.real[None].astype(np.float64), shares=strip.strip.shares)[0]
    known = np.abs(merged if real is None else np.concatenate([merged, real[None]]))
    largest = float(f"{np.nanmax(known):.3g}") if np.isfinite(known).any() else 1.0
    signed = strip.strip.signed
    return StripSketch(
        strip.strip.name,
        [float(f"{end:.6g}") for end in strip.axis],
        strip.width * group,
        largest,
        [_to_letters(column, largest, signed=signed) for column in merged],
        "" if real is None else _to_letters(real, largest, signed=signed),
    )


def decode_strip(sketch: StripSketch) -> RunStrip:
    """Return the strip that a sketch stands for."""
    strip, low, high = STRIPS[sketch.name], float(sketch.axis[0]), float(sketch.axis[1])
    columns = np.stack(
        [_to_numbers(text, sketch.largest, signed=strip.signed) for text in sketch.columns]
    ).astype(np.float32)
    real = _to_numbers(sketch.real, sketch.largest, signed=strip.signed).astype(np.float32)
    return RunStrip(
        strip, (low, high), sketch.width, columns[:-1], columns[-1], real if sketch.real else None
    )


def _merge_cells(columns: FloatArray, *, shares: bool) -> FloatArray:
    """Return columns of at most 20 cells: shares add up, other numbers are averaged."""
    cells = columns.shape[1]
    if cells <= CELLS:
        return columns
    weights = overlaps(cells, CELLS)
    if not shares:
        weights = weights / weights.sum(axis=1, keepdims=True)
    return columns @ weights.T


def _mean(part: FloatArray) -> FloatArray:
    """Return the mean of the columns that are known, NaN where none is."""
    known = part[np.isfinite(part).all(axis=1)]
    if not len(known):
        return np.full_like(part[0], np.nan)
    return known.mean(axis=0)


def _to_letters(numbers: FloatArray, largest: float, *, signed: bool) -> str:
    scale = numbers / (largest or 1.0)
    if signed:
        levels = ZERO + np.rint(np.nan_to_num(np.clip(scale, -1, 1)) * (TOP - ZERO))
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            levels = 1 + np.rint((TOP - 1) * (1 + np.log10(scale) / DECADES))
        levels = np.where(scale > 0, np.clip(np.nan_to_num(levels, nan=0.0), 1, TOP), 0)
    pairs = zip(levels.astype(int).tolist(), np.isfinite(numbers).tolist(), strict=True)
    return "".join(LETTERS[level] if known else UNKNOWN for level, known in pairs)


def _to_numbers(text: str, largest: float, *, signed: bool) -> FloatArray:
    levels = np.array([LETTERS.find(letter) for letter in text], dtype=np.float64)
    if signed:
        numbers = (levels - ZERO) / (TOP - ZERO) * largest
    else:
        scale = 10.0 ** (((levels - 1) / (TOP - 1) - 1) * DECADES)
        numbers = np.where(levels > 0, scale * largest, 0.0)
    return np.where(levels < 0, np.nan, numbers)
