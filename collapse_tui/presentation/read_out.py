"""The values of all curves of a chart at one generation, for the line below it."""

import math
from collections.abc import Sequence

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Line
from collapse_tui.charts.text import Span
from collapse_tui.number_format import format_fixed
from collapse_tui.presentation.scene import Scene


def line_value(line: Line, generation: float) -> float:
    """Return the value of a curve at a generation, else the last one before it that it has.

    NaN where the curve has not begun or has ended.
    """
    if not line.x.size or not line.x[0] <= generation <= line.x[-1]:
        return math.nan
    return float(line.y[int(line.x.searchsorted(generation, side="right")) - 1])


def read_out(lines: Sequence[Line], generation: int) -> list[Span]:
    """Return what curves say of a generation, as many as have a value there.

    Parameters
    ----------
    lines : sequence of Line
        The one drawn last first.
    generation : int
    """
    spans: list[Span] = [(f"gen {generation:,}", Colour.STRONG)]
    for line in lines:
        value = line_value(line, generation)
        if not math.isnan(value):
            spans += [(f" · {line.label} ", Colour.TEXT), (format_fixed(value), line.colour)]
    return spans if len(spans) > 1 else [*spans, (" · nothing yet", Colour.TEXT)]


def describe_span(window: tuple[float, float]) -> list[Span]:
    """Return what letting go of the button shows, while a part of a chart is chosen."""
    low, high = window
    return [("let go to show ", Colour.TEXT), (f"gen {low:,.0f}–{high:,.0f}", Colour.STRONG)]


def guides_of(scene: Scene) -> tuple[float, ...]:
    """Return the generations at which vertical lines are drawn through charts for the pointer."""
    if scene.spanned is not None:
        return scene.spanned
    return () if scene.pointed is None else (float(scene.pointed),)
