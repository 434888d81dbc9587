"""A screen on which one generation of the runs is looked at: how keys and mouse choose it."""

from functools import cached_property

from textual import events, on

from collapse_tui.tui.screens.group_screen import GroupScreen
from collapse_tui.tui.screens.typed_number import TypedNumber
from collapse_tui.tui.widgets.density_strip import DensityStrip
from collapse_tui.tui.widgets.time_bar import TimeBar


class TimeScreen(GroupScreen):
    """A screen of runs that shows one generation, and walks through those that are computed."""

    @cached_property
    def typed(self) -> TypedNumber:
        """The number that is being typed."""
        return TypedNumber()

    def show_generation(self, generation: int) -> None:
        """Show one generation; the newest one, or a later one, follows the run."""
        self.options.show(generation, self.runs.snapshot.generation)
        self.redraw()

    def action_scrub(self, step: int) -> None:
        """Walk through the generations that have been computed."""
        snapshot, row = self.runs.snapshot, self.scene().row + step
        last = snapshot.row(snapshot.generation)
        self.show_generation(
            snapshot.generation_of(max(0, row)) if row <= last else snapshot.generation
        )

    def action_first(self) -> None:
        """Show generation 0."""
        self.options.shown = 0
        self.redraw()

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

    @on(DensityStrip.Moved)
    @on(TimeBar.Moved)
    def _on_moved(self, message: DensityStrip.Moved | TimeBar.Moved) -> None:
        self.show_generation(message.generation)

    @on(TimeBar.Turned)
    def _on_turned(self, message: TimeBar.Turned) -> None:
        self.action_scrub(message.step)
