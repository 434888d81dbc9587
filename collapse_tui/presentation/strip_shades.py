"""The strip of a run as shades from 0 to 1: figures and pages have room for every cell."""

from typing import NamedTuple

import numpy as np

from collapse_tui.presentation.strip import RunStrip
from collapse_tui.presentation.strip_kinds import STRIP_KINDS
from engines.arrays import FloatArray
from engines.views.strip import Strip


class Shades(NamedTuple):
    """Shades of a strip; of signed numbers 0.5 is zero, NaN is nothing.

    Attributes
    ----------
    columns : ndarray, shape (n, c)
        By column of the strip, and cell from the low end up.
    real : ndarray, shape (c,), or None
        Of the real data.
    """

    columns: FloatArray
    real: FloatArray | None


def shade_strip(strip: RunStrip) -> Shades:
    """Return the shades of a strip, as bright as the screen shows them."""
    kind, values = STRIP_KINDS[strip.strip.name], strip.values.astype(np.float64)
    real = values[0] if strip.real is None else strip.real.astype(np.float64)
    bright = kind.brightness(np.concatenate([values, real[None]]).T, real, 1).T
    if strip.strip.signed:
        bright = (bright + 1.0) / 2.0
    bright = np.clip(bright, 0.0, 1.0)
    return Shades(bright[:-1], None if strip.real is None else bright[-1])


def explain_shades(strip: Strip) -> str:
    """Return what a shade means, in one sentence."""
    if strip.signed:
        return "Orange is above zero, blue below."
    if strip.shares:
        return "The stronger the colour, the more of the data lies there, on a logarithmic scale."
    return "The stronger the colour, the larger the number, on a logarithmic scale."
