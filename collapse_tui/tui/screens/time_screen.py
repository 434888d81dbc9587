"""A screen on which one generation of the runs is looked at: how keys and mouse choose it."""

from textual import on

from collapse_tui.tui.screens.group_screen import GroupScreen
from collapse_tui.tui.widgets.time_bar import TimeBar


class TimeScreen(GroupScreen):
    """A screen of runs that shows one generation, and walks through those that are computed."""

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

    @on(TimeBar.Moved)
    def _on_moved(self, message: TimeBar.Moved) -> None:
        self.show_generation(message.generation)

    @on(TimeBar.Turned)
    def _on_turned(self, message: TimeBar.Turned) -> None:
        self.action_scrub(message.step)
