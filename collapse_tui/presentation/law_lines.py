"""Laws as lines of a chart over generations, and the values that its axis must include."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Dash, Line
from collapse_tui.events import Curve
from collapse_tui.presentation.snapshot import MOST_ROWS, Snapshot
from engines.arrays import FloatArray, even_indices

LAW_STYLES: dict[str, tuple[Colour, Dash]] = {
    "exact": (Colour.EXACT, "dotted"),
    "published": (Colour.PUBLISHED, "dashed"),
    "limit": (Colour.LIMIT, "dotted"),
    "bound": (Colour.BOUND, "dashed"),
    "approximation": (Colour.LIMIT, "dotted"),
}
"""Colour and dash of a law, by its status."""

FAR = 20.0
"""The y axis ignores values of a law beyond this many times the largest simulated one."""
FAR_BOUND = 2.0
"""The same for bounds, which say that the law is somewhere on their other side."""


def law_line(curve: Curve, snapshot: Snapshot) -> Line:
    """Return a law by generation; one from a state on begins with what was recorded there."""
    colour, dash = LAW_STYLES.get(curve.status, (Colour.LIMIT, "dotted"))
    x = np.arange(curve.values.size, dtype=np.float64)
    if curve.start >= 0:
        return _from_state(curve, snapshot, Line(x, curve.values, colour, curve.label, dash))
    if x.size <= 2 * MOST_ROWS:
        return Line(x, curve.values, colour, curve.label, dash)
    # laws are smooth: of a million values a chart shows as much as of some thousand
    some = even_indices(x.size, 2 * MOST_ROWS)
    return Line(x[some], curve.values[some], colour, curve.label, dash)


def _from_state(curve: Curve, snapshot: Snapshot, whole: Line) -> Line:
    finite = np.flatnonzero(np.isfinite(curve.values))
    some = finite[even_indices(finite.size, 2 * MOST_ROWS)]
    x, y = whole.x[some], whole.y[some]
    row = snapshot.row(curve.start)
    recorded = snapshot.column(curve.metric, "var" if curve.statistic == "variance" else "mean")
    if 0 <= row < recorded.size and snapshot.generation_of(row) == curve.start:
        x, y = np.append(float(curve.start), x), np.append(recorded[row], y)
    return replace(whole, x=x, y=y)


def axis_values_of(data: FloatArray, laws: tuple[Line, ...], *, log: bool = False) -> FloatArray:
    """Return the values that the y axis must include: all data, and laws that are not far off."""
    finite = data[np.isfinite(data)]
    largest = max(float(np.abs(finite).max(initial=0.0)), 1e-300)
    seen = [finite]
    for law in laws:
        values = law.y[np.isfinite(law.y)]
        if finite.size > 1 and not log:
            far = FAR_BOUND if law.colour == Colour.BOUND else FAR
            values = values[np.abs(values) <= far * largest]
        seen.append(values)
    return np.concatenate(seen)
