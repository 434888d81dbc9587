"""What is to be shown of a run, as one immutable value.

The screen makes a scene, and the render thread turns it into charts: neither waits for the
other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from collapse_tui.charts.spec import Line
from collapse_tui.events import Curve
from collapse_tui.presentation.law_lines import law_line
from collapse_tui.presentation.published_values import PublishedValue
from collapse_tui.presentation.shares import typical_statistic
from collapse_tui.presentation.shown_run import SettingChange, ShownRun
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.presentation.view_history import MOST_EARLIER, ViewHistory
from engines.arrays import FloatArray

VARIANCE = ":variance"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One run, or one of several, and what the user has chosen to see of it.

    Attributes
    ----------
    snapshot : Snapshot
        The run that is shown.
    runs : tuple of ShownRun
        All runs on the screen, this one among them; empty where there is only one to show.
    topics : tuple of str
        See `list_topics`.
    leading : str
        The topic in the main pane; the first one if empty.
    added : tuple of str
        Topics that are drawn beside it.
    shown : int or None
        Generation that the user has walked to; None follows the run.
    replicates : int
    log, log_view : bool
        Logarithmic y axis of the curves, and of the view.
    theory : bool
        Laws are drawn.
    letter : str
        Of the run that is shown.
    window : (float, float) or None
        The generations that charts over generations show; None for all.
    pointed : int or None
        The generation under the pointer.
    spanned : (float, float) or None
        The generations that are being chosen with the pointer.
    published : tuple of PublishedValue
        What was published of such a run, of all topics, in the order of their generations.
    """

    snapshot: Snapshot
    runs: tuple[ShownRun, ...] = ()
    topics: tuple[str, ...] = ()
    leading: str = ""
    added: tuple[str, ...] = ()
    shown: int | None = None
    replicates: int = 1
    log: bool = False
    log_view: bool = False
    theory: bool = True
    letter: str = "A"
    window: tuple[float, float] | None = None
    pointed: int | None = None
    spanned: tuple[float, float] | None = None
    published: tuple[PublishedValue, ...] = ()

    @property
    def run(self) -> ShownRun | None:
        """The run that is shown, with its letter; None where there is only one to show."""
        return next((run for run in self.runs if run.letter == self.letter), None)

    @property
    def others(self) -> tuple[ShownRun, ...]:
        """The runs beside the one that is shown."""
        return tuple(run for run in self.runs if run.letter != self.letter)

    @property
    def changes(self) -> tuple[SettingChange, ...]:
        """What was changed in the run that is shown, in words."""
        return self.run.changes if self.run else ()

    @property
    def x_limits(self) -> tuple[float, float]:
        """The first and the last generation of every chart over generations."""
        return self.window or (0.0, float(max(1, self.snapshot.generations)))

    @property
    def topic(self) -> str:
        """What the main pane shows, empty before anything is known."""
        return self.leading or (self.topics[0] if self.topics else "")

    @property
    def generation(self) -> int:
        """The generation to show; -1 before the first record."""
        last = self.snapshot.generation
        return last if self.shown is None or last < 0 else self.snapshot.generation_of(self.row)

    @property
    def row(self) -> int:
        """The row of the snapshot that is shown; -1 before the first record."""
        snapshot = self.snapshot
        return snapshot.row(snapshot.generation if self.shown is None else self.shown)

    def view_history(self) -> ViewHistory | None:
        """Return the view of the generation shown, and those before it."""
        snapshot, row, at = self.snapshot, self.row, self.generation
        view = snapshot.view(at)
        sparse = range(0, row, max(1, row // (4 * MOST_EARLIER)))
        shown = ((snapshot.generation_of(n), snapshot.views[n]) for n in sparse)
        past = [(n, one) for n, one in shown if one is not None]
        laws = self.law_lines
        return ViewHistory(view, at, past, self.log_view, laws) if view is not None else None

    def curves(self, topic: str) -> tuple[Curve, ...]:
        """Return the laws that are drawn with a topic: those for the statistic that it shows."""
        if not self.theory:
            return ()
        metric, of_variance = split_topic(topic)
        return tuple(
            curve
            for curve in self.snapshot.curves
            if curve.metric == metric and (curve.statistic == "variance") == of_variance
        )

    def law_lines(self, topic: str) -> tuple[Line, ...]:
        """Return the laws of a topic by generation."""
        return tuple(law_line(curve, self.snapshot) for curve in self.curves(topic))

    def published_values(self, topic: str) -> tuple[PublishedValue, ...]:
        """Return what was published of a topic."""
        metric, of_variance = split_topic(topic)
        return tuple(
            value
            for value in self.published
            if value.metric == metric and value.of_variance == of_variance
        )


def list_topics(
    metrics: Sequence[str], curves: Sequence[Curve], replicates: int
) -> tuple[str, ...]:
    """Return the topics of the main pane: metrics, and variances for which there is a law.

    Parameters
    ----------
    metrics : sequence of str
    curves : sequence of Curve
    replicates : int
        A single one has no variance across replicates.

    Returns
    -------
    tuple of str
        Names of metrics; with ``:variance`` appended, its variance across replicates.
    """
    if replicates < 2:
        return tuple(metrics)
    spread = {curve.metric for curve in curves if curve.statistic == "variance"}
    return (*metrics, *(f"{name}{VARIANCE}" for name in metrics if name in spread))


def split_topic(topic: str) -> tuple[str, bool]:
    """Return the metric of a topic, and whether its variance across replicates is meant."""
    return topic.removesuffix(VARIANCE), topic.endswith(VARIANCE)


def typical_values(snapshot: Snapshot, topic: str) -> FloatArray:
    """Return the medians or shares of a topic by generation, or its variances."""
    metric, of_variance = split_topic(topic)
    return snapshot.column(metric, "var" if of_variance else typical_statistic(metric))
