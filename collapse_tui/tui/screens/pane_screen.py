"""What a screen of panes does with its layout and its table of metrics, whatever runs there."""

from functools import partial

from textual import on
from textual.timer import Timer
from typing_extensions import override

from collapse_tui.presentation.captions import log_axis_warning
from collapse_tui.presentation.law_check import explain_check
from collapse_tui.presentation.metric_words import explain_metric
from collapse_tui.presentation.published_values import describe_published_values
from collapse_tui.tui.screens.arrangement import layout_of
from collapse_tui.tui.screens.dialogs import ExplanationDialog
from collapse_tui.tui.screens.live_panes import LivePanes
from collapse_tui.tui.screens.time_screen import TimeScreen
from collapse_tui.tui.widgets.metric_table import MetricTable
from collapse_tui.tui.widgets.panes import Chart, Pane

MOST_PUBLISHED = 3
"""Published values that the explanation of a metric tells at most."""
DIGIT_SECONDS = 0.6
"""Within which the digits of a number follow each other."""


class PaneScreen(TimeScreen):
    """A screen of runs with panes, of which a layout shows some."""

    _waiting: Timer | None = None
    """A layout that is shown unless its key was the first digit of a number."""

    @property
    def panes(self) -> LivePanes:
        """Chart, view, table of metrics and knobs."""
        return self.query_one(LivePanes)

    def action_topic(self, step: int) -> None:
        """Show another metric in the main pane."""
        self.options.rotate_topics(step)
        self.redraw()

    def show_topic(self, topic: str) -> None:
        """Show one metric in the main pane."""
        self.options.lead(topic)
        self.redraw()

    def action_log(self) -> None:
        """Switch the axis of the view if it has the focus, else that of the curves."""
        if self.focused is not None and self.focused.id == "view":
            self.options.log_view = not self.options.log_view
        else:
            self.options.log_axis = not self.options.log_axis
            warning = log_axis_warning(self.scene())
            if warning:
                self.notify(warning, timeout=6)
        self.redraw()

    def action_overlays(self) -> None:
        """Show or hide theory."""
        self.options.theory = not self.options.theory
        self.redraw()

    @on(Chart.Doubled)
    def action_maximise(self) -> None:
        """Show the focused pane alone, or all of the layout again."""
        name = "" if self.panes.maximised else self.panes.name_of(self.focused) or "main"
        self._rearrange(maximised=name)

    def action_restore(self) -> None:
        """Show all panes of the layout again."""
        if self.panes.maximised:
            self._rearrange()

    def action_layout(self, number: int) -> None:
        """Show other panes, unless more digits or g follow: they are a generation then."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        else:
            self._waiting = self.set_timer(DIGIT_SECONDS, partial(self._use_layout, number))

    def _use_layout(self, number: int) -> None:
        self._waiting = None
        if len(self.typed.digits) < 2:
            self.typed.take()
            self._program.choose_layout(number)
            self._rearrange(layout_of(number))
            # the digit was no generation: what was said of it is no longer so
            self.say("")

    @override
    def action_go(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        super().action_go()

    def _rearrange(self, layout: str = "", *, maximised: str = "") -> None:
        self.panes.rearrange(layout, maximised=maximised)
        self._keep_focus()

    @on(LivePanes.Rearranged)
    def _on_rearranged(self) -> None:
        self._keep_focus()
        self.redraw()

    def _keep_focus(self) -> None:
        """Give the focus to the first pane where the one that has it is hidden."""
        bodies = [pane.body for pane in self.panes.query(Pane) if pane.display]
        if bodies and self.focused not in bodies:
            self.set_focus(bodies[0])

    @on(Chart.LeftOut)
    def _on_labels_left_out(self) -> None:
        self.panes.write_edges(self.scene())

    @on(MetricTable.Led)
    def _on_topic_led(self, message: MetricTable.Led) -> None:
        self.options.lead(message.topic)
        self.redraw()

    @on(MetricTable.Added)
    def _on_topic_added(self, message: MetricTable.Added) -> None:
        if not self.options.toggle(message.topic):
            self.notify("the main chart holds three metrics: space takes one out", timeout=4)
        self.redraw()

    @on(MetricTable.Explained)
    def _on_topic_explained(self, message: MetricTable.Explained) -> None:
        words, key = message.row.words, message.row.topic
        published = describe_published_values(self.scene().published_values(key))
        said = [
            *explain_metric(key, words),
            explain_check(message.row.now),
            *published[:MOST_PUBLISHED],
            f"Its key in settings and files is {key}.",
        ]
        self._program.push_screen(ExplanationDialog(words.long, said))
