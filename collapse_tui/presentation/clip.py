"""Curves cut to the part of a run that is shown, so that their axis fits what is seen of them."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from collapse_tui.charts.spec import Band, Line
from collapse_tui.presentation.zoom import Window
from engines.arrays import FloatArray


def clip_lines(lines: Iterable[Line], window: Window | None) -> list[Line]:
    """Return curves inside a window; each names its last value there. None: the whole run."""
    if window is None:
        return list(lines)
    clipped: list[Line] = []
    for line in lines:
        x, y = _clip(line.x, line.y, window)
        told = line.value if y.size and x[-1] == line.x[-1] else float(y[-1]) if y.size else np.nan
        clipped.append(replace(line, x=x, y=y, value=told))
    return clipped


def clip_bands(bands: Iterable[Band], window: Window | None) -> tuple[Band, ...]:
    """Return bands inside a window; None: the whole run."""
    if window is None:
        return tuple(bands)
    clipped: list[Band] = []
    for band in bands:
        x, low = _clip(band.x, band.low, window)
        clipped.append(replace(band, x=x, low=low, high=_clip(band.x, band.high, window)[1]))
    return tuple(clipped)


def _clip(x: FloatArray, y: FloatArray, window: Window) -> tuple[FloatArray, FloatArray]:
    """Return the points of a curve inside a window, with those where it enters and leaves."""
    inside = (x >= window[0]) & (x <= window[1])
    crossed = [at for at in window if x.size and x[0] < at < x[-1] and at not in x]
    ends = np.array(crossed)
    kept = np.concatenate([x[inside], ends])
    values = np.concatenate([y[inside], np.interp(ends, x, y)]) if crossed else y[inside]
    order = np.argsort(kept, kind="stable")
    return kept[order], values[order]
