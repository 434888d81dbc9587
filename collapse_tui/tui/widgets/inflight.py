"""The line that lives inside a long generation: how far it is, what it does, how long yet."""

import math

from rich.segment import Segment
from textual.strip import Strip

from collapse_tui.charts import Ink
from collapse_tui.charts.text import Piece
from collapse_tui.presentation.eta import format_duration
from collapse_tui.presentation.snapshot import Moment, Snapshot
from collapse_tui.tui.widgets.bars import cut, row, width_of
from collapse_tui.tui.widgets.painted import Painted

LONG = 1.0
"""Seconds from which on a generation is spoken of."""

FRAMES, ASCII_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\"
TURNS = 4
"""Frames a second."""

SHORTEST, LONGEST = 8, 40
"""Cells of the bar."""


def sign(snapshot: Snapshot, moment: Moment, *, ascii_only: bool) -> Piece:
    """Return the sign that turns while the run works, and rests while it does not."""
    if snapshot.held:
        return ("‖", Ink.SERIES)
    if not snapshot.timing.flying:
        return ("·", Ink.AXIS)
    frames = ASCII_FRAMES if ascii_only else FRAMES
    return (frames[int(moment.now * TURNS) % len(frames)], Ink.ACCENT)


def bar(fraction: float, width: int) -> list[Piece]:
    """Return a bar of `width` cells, to half a cell; an empty one for NaN."""
    halves = 0 if math.isnan(fraction) else round(min(1.0, max(0.0, fraction)) * 2 * width)
    full, half = divmod(halves, 2)
    rest = width - full - half
    return [("━" * full + "╸" * half, Ink.SERIES), ("─" * rest, Ink.AXIS)]


def sentence(snapshot: Snapshot, moment: Moment, width: int, *, ascii_only: bool) -> list[Piece]:
    """Return the line for a long generation, exactly `width` cells or fewer.

    Parameters
    ----------
    snapshot : Snapshot
    moment : Moment
    width : int
    ascii_only : bool

    Returns
    -------
    list of (str, Ink)
    """
    timing, estimate = snapshot.timing, moment.estimate
    head = [
        sign(snapshot, moment, ascii_only=ascii_only),
        (f" gen {timing.generation} ", Ink.STRONG),
    ]
    if not timing.flying:
        took = timing.totals[-1] if timing.totals else math.nan
        said = f"took {format_duration(took)}" if math.isfinite(took) else ""
        return cut([*head, (said, Ink.TEXT)], width)
    percent = "" if math.isnan(estimate.fraction) else f" {estimate.fraction:4.0%}"
    left = f" · {format_duration(estimate.left)} left" if math.isfinite(estimate.left) else ""
    tail: list[Piece] = [(f"{format_duration(estimate.elapsed)}{left}", Ink.TEXT)]
    body = [*head, *bar(estimate.fraction, min(LONGEST, max(SHORTEST, width // 4))),
            (f"{percent}  ", Ink.STRONG)]  # fmt: skip
    room = width - width_of(body) - width_of(tail) - 2
    message = cut([(timing.message or "…", Ink.TEXT)], room)
    gap = max(0, room - width_of(message)) + 2
    return cut([*body, *message, (" " * gap, Ink.NONE), *tail], width)


class InFlight(Painted):
    """One row below the header; there only once a generation took long."""

    DEFAULT_CSS = "InFlight { height: 1; dock: top; margin-top: 1; padding: 0 1; display: none; }"

    def say(
        self, snapshot: Snapshot, moment: Moment | None, palette: str, *, ascii_only: bool
    ) -> None:
        """Show where the generation in flight stands; nothing without a moment."""
        shown = moment is not None
        if self.display != shown:
            self.display = shown
        if moment is not None:
            pieces = sentence(snapshot, moment, self.size.width, ascii_only=ascii_only)
            self.show([Strip([Segment("")]) if not pieces else Strip(row(pieces, palette))])
