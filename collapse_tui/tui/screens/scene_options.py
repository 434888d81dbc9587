"""What the user has chosen to see on the live screen."""

from dataclasses import dataclass

from collapse_tui.presentation.scene import Scene, list_topics
from collapse_tui.tui.runs.group import RunGroup


@dataclass
class SceneOptions:
    """The choices that turn the runs of a screen into a scene.

    Attributes
    ----------
    topics : tuple of str
        The one in the main pane first.
    shown : int or None
        Generation that is shown; None follows the run.
    log_axis, log_view : bool
        Logarithmic y axis of the curves, and of the view.
    theory : bool
        Laws are drawn.
    """

    topics: tuple[str, ...] = ()
    shown: int | None = None
    log_axis: bool = False
    log_view: bool = False
    theory: bool = True

    def scene(self, runs: RunGroup) -> Scene:
        """Return what is to be shown of the runs now; new topics are added to the others."""
        selected, shown = runs.selected, runs.describe_runs()
        run = selected.run
        snapshot = next(one.snapshot for one in shown if one.letter == selected.letter)
        names = list_topics(run.metrics, snapshot.curves, run.replicates) if run else ()
        if set(names) != set(self.topics):
            kept = [name for name in self.topics if name in names]
            self.topics = (*kept, *(name for name in names if name not in kept))
        return Scene(
            snapshot, shown, self.topics, self.shown, run.replicates if run else 1,
            self.log_axis, self.log_view, self.theory, selected.letter,
        )  # fmt: skip

    def show(self, generation: int, last: int) -> None:
        """Show a generation; from `last`, the newest one, on follow the run."""
        self.shown = max(0, generation) if generation < last else None

    def show_at_most(self, last: int) -> None:
        """Stay at the generation shown, if the run that is shown now has it; else follow."""
        if self.shown is not None and self.shown >= last:
            self.shown = None

    def rotate_topics(self, step: int) -> None:
        """Put the topic that is `step` further in the list into the main pane."""
        if self.topics:
            step %= len(self.topics)
            self.topics = self.topics[step:] + self.topics[:step]
