"""A curve in one row of characters."""

import numpy as np

from engines.arrays import FloatArray

LEVELS, ASCII_LEVELS = "▁▂▃▄▅▆▇█", "_.-=+*%#"
MOST_CELLS = 3
"""Characters that one value of a few takes at most."""
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
        Each character is the mean of some of them; a blank stands for none that is finite. Of
        few values each takes several.
    width : int
    ascii_only : bool
    within : (float, float) or None
        Finite values that the lowest and the highest character include.
    """
    if values.size == 0 or width < 1:
        return ""
    levels = ASCII_LEVELS if ascii_only else LEVELS
    parts = min(width, values.size)
    shown = np.where(np.isfinite(values), values, np.nan)
    # halves, so that the sum of a few large numbers stays finite
    edges = np.linspace(0, values.size, parts + 1).astype(np.int64)[:-1]
    counts = np.add.reduceat(np.isfinite(shown).astype(np.float64), edges)
    sums = np.add.reduceat(np.nan_to_num(shown) / 2, edges)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / counts
    finite = means[np.isfinite(means)]
    if not finite.size:
        return " " * parts
    ends = np.array([*finite.tolist(), *(end / 2 for end in within or ())])
    low, high = float(ends.min()), float(ends.max())
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        places = np.full(parts, MIDDLE)
    else:
        scaled = np.nan_to_num((means - low) / (high - low)) * (len(levels) - 1)
        places = np.rint(scaled).astype(np.int64)
    known = np.isfinite(means)
    repeat = max(1, min(MOST_CELLS, width // parts))
    return "".join(
        repeat * (levels[place] if there else " ")
        for place, there in zip(places, known, strict=True)
    )
