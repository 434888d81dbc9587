"""What the user has chosen to see on the live screen."""

from dataclasses import dataclass

from collapse_tui.presentation.scene import Scene, list_topics
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.presentation.zoom import Window, follow, include
from collapse_tui.tui.runs.group import RunGroup

MOST_ADDED = 2
"""Topics that are drawn beside the leading one at most."""


@dataclass
class SceneOptions:
    """The choices that turn the runs of a screen into a scene.

    Attributes
    ----------
    topics : tuple of str
        All of the run.
    leading : str
        The one in the main pane.
    added : tuple of str
        Those that are drawn beside it.
    shown : int or None
        Generation that is shown; None follows the run.
    log_axis, log_view : bool
        Logarithmic y axis of the curves, and of the view.
    theory : bool
        Laws are drawn.
    window : (float, float) or None
        The generations that charts over generations show; None for all.
    follows : bool
        The window moves along with the newest generation.
    pointed : int or None
        The generation under the pointer.
    spanned : (float, float) or None
        The generations that are being chosen with the pointer.
    """

    topics: tuple[str, ...] = ()
    leading: str = ""
    added: tuple[str, ...] = ()
    shown: int | None = None
    log_axis: bool = False
    log_view: bool = False
    theory: bool = True
    window: Window | None = None
    follows: bool = False
    pointed: int | None = None
    spanned: Window | None = None

    def scene(self, runs: RunGroup) -> Scene:
        """Return what is to be shown of the runs now; new topics are added to the others."""
        selected, shown = runs.selected, runs.describe_runs()
        run = selected.run
        snapshot = next(one.snapshot for one in shown if one.letter == selected.letter)
        names = list_topics(run.metrics, snapshot.curves, run.replicates) if run else ()
        self.topics = names or self.topics
        if self.leading not in self.topics:
            self.leading = self.topics[0] if self.topics else ""
        self.added = tuple(name for name in self.added if name in self.topics)
        if self.follows and self.shown is None:
            self.window = follow(self.window, snapshot.generation, snapshot.generations)
        return Scene(
            snapshot, shown, self.topics, self.leading, self.added, self.shown,
            run.replicates if run else 1, self.log_axis, self.log_view, self.theory,
            selected.letter, self.window, self.pointed, self.spanned,
            run.published if run else (),
        )  # fmt: skip

    def show(self, generation: int, snapshot: Snapshot) -> None:
        """Show a generation of a run; from the newest one on follow the run."""
        newest = snapshot.generation
        self.shown = max(0, generation) if generation < newest else None
        at = max(0, min(generation, newest))
        self.window = include(self.window, at, snapshot.generations)
        self.follows |= self.shown is None

    def show_window(self, window: Window | None, newest: int) -> None:
        """Show a part of the run; it moves along if the newest generation is in it."""
        self.window = window
        self.follows = window is not None and window[0] <= newest <= window[1]

    def show_at_most(self, last: int) -> None:
        """Stay at the generation shown, if the run that is shown now has it; else follow."""
        if self.shown is not None and self.shown >= last:
            self.shown = None

    def rotate_topics(self, step: int) -> None:
        """Put the topic that is `step` further in the list into the main pane."""
        if self.topics:
            place = self.topics.index(self.leading) if self.leading in self.topics else 0
            self.lead(self.topics[(place + step) % len(self.topics)])

    def lead(self, topic: str) -> None:
        """Put a topic into the main pane, alone."""
        self.leading, self.added = topic, ()

    def toggle(self, topic: str) -> bool:
        """Draw a topic beside the leading one, or no longer; return whether there is room."""
        if topic in self.added:
            self.added = tuple(name for name in self.added if name != topic)
        elif topic != self.leading:
            if len(self.added) >= MOST_ADDED:
                return False
            self.added = (*self.added, topic)
        return True
