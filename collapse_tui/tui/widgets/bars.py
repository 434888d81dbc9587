"""Header, lower edges of panes and key hints: single rows of text."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.tui.keys import Action
from collapse_tui.tui.widgets.strips import StripView, make_strip, text_style, to_segments

GAP = 2
"""Cells between two hints."""

PASSAGE = 60
"""Cells from which on a clause counts as a passage of text."""

JOINTS = (" · ", ": ", " (", " alive")
"""How a clause begins that can be left out."""


def cell_width(spans: Sequence[Span]) -> int:
    """Return how many cells spans take."""
    return sum(cell_len(text) for text, _ in spans)


def truncate(spans: Sequence[Span], width: int) -> list[Span]:
    """Return spans cut to `width` cells, ending in … if something is missing."""
    if cell_width(spans) <= width:
        return list(spans)
    kept: list[Span] = []
    room = max(0, width - 1)
    for text, colour in spans:
        part = text[:room]
        kept.append((part, colour))
        room -= cell_len(part)
        if room <= 0:
            break
    return [*kept, ("…", Colour.TEXT)] if width > 0 else []


def drop_clauses(spans: Sequence[Span], width: int) -> list[Span]:
    """Return spans without the last clauses, as many as it takes to fit into `width` cells.

    A passage of text is cut in the middle instead: what fits of it can still be read.
    """
    kept = list(spans)
    while cell_width(kept) > width:
        joints = [index for index, (text, _) in enumerate(kept) if text.startswith(JOINTS)]
        if not joints or joints[-1] == 0 or cell_width(kept[joints[-1] :]) > PASSAGE:
            break
        kept = kept[: joints[-1]]
    return truncate(kept, width)


class HeaderBar(StripView):
    """One row: what runs on the left, its progress on the right."""

    DEFAULT_CSS = "HeaderBar { height: 1; padding: 0 1; }"

    def update(self, left: Sequence[Span], right: Sequence[Span], palette: str) -> None:
        """Show both halves; the left one is cut where they do not fit."""
        width = self.size.width
        right = truncate(right, width)
        left = truncate(left, width - cell_width(right) - 2)
        gap = max(0, width - cell_width(left) - cell_width(right))
        self.show_rows([make_strip([*left, (" " * gap, Colour.NONE), *right], palette)])


class PaneEdge(StripView):
    """The lower border of a pane, with text set into it."""

    DEFAULT_CSS = "PaneEdge { height: 1; color: $foreground 25%; }"

    def update(self, spans: Sequence[Span], palette: str) -> None:
        """Show `spans` inside the border."""
        width = self.size.width
        kept = drop_clauses(spans, width - 6)
        inner = [Segment(" "), *to_segments(kept, palette), Segment(" ")] if kept else []
        used = cell_width(kept) + 2 if kept else 0
        rest = Segment("─" * max(0, width - 3 - used) + "╯")
        self.show_rows([Strip([Segment("╰─"), *inner, rest])])


class KeyHints(StripView):
    """Keys and what they do, as many as fit; each can be clicked.

    Parameters
    ----------
    actions : sequence of Action, or callable
        A callable is asked each time: what keys do depends on what is going on.
    """

    DEFAULT_CSS = "KeyHints { height: 1; padding: 0 1; }"

    def __init__(self, actions: Sequence[Action] | Callable[[], Sequence[Action]]) -> None:
        super().__init__()
        self._listed: Callable[[], Sequence[Action]] = (
            actions if callable(actions) else lambda: actions
        )
        self._spans: list[tuple[int, int, str]] = []

    def show_actions(self, actions: Sequence[Action], palette: str) -> None:
        """Show the hints of other actions: what the keys do has changed."""
        self._listed = lambda: actions
        self.update(palette)

    def update(self, palette: str, focused: Sequence[Action] = ()) -> None:
        """Show the hints that fit.

        Parameters
        ----------
        palette : str
        focused : sequence of Action
            What the widget with the focus does at its keys, in place of the screen.
        """
        taken = {key for action in focused for key in action.keys.split(",")}
        others = (each for each in self._listed() if taken.isdisjoint(each.keys.split(",")))
        actions = (*focused, *others)
        room = self.size.width
        kept: set[str] = set()
        hinted = [action for action in actions if action.hint]
        for action in sorted(hinted, key=lambda action: action.rank):
            room -= cell_len(action.hint_keys) + cell_len(action.hint) + GAP + 1
            if room + GAP >= 0:
                kept.add(action.name)
        segments: list[Segment] = []
        self._spans = []
        column = 0
        for action in actions:
            if action.name not in kept:
                continue
            keys = action.hint_keys
            end = column + cell_len(keys) + cell_len(action.hint) + 1
            self._spans.append((column, end, action.name))
            key = text_style(palette, Colour.ACCENT) + Style(bold=True)
            hint = Segment(f" {action.hint}  ", text_style(palette, Colour.TEXT))
            segments += [Segment(keys, key), hint]
            column = end + GAP
        self.show_rows([Strip(segments)])

    async def on_click(self, event: events.Click) -> None:
        """Perform the action of the hint under the pointer."""
        column = event.get_content_offset(self)
        for start, end, action in self._spans:
            if column is not None and start <= column.x < end:
                await self.screen.run_action(action)
