"""What is to be seen, as one immutable value, and the charts that follow from it.

The screen makes a scene; the render thread turns it into charts. Neither waits for the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collapse_tui.charts import (
    Band,
    BarsChart,
    Chart,
    HistogramChart,
    Ink,
    Line,
    LineChart,
    ScatterChart,
)
from collapse_tui.charts.describe import Dash
from collapse_tui.events import Curve
from collapse_tui.tui.history import Snapshot
from engines.views import View

FloatArray = NDArray[np.float64]

LOOKS: dict[str, tuple[Ink, Dash]] = {
    "exact": (Ink.EXACT, "dashed"),
    "published": (Ink.PUBLISHED, "dashed"),
    "limit": (Ink.LIMIT, "dotted"),
    "bound": (Ink.BOUND, "dotted"),
    "approximation": (Ink.LIMIT, "dashed"),
}
"""How a law is drawn, by its status."""

FAR = 20.0
"""A law is cut off where it runs this many times further than anything simulated."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A moment of one run, or of a fork beside its parents, as the reader wants to see it.

    Attributes
    ----------
    snapshot : Snapshot
        The newest run.
    parents : tuple of Snapshot
        Runs that it was forked from.
    metrics : tuple of str
        The one in the main pane first.
    shown : int or None
        Generation that the reader has walked to; None follows the run.
    replicates : int
    log : bool
        Logarithmic axis.
    theory : bool
        Laws are drawn.
    """

    snapshot: Snapshot
    parents: tuple[Snapshot, ...] = ()
    metrics: tuple[str, ...] = ()
    shown: int | None = None
    replicates: int = 1
    log: bool = False
    theory: bool = True

    @property
    def metric(self) -> str:
        """The metric in the main pane."""
        return self.metrics[0] if self.metrics else ""

    @property
    def generation(self) -> int:
        """The generation to show; -1 before the first record."""
        last = self.snapshot.generation
        return last if self.shown is None else min(self.shown, last)

    def curves(self, metric: str) -> tuple[Curve, ...]:
        """Return the laws that can be drawn beside `metric`: not those of its variance."""
        if not self.theory:
            return ()
        return tuple(
            curve
            for curve in self.snapshot.curves
            if curve.metric == metric and curve.statistic != "variance"
        )


def metric_chart(scene: Scene, metric: str, *, small: bool = False) -> LineChart:
    """Return one metric by generation: quantile bands, median, parents, laws.

    Parameters
    ----------
    scene : Scene
    metric : str
    small : bool
        For the small multiples: no bands, axes or legend.

    Returns
    -------
    LineChart
    """
    snapshot = scene.snapshot
    curves = scene.curves(metric)
    last = max(1, snapshot.generations)
    quantiles = {name: snapshot.column(metric, name) for name in ("q05", "q25", "q50", "q75", "q95")}
    x = np.arange(quantiles["q50"].size, dtype=np.float64)
    several = scene.replicates > 1
    laws = tuple(_law(curve) for curve in curves)
    lines = [*laws, *(_parent(parent, metric) for parent in scene.parents)]
    if several and any(curve.statistic == "mean" for curve in curves):
        lines.append(Line(x, snapshot.column(metric, "mean"), Ink.MEAN, "mean"))
    lines.append(Line(x, quantiles["q50"], Ink.SERIES, "median" if several else "run"))
    bands = (
        Band(x, quantiles["q05"], quantiles["q95"], Ink.BAND, "5–95 %"),
        Band(x, quantiles["q25"], quantiles["q75"], Ink.BAND_INNER, "25–75 %"),
    )
    data = [line.y for line in lines[len(laws) :]]
    if several and not small:
        data += [quantiles["q05"], quantiles["q95"]]
    return LineChart(
        tuple(lines), bands if several and not small else (), x_limits=(0.0, float(last)),
        y_data=_seen(np.concatenate(data), laws, log=scene.log), log=scene.log,
        marks=tuple(float(mark.at) for mark in snapshot.marks),
        cursor=None if scene.shown is None else float(scene.generation),
        legend=not small, frame=not small,
    )  # fmt: skip


def _law(curve: Curve) -> Line:
    ink, dash = LOOKS.get(curve.status, (Ink.LIMIT, "dotted"))
    return Line(np.arange(curve.values.size, dtype=np.float64), curve.values, ink, curve.label, dash)


def _parent(parent: Snapshot, metric: str) -> Line:
    median = parent.column(metric, "q50")
    return Line(np.arange(median.size, dtype=np.float64), median, Ink.PARENT, "parent")


def _seen(data: FloatArray, laws: tuple[Line, ...], *, log: bool) -> FloatArray:
    """Return what the y axis must hold: all data, and the laws unless they run far away."""
    finite = data[np.isfinite(data)]
    theory = np.concatenate([law.y for law in laws]) if laws else np.empty(0)
    theory = theory[np.isfinite(theory)]
    if finite.size > 1 and not log:
        reach = FAR * max(float(np.abs(finite).max()), 1e-300)
        theory = theory[np.abs(theory) <= reach]
    return np.concatenate([finite, theory])


def view_chart(view: View | None, *, log: bool = False) -> Chart:
    """Return the drawing of a view by its kind; an empty chart where there is none.

    Parameters
    ----------
    view : View or None
    log : bool

    Returns
    -------
    Chart
    """
    if view is None:
        return LineChart(legend=False, frame=False)
    arrays = view.arrays
    empty = np.empty(0)
    if view.kind == "histogram":
        law, theory = arrays.get("law", empty), arrays.get("theory", empty)
        return HistogramChart(arrays["edges"], arrays["real"], arrays["now"], law, theory, log)
    if view.kind == "states":
        values = arrays.get("values", np.arange(arrays["real"].size, dtype=np.float64))
        return BarsChart(values, arrays["real"], arrays["now"], log)
    if view.kind == "scatter":
        none = np.empty((0, 2, 3))
        ellipses = (arrays.get(f"{who}_ellipses", none) for who in ("real", "now"))
        return ScatterChart(arrays["real"], arrays["now"], *ellipses)
    return LineChart(legend=False, frame=False)
