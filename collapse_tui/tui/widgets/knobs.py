"""The knobs: settings that can be changed while the run goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from collapse_tui.charts.palette import Colour
from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.runs.setting_values import format_setting
from collapse_tui.tui.widgets.strips import StripView, make_strip


class KnobList(StripView, can_focus=True):
    """A list of knobs: arrows choose and turn them, Enter types a value, the mouse does both."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding("up", "choose(-1)", "Previous knob", show=False),
        Binding("down", "choose(1)", "Next knob", show=False),
        Binding("left", "turn(-1)", "Turn down", show=False),
        Binding("right", "turn(1)", "Turn up", show=False),
        Binding("enter", "edit", "Type a value", show=False),
    ]

    class Chosen(Message):
        """Another knob was chosen, or the list has gained or lost the focus."""

    @dataclass
    class Turned(Message):
        """A knob is to be turned up (1) or down (-1)."""

        key: str
        sign: int

    @dataclass
    class Edited(Message):
        """A value is to be typed."""

        key: str

    def __init__(self) -> None:
        super().__init__(id="knobs")
        self._knobs: Sequence[Knob] = ()
        self._chosen = 0
        self._first = 0

    def update(
        self,
        knobs: Sequence[Knob],
        value_of: Callable[[Knob], object],
        palette: str,
        *,
        without: str,
    ) -> None:
        """Show the knobs with their present values, or the sentence `without` if there are none.

        Where not all of them fit, the chosen one stays visible.
        """
        self._knobs = knobs
        self._chosen = max(0, min(self._chosen, len(knobs) - 1))
        width, height = self.size.width, max(1, self.size.height)
        self._first = max(0, min(self._first, self._chosen, len(knobs) - height))
        self._first = max(self._first, self._chosen - height + 1)
        rows = [
            self._row(index, value_of(knobs[index]), palette)
            for index in range(self._first, min(len(knobs), self._first + height))
        ]
        about = [] if knobs else [without]
        if self.has_focus and self.chosen and len(knobs) + 2 < height:
            about = ["", self.chosen.description, "↑↓ choose  ←→ turn  enter types"]
        rows += [make_strip([(text[:width], Colour.TEXT)], palette) for text in about]
        self.show_rows(rows)

    def _row(self, index: int, value: object, palette: str) -> Strip:
        width, knob, shown = self.size.width, self._knobs[index], f"◂ {format_setting(value)} ▸"
        name = knob.key[: max(0, width - len(shown) - 1)]
        gap = " " * max(1, width - len(name) - len(shown))
        colour = Colour.ACCENT if index == self._chosen and self.has_focus else Colour.TEXT
        spans = [(name, colour), (gap, Colour.NONE), (shown, Colour.STRONG)]
        return make_strip(spans, palette)

    @property
    def visible_range(self) -> str:
        """Which of the knobs are visible, for the title; empty if all are."""
        last = min(len(self._knobs), self._first + max(1, self.size.height))
        if last - self._first == len(self._knobs):
            return ""
        return f" · {self._first + 1}–{last} of {len(self._knobs)}"

    @property
    def chosen(self) -> Knob | None:
        """The knob that arrows turn."""
        return self._knobs[self._chosen] if self._chosen < len(self._knobs) else None

    def action_choose(self, step: int) -> None:
        """Go to another knob."""
        self._chosen = max(0, min(len(self._knobs) - 1, self._chosen + step))
        self.post_message(self.Chosen())

    def action_turn(self, sign: int) -> None:
        """Turn the chosen knob."""
        if self.chosen:
            self.post_message(self.Turned(self.chosen.key, sign))

    def action_edit(self) -> None:
        """Ask for a value of the chosen knob."""
        if self.chosen:
            self.post_message(self.Edited(self.chosen.key))

    def on_focus(self) -> None:
        """Show which knob is chosen."""
        self.post_message(self.Chosen())

    def on_blur(self) -> None:
        """Show that none is."""
        self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """Turn the knob whose arrow was clicked; ask for a value where its number was."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y + self._first >= len(self._knobs):
            return
        self._chosen = offset.y + self._first
        knob = self._knobs[self._chosen]
        text = self._rows[offset.y].text
        if offset.x == text.rfind("▸"):
            self.post_message(self.Turned(knob.key, 1))
        elif offset.x == text.rfind("◂"):
            self.post_message(self.Turned(knob.key, -1))
        elif offset.x > text.rfind("◂"):
            self.post_message(self.Edited(knob.key))
