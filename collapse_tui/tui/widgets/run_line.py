"""The line that says which runs are on the screen: letter, origin, and what differs."""

from dataclasses import dataclass

from textual import events
from textual.message import Message

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.shown_run import ShownRun
from collapse_tui.tui.widgets.bars import cell_width, truncate
from collapse_tui.tui.widgets.strips import StripView, make_strip

GAP = 3
"""Cells between two runs."""

BRIEFEST = 3
"""Then only letters are left."""


def run_spans(run: ShownRun, *, shown: bool, brief: int) -> list[Span]:
    """Return what is said of one run; the higher `brief`, from 0 to `BRIEFEST`, the less."""
    colour = Colour.STRONG if shown else Colour.TEXT
    origins = (run.origin, "" if run.forked_at is None else f"at {run.forked_at:,}", "", "")
    difference = run.difference or ("same settings" if brief == 0 else "")
    words = (origins[brief], ("━" if shown else "─") * 2, difference if brief < BRIEFEST else "")
    parts = zip(words, (colour, run.colour, colour), strict=True)
    return [(run.letter, run.colour), *((f" {word}", paint) for word, paint in parts if word)]


def runs_spans(scene: Scene, width: int) -> list[list[Span]]:
    """Return what is said of each run, as much as fits into `width` cells."""
    parts: list[list[Span]] = []
    for brief in range(BRIEFEST + 1):
        parts = [
            run_spans(run, shown=run.letter == scene.letter, brief=brief) for run in scene.runs
        ]
        if sum(cell_width(part) + GAP for part in parts) - GAP <= width:
            break
    return parts


class RunLine(StripView):
    """One row, displayed from two runs on; a click on a run shows it."""

    DEFAULT_CSS = "RunLine { height: 1; padding: 0 1; display: none; }"

    @dataclass
    class Selected(Message):
        """A run is to be shown."""

        letter: str

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[int, int, str]] = []

    def update(self, scene: Scene, palette: str) -> None:
        """Show the runs of a scene."""
        self.display = len(scene.runs) > 1
        if not self.display:
            return
        width = self.size.width
        spans: list[Span] = []
        places: list[tuple[int, int, str]] = []
        for run, part in zip(scene.runs, runs_spans(scene, width), strict=True):
            start = cell_width(spans)
            spans += [*part, (" " * GAP, Colour.NONE)]
            places.append((start, start + cell_width(part), run.letter))
        self._places = places
        self.show_rows([make_strip(truncate(spans[:-1], width), palette)])

    def on_click(self, event: events.Click) -> None:
        """Show the run under the pointer."""
        offset = event.get_content_offset(self)
        for start, end, letter in self._places:
            if offset is not None and start <= offset.x < end:
                self.post_message(self.Selected(letter))
