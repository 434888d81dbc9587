"""The time bar: one row from generation 0 to the last one, with all that happens at one of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span, single_width
from collapse_tui.presentation.scene import Scene

DONE, DONE_OUTSIDE, TO_COME = "━", "─", "┄"
"""The computed part, the same outside of the zoom, and what is still to come."""
CHANGED, SCHEDULED, RESUMED, CURSOR = "◆", "◇", "▸", "●"
WINDOW = "[", "]"


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Where generations are on a time bar.

    Attributes
    ----------
    left, width : int
        First cell and number of cells of the bar itself.
    last : int
        The generation at its right end.
    """

    left: int
    width: int
    last: int

    def column(self, generation: float) -> int:
        """Return the cell of a generation."""
        share = min(1.0, max(0.0, generation / self.last))
        return self.left + round(share * (self.width - 1))

    def generation(self, column: int) -> int:
        """Return the generation of a cell; beside the bar, that of its nearer end."""
        share = min(1.0, max(0.0, (column - self.left) / max(1, self.width - 1)))
        return round(share * self.last)


def time_scale(scene: Scene, width: int) -> TimeScale:
    """Return where generations are on a time bar of `width` cells, its numbers included."""
    last = max(1, scene.snapshot.generations)
    return TimeScale(2, max(1, width - 3 - len(f"{last:,}")), last)


def draw_time_bar(scene: Scene, width: int, pointed: int | None = None) -> Canvas:
    """Return the time bar of a scene as one row.

    Parameters
    ----------
    scene : Scene
    width : int
    pointed : int or None
        The generation under the pointer.

    Returns
    -------
    Canvas
    """
    canvas, scale = blank_canvas(width, 1), time_scale(scene, width)
    canvas.write(0, 0, "0", Colour.TEXT)
    canvas.write(0, scale.left + scale.width + 1, f"{scale.last:,}", Colour.TEXT)
    _draw_line(canvas, scene, scale)
    for at, sign, colour in _marks(scene):
        canvas.write(0, scale.column(at), sign, colour)
    if scene.window is not None:
        for at, sign in zip(scene.window, WINDOW, strict=True):
            canvas.write(0, scale.column(at), sign, Colour.ACCENT)
    cursor = scene.generation
    if cursor >= 0:
        canvas.write(0, scale.column(cursor), CURSOR, Colour.STRONG)
    if pointed is not None:
        canvas.write(0, scale.column(pointed), "┃", Colour.ACCENT)
    _write_label(
        canvas, scale, _label(scene, scale, pointed), cursor if pointed is None else pointed
    )
    return canvas


def _draw_line(canvas: Canvas, scene: Scene, scale: TimeScale) -> None:
    done = scale.column(scene.snapshot.generation) if scene.snapshot.generation >= 0 else -1
    low, high = (scale.column(at) for at in scene.x_limits)
    for column in range(scale.left, scale.left + scale.width):
        if column > done:
            canvas.write(0, column, TO_COME, Colour.AXIS)
        elif low <= column <= high:
            canvas.write(0, column, DONE, Colour.SERIES)
        else:
            canvas.write(0, column, DONE_OUTSIDE, Colour.SERIES)


def _marks(scene: Scene) -> Iterator[tuple[int, str, Colour]]:
    """Yield generation, sign and colour of what has happened, later ones on top."""
    snapshot = scene.snapshot
    if snapshot.resumed_at is not None:
        yield snapshot.resumed_at, RESUMED, Colour.TEXT
    for change in snapshot.interventions:
        yield change.at, CHANGED if change.at <= snapshot.generation else SCHEDULED, Colour.MARK
    for run in scene.runs:
        if run.forked_at is not None:
            yield run.forked_at, run.letter, run.colour


def _label(scene: Scene, scale: TimeScale, pointed: int | None) -> list[Span]:
    """Return what is at the pointer, else what has changed at the cursor; empty for nothing."""
    at = scene.generation if pointed is None else pointed
    said = [text for place, text in _sayings(scene) if scale.column(place) == scale.column(at)]
    if pointed is None and not any(place == at for place, _ in _sayings(scene)):
        return []
    head: list[Span] = [] if pointed is None else [(f"{pointed:,}", Colour.STRONG)]
    return [*head, *((f" {text}", Colour.MARK) for text in said)]


def _sayings(scene: Scene) -> Iterator[tuple[int, str]]:
    """Yield generation and words for all that has happened."""
    if scene.snapshot.resumed_at is not None:
        yield scene.snapshot.resumed_at, "resumed"
    for run in scene.runs:
        if run.forked_at is not None:
            yield run.forked_at, f"{run.letter} {run.origin}"
    for change in scene.changes:
        yield change.at, f"gen {change.at:,}: {change.text}"


def _write_label(canvas: Canvas, scale: TimeScale, spans: list[Span], at: int) -> None:
    """Write a label beside a generation: right of it, or left of it where there is no room."""
    text = single_width(" ".join(part.strip() for part, _ in spans))
    if not text:
        return
    column, length = scale.column(at), len(text)
    right = column + 2 + length <= scale.left + scale.width
    start = column + 2 if right else column - 1 - length
    if start < scale.left:
        return
    canvas.write(0, start - 1, f" {text} ", spans[-1][1])
    canvas.background[0, start - 1 : start + length + 1] = Colour.NONE
