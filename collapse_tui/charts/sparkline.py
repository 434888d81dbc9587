"""A curve in one row of characters."""

import numpy as np

from engines.arrays import FloatArray

LEVELS, ASCII_LEVELS = "▁▂▃▄▅▆▇█", "_.-=+*%#"
MOST_CELLS = 3
"""Characters that one value of a few takes at most."""
MOST_VALUES = 480
"""Values that are looked at: of more numpy would release the interpreter's lock in each step, and
what is drawn in the thread of the keyboard would wait for the engine as often."""
MIDDLE = 3
"""The level of a curve that is constant."""


def sparkline(
    values: FloatArray,
    width: int,
    *,
    ascii_only: bool = False,
    within: tuple[float, float] | None = None,
) -> str:
    """Return a curve in at most `width` characters, from its least to its largest value.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Each character is the mean of some of them, evenly spread; a blank stands for none that
        is finite. Of few values each takes several.
    width : int
    ascii_only : bool
    within : (float, float) or None
        Finite values that the lowest and the highest character include.
    """
    if values.size == 0 or width < 1:
        return ""
    levels = ASCII_LEVELS if ascii_only else LEVELS
    values = values[:: -(-values.size // MOST_VALUES)]
    parts = min(width, values.size)
    edges = np.arange(parts) * values.size // parts
    finite = np.isfinite(values)
    counts = np.add.reduceat(finite, edges, dtype=np.float64)
    known = counts > 0
    if not known.any():
        return " " * parts
    # halves, so that the sum of a few large numbers stays finite
    halves = np.add.reduceat(np.where(finite, values, 0.0) * 0.5, edges)
    means = halves[known] / counts[known]
    ends = [float(means.min()), float(means.max()), *(end / 2 for end in within or ())]
    low, high = min(ends), max(ends)
    places = np.full(parts, MIDDLE)
    if high - low > 1e-9 * max(abs(low), abs(high)):
        places[known] = np.rint((means - low) / (high - low) * (len(levels) - 1))
    repeat = max(1, min(MOST_CELLS, width // parts))
    return "".join(
        repeat * (levels[place] if there else " ")
        for place, there in zip(places, known, strict=True)
    )
