"""The time bar: one row from generation 0 to the last one, with all that happens at one of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import single_width
from collapse_tui.presentation.scene import Scene

DONE, DONE_OUTSIDE, TO_COME = "━", "─", "┄"
"""The computed part, the same outside of the zoom, and what is still to come."""
CHANGED, SCHEDULED, RESUMED, CURSOR, POINTER = "◆", "◇", "▸", "●", "┃"
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


def draw_time_bar(scene: Scene, width: int) -> Canvas:
    """Return the time bar of a scene as one row.

    Parameters
    ----------
    scene : Scene
    width : int

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
    cursor, pointed = scene.generation, scene.pointed
    if cursor >= 0:
        canvas.write(0, scale.column(cursor), CURSOR, Colour.STRONG)
    if pointed is not None:
        canvas.write(0, scale.column(pointed), POINTER, Colour.ACCENT)
    _write_label(canvas, scale, *_label(scene, scale))
    return canvas


def _draw_line(canvas: Canvas, scene: Scene, scale: TimeScale) -> None:
    chars, colours = canvas.chars[0], canvas.foreground[0]
    end, newest = scale.left + scale.width, scene.snapshot.generation
    done = scale.column(newest) + 1 if newest >= 0 else scale.left
    low, high = (scale.column(at) for at in scene.x_limits)
    chars[scale.left : done], colours[scale.left : done] = DONE_OUTSIDE, Colour.SERIES
    chars[low : min(high + 1, done)] = DONE
    chars[done:end], colours[done:end] = TO_COME, Colour.AXIS


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


def _label(scene: Scene, scale: TimeScale) -> tuple[int, str, Colour]:
    """Return a generation and what is to be said of it; no words for nothing."""
    pointed, cursor = scene.pointed, scene.generation
    if pointed is None:
        said = [text for place, text in _sayings(scene) if place == cursor]
        return cursor, ", ".join(said), Colour.MARK
    # a cell stands for many generations: the pointer asks for all that has happened in it
    here = scale.column(pointed)
    said = [text for place, text in _sayings(scene) if scale.column(place) == here]
    return (
        (pointed, ", ".join(said), Colour.MARK)
        if said
        else (pointed, f"{pointed:,}", Colour.ACCENT)
    )


def _sayings(scene: Scene) -> Iterator[tuple[int, str]]:
    """Yield generation and words for all that has happened."""
    at = scene.snapshot.resumed_at
    if at is not None:
        yield at, f"resumed at {at:,}"
    for run in scene.runs:
        if run.forked_at is not None:
            yield run.forked_at, f"{run.letter} {run.origin}"
    for change in scene.changes:
        yield change.at, f"gen {change.at:,}: {change.text}"


def _write_label(canvas: Canvas, scale: TimeScale, at: int, text: str, colour: Colour) -> None:
    """Write a text beside a generation: right of it, or on the other side where that is wider."""
    if not text:
        return
    column, label = scale.column(at), single_width(text)
    right, left = scale.left + scale.width - column - 2, column - scale.left - 2
    if len(label) <= right or right >= left:
        canvas.write(0, column + 1, f" {_cut(label, right - 1)} ", colour)
    else:
        label = _cut(label, left)
        canvas.write(0, column - len(label) - 2, f" {label} ", colour)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}…"
