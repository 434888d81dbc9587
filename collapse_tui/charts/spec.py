"""Descriptions of charts as immutable values: what to draw, not how."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from collapse_tui.charts.palette import Colour
from engines.arrays import FloatArray

Dash = Literal["solid", "dashed", "dotted"]
Marker = Literal["braille", "block", "ascii"]
Placement = Literal["ends", "corner", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A curve.

    Attributes
    ----------
    x, y : ndarray, shape (n,)
        x ascending; NaN or infinite y leave a gap.
    colour : Colour
    label : str
        Its name in the chart; none if empty.
    dash : str
        ``"solid"``, ``"dashed"`` or ``"dotted"``.
    steps : bool
        Hold each value until the next x instead of connecting them.
    value : float
        Its last value, which follows its label; NaN for none.
    thick : bool
        Two dots high, where a cell has several: the curve that others are compared with.
    """

    x: FloatArray
    y: FloatArray
    colour: Colour
    label: str = ""
    dash: Dash = "solid"
    steps: bool = False
    value: float = float("nan")
    thick: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The area between two curves.

    Attributes
    ----------
    x, low, high : ndarray, shape (n,)
    colour : Colour
    label : str
    steps : bool
        As in `Line`.
    """

    x: FloatArray
    low: FloatArray
    high: FloatArray
    colour: Colour
    label: str = ""
    steps: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Points that are not connected.

    Attributes
    ----------
    x, y : ndarray, shape (n,)
    colour : Colour
    label : str
    sign : str
        A character for each point; if empty, the smallest dot.
    """

    x: FloatArray
    y: FloatArray
    colour: Colour
    label: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class LineChart:
    """Curves over generations.

    Attributes
    ----------
    lines : tuple of Line
        Later ones lie on top.
    bands : tuple of Band
        Below all lines; later ones lie on top.
    dots : tuple of Dots
    x_limits : (float, float) or None
        None: from the data.
    y_limits : (float, float) or None
        None: from the data. Not on a logarithmic axis.
    y_data : ndarray
        Values that the y axis must include; if empty, those of all lines and bands.
    zero : bool
        Include y = 0 in the axis.
    log : bool
        Logarithmic y axis; values that are not positive leave a gap.
    log_x : bool
        All x are decimal logarithms; the ticks are labelled with the numbers themselves.
    x_name : str
        What x is, below the axis where there is room for it.
    x_ticks : tuple of (float, str)
        Ticks of x, as many as fit, in place of round numbers.
    whole_x : bool
        x are whole numbers, such as states or generations: no tick stands between them.
    marks : tuple of float
        x positions of ticks at interventions.
    cursor : float or None
        x position of the generation that the user looks at.
    title : str
        In the first row.
    labels : str
        Where the labels stand: ``"ends"``, at the last point of each curve; ``"corner"``, near
        the upper right corner; ``"none"``.
    frame : bool
        Draw axes and tick labels; without, the data takes the whole canvas.
    gutter : int
        Columns left of the data at least, so that charts below each other have one x axis.
    note : str
        Shown in place of the chart, where there is nothing to draw.
    """

    lines: tuple[Line, ...] = ()
    bands: tuple[Band, ...] = ()
    dots: tuple[Dots, ...] = ()
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    y_data: FloatArray = field(default_factory=lambda: np.empty(0))
    zero: bool = False
    log: bool = False
    log_x: bool = False
    x_name: str = ""
    x_ticks: tuple[tuple[float, str], ...] = ()
    whole_x: bool = False
    marks: tuple[float, ...] = ()
    cursor: float | None = None
    title: str = ""
    labels: Placement = "corner"
    frame: bool = True
    gutter: int = 0
    note: str = ""
