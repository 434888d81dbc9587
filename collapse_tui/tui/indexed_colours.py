"""Every colour as the nearest of the 240 that terminals with 256 colours agree on.

rich counts steps of the cube, whose lowest is a third of the way up: it makes brown red, and dark
blue grey a bright blue. What is nearest to the eye is taken here.
"""

from functools import lru_cache

import numpy as np
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from typing_extensions import override

from collapse_tui.charts.palette import look_of_index
from engines.arrays import FloatArray

FIRST, LAST = 16, 255
TO_XYZ = np.array([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
])  # fmt: skip
"""From linear channels; white is D65."""
TO_LAB = np.array([[0.0, 116.0, 0.0], [500.0, -500.0, 0.0], [0.0, 200.0, -200.0]])
CUT, SLOPE = 216 / 24389, 24389 / 27
"""Of CIE L*a*b*: below the first, brightness counts linearly."""


class IndexedColours(LineFilter):
    """Replaces colours of 24 bits by those of 256."""

    @override
    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment
            if segment.style is None or segment.control
            else segment._replace(style=_with_indices(segment.style))
            for segment in segments
        ]


@lru_cache(4096)
def _with_indices(style: Style) -> Style:
    return style + Style.from_color(_indexed(style.color), _indexed(style.bgcolor))


def _indexed(colour: RichColor | None) -> RichColor | None:
    if colour is None or colour.type != ColorType.TRUECOLOR or colour.triplet is None:
        return None
    return RichColor.from_ansi(nearest_index(colour.triplet))


@lru_cache(4096)
def nearest_index(channels: ColorTriplet) -> int:
    """Return the number of the colour nearest to channels of 0 to 255, in CIE L*a*b*."""
    apart = _indexed_lab() - _to_lab(np.array([channels], dtype=np.float64))
    return FIRST + int((apart**2).sum(axis=1).argmin())


@lru_cache(1)
def _indexed_lab() -> FloatArray:
    looks = (look_of_index(index) for index in range(FIRST, LAST + 1))
    rows = [[int(look[at : at + 2], 16) for at in (1, 3, 5)] for look in looks]
    return _to_lab(np.array(rows, dtype=np.float64))


def _to_lab(channels: FloatArray) -> FloatArray:
    """Return channels of 0 to 255, shape (n, 3), in CIE L*a*b*."""
    shares = channels / 255
    bent = ((shares + 0.055) / 1.055) ** np.float64(2.4)
    linear = np.where(shares <= np.float64(0.04045), shares / np.float64(12.92), bent)
    ratio: FloatArray = linear @ TO_XYZ.T / TO_XYZ.sum(axis=1)
    root = np.where(ratio > CUT, np.cbrt(ratio), (SLOPE * ratio + 16) / np.float64(116))
    return root @ TO_LAB.T - np.array([16.0, 0.0, 0.0])
