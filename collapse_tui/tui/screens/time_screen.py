"""A screen on which one generation of the runs is looked at: how keys and mouse choose it."""

from functools import cached_property

from textual import events, on

from collapse_tui.presentation.zoom import Window, move_window, select_span, zoom_in, zoom_out
from collapse_tui.tui.screens.group_screen import GroupScreen
from collapse_tui.tui.screens.live_panes import OVER_TIME
from collapse_tui.tui.screens.typed_number import TypedNumber
from collapse_tui.tui.throttle import Throttle
from collapse_tui.tui.widgets.density_strip import DensityStrip
from collapse_tui.tui.widgets.panes import Chart
from collapse_tui.tui.widgets.time_bar import TimeBar

MOST_READINGS = 20
"""A second, at most, of the values under the pointer."""

PAN = 0.5
"""Share of a window by which it moves."""


class TimeScreen(GroupScreen):
    """A screen of runs that shows one generation, or a part of the run around it."""

    @cached_property
    def _pointer(self) -> Throttle[int | None]:
        """Reads the values at the pointer, not at each of its moves."""
        return Throttle[int | None](self, 1 / MOST_READINGS, self._point_at)

    def read_out(self) -> None:
        """Show the values at the generation under the pointer, or no more."""
        raise NotImplementedError

    @cached_property
    def typed(self) -> TypedNumber:
        """The number that is being typed."""
        return TypedNumber()

    def show_generation(self, generation: int) -> None:
        """Show one generation; the newest one, or a later one, follows the run."""
        self.options.show(generation, self.runs.snapshot)
        self.answer()

    def action_scrub(self, step: int) -> None:
        """Walk through the generations that have been computed."""
        snapshot, row = self.runs.snapshot, self.scene().row + step
        last = snapshot.row(snapshot.generation)
        self.show_generation(
            snapshot.generation_of(max(0, row)) if row <= last else snapshot.generation
        )

    def action_first(self) -> None:
        """Show generation 0."""
        self.show_generation(0)

    def action_live(self) -> None:
        """Follow the run."""
        self.show_generation(self.runs.snapshot.generation)

    @on(events.Key)
    def _on_typed(self, event: events.Key) -> None:
        """Collect the digits of a generation; any key but the one that goes there forgets them."""
        digit = event.character or ""
        if digit.isdecimal() and digit.isascii():
            self.say(f"{self.typed.add(digit)} · g shows this generation")
            return
        bound = self.active_bindings.get(event.key)
        if bound is None or bound.binding.action != "go":
            self.typed.take()

    def action_go(self) -> None:
        """Show the generation whose number was typed."""
        number, last = self.typed.take(), self.runs.snapshot.generation
        if number is None:
            self.say("type a number first: 42g shows generation 42")
            return
        self.show_generation(number)
        self.say(f"generation {min(number, last)}" + (", the newest" if number >= last else ""))

    def action_zoom(self, sign: int) -> None:
        """Show half as many generations around the one shown (1), or twice as many (-1)."""
        self._zoom(sign, max(0, self.scene().generation))

    def _zoom(self, sign: int, at: float) -> None:
        change = zoom_in if sign > 0 else zoom_out
        self._show_window(change(self.options.window, at, self.runs.snapshot.generations))

    def action_pan(self, sign: int) -> None:
        """Show the generations before (-1) or after (1) those shown."""
        if self.options.window is None:
            self.say("all generations are shown: z shows fewer")
            return
        last = self.runs.snapshot.generations
        self._show_window(move_window(self.options.window, PAN * sign, last))

    def _show_window(self, window: Window | None) -> None:
        self.options.show_window(window, self.runs.snapshot.generation)
        self.redraw()

    def _point_at(self, generation: int | None) -> None:
        if generation != self.options.pointed:
            self.options.pointed = generation
            self.read_out()

    def generation_at(self, chart: Chart, column: int) -> int | None:
        """Return the generation at a column of a chart over generations, None beside its axis."""
        value = chart.value_at(column) if chart.id in OVER_TIME else None
        return None if value is None else round(value)

    @on(Chart.Hovered)
    def _on_chart_hovered(self, message: Chart.Hovered) -> None:
        column = message.column
        at = None if column is None else self.generation_at(message.chart, column)
        self._pointer.offer(at)

    @on(TimeBar.Hovered)
    def _on_bar_hovered(self, message: TimeBar.Hovered) -> None:
        self._pointer.offer(message.generation)

    @on(Chart.Dragged)
    def _on_dragged(self, message: Chart.Dragged) -> None:
        canvas = message.chart.canvas
        # a drag over the strip shows generations on its way
        if message.chart.id != "main" or canvas is None or canvas.area is None:
            return
        start, end = canvas.area.value(message.start), canvas.area.value(message.end)
        span = select_span(start, end, self.runs.snapshot.generations)
        if not message.done:
            self.options.spanned = span
            self.read_out()
            return
        self.options.spanned = None
        self._show_window(span)

    def turn_wheel(self, message: Chart.Pointed) -> None:
        """Walk; with ctrl, or below the axis, zoom at the generation under the pointer."""
        chart = message.chart
        area = chart.canvas.area if chart.canvas is not None else None
        at = self.generation_at(chart, message.column)
        below = area is not None and message.row >= area.top + area.height
        if at is not None and (message.ctrl or below):
            self._zoom(-message.wheel, at)
        else:
            self.action_scrub(message.wheel)

    @on(DensityStrip.Moved)
    @on(TimeBar.Moved)
    def _on_moved(self, message: DensityStrip.Moved | TimeBar.Moved) -> None:
        self.show_generation(message.generation)

    @on(TimeBar.Turned)
    def _on_turned(self, message: TimeBar.Turned) -> None:
        if message.ctrl:
            self._zoom(-message.step, message.generation)
        else:
            self.action_scrub(message.step)
