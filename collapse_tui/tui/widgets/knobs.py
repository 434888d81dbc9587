"""The knobs: settings that can be changed while the run goes on, as sliders in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from collapse_tui.charts.palette import Colour
from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.keys import Action
from collapse_tui.tui.runs.setting_values import show_setting, slider_value
from collapse_tui.tui.widgets.knob_row import HEAD, KnobLayout, arrange_knobs, knob_spans
from collapse_tui.tui.widgets.strips import StripView, make_strip

ROOMY = 3
"""Rows that stay free below the settings where there are empty rows between them."""

KNOB_ACTIONS = (
    Action("focused.turn(-1)", "left", "←", "turn", "Turn the chosen setting down.", 0, "←→"),
    Action("focused.turn(1)", "right", "→", "", "Turn the chosen setting up."),
    Action("focused.choose(-1)", "up", "↑", "choose", "The setting above.", 1, "↑↓"),
    Action("focused.choose(1)", "down", "↓", "", "The setting below."),
    Action("focused.edit", "enter", "enter", "type", "Type a value of the chosen setting.", 1),
)
"""What the keys do while the settings have the focus."""


class KnobList(StripView, can_focus=True):
    """A list of knobs: arrows choose and turn them, Enter types a value, the mouse does both.

    Attributes
    ----------
    columns : KnobLayout
        Where words, sliders and values are.
    """

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding(action.keys, action.name.removeprefix("focused."), action.help, show=False)
        for action in KNOB_ACTIONS
    ]
    HINTS = KNOB_ACTIONS

    class Chosen(Message):
        """Another knob was chosen, or the list has gained or lost the focus."""

    @dataclass
    class Turned(Message):
        """A knob is to be turned up (1) or down (-1)."""

        key: str
        sign: int

    @dataclass
    class Placed(Message):
        """A knob is to be set to the value at which its slider was let go."""

        key: str
        value: object

    @dataclass
    class Edited(Message):
        """A value is to be typed."""

        key: str

    def __init__(self, name: str = "knobs") -> None:
        super().__init__(id=name)
        self._knobs: Sequence[Knob] = ()
        self._values: list[object] = []
        self.columns = KnobLayout(0, 0, 0, long=False)
        self._palette = ""
        self._without = ""
        self._chosen = 0
        self._first = 0
        self._step = 1
        self._dragged: tuple[int, object] | None = None

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
        self._knobs, self._palette, self._without = knobs, palette, without
        self._values = [value_of(knob) for knob in knobs]
        self.columns = arrange_knobs(knobs, self._values, self.size.width)
        self._show()

    def _show(self) -> None:
        count, height = len(self._knobs), max(1, self.size.height)
        self._chosen = max(0, min(self._chosen, count - 1))
        self._step = 2 if 2 * count - 1 + ROOMY <= height else 1
        self._first = max(0, min(self._first, self._chosen, count - height))
        self._first = max(self._first, self._chosen - height + 1)
        blank = Strip([])
        rows: list[Strip] = []
        for index in range(self._first, min(count, self._first + height)):
            rows += [self._row(index), *[blank] * (self._step - 1)]
        about = [] if self._knobs else [self._without]
        if self.has_focus and self.chosen and len(rows) + 1 < height:
            about = [*[""] * (2 - self._step), f" {self.chosen.description}"]
        width = self.size.width
        lines = [line for text in about for line in _wrap(text, width)]
        rows += [make_strip([(line, Colour.TEXT)], self._palette) for line in lines]
        self.show_rows(rows[:height])

    def _row(self, index: int) -> Strip:
        knob, value = self._knobs[index], self._values[index]
        if self._dragged is not None and self._dragged[0] == index:
            value = self._dragged[1]
        chosen = index == self._chosen and self.has_focus
        changed = value != knob.value
        spans = knob_spans(knob, value, self.columns, chosen=chosen, changed=changed)
        return make_strip(spans, self._palette)

    @property
    def hidden(self) -> int:
        """How many of the knobs are not visible."""
        return len(self._knobs) - min(len(self._knobs) - self._first, max(1, self.size.height))

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

    def _place(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """Return the column and the index of the knob below the pointer."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y % self._step:
            return None
        index = offset.y // self._step + self._first
        return (offset.x, index) if index < len(self._knobs) else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the slider below the pointer."""
        place = self._place(event)
        if place is None:
            return
        column, self._chosen = place
        self.post_message(self.Chosen())
        if self.columns.share(column) is not None and not self._has_arrows(self._chosen):
            self._drag(self._chosen, column)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show the value that the slider would be let go at."""
        if self._dragged is not None:
            self._drag(self._dragged[0], event.get_content_offset_capture(self).x)

    def _drag(self, index: int, column: int) -> None:
        layout = self.columns
        inside = max(layout.slider_left, min(layout.slider_left + layout.slider - 1, column))
        share = layout.share(inside)
        knob = self._knobs[index]
        if share is not None:
            self._dragged = index, slider_value(knob, share, self._values[index])
            self._show()

    def on_mouse_up(self) -> None:
        """Set the value at which the slider is let go."""
        self.release_mouse()
        if self._dragged is None:
            return
        index, value = self._dragged
        self._dragged = None
        if value != self._values[index]:
            self.post_message(self.Placed(self._knobs[index].key, value))
        self._show()

    def _has_arrows(self, index: int) -> bool:
        """Return whether a row has choices in place of a slider."""
        value = self._values[index]
        return isinstance(value, bool) or (
            value in self._knobs[index].choices and isinstance(value, str)
        )

    def on_click(self, event: events.Click) -> None:
        """Take the choice that was clicked, or its arrow; ask for a value where a number was."""
        place = self._place(event)
        if place is None:
            return
        column, index = place
        knob = self._knobs[index]
        if self._has_arrows(index):
            self._click_choice(knob, column, self._rows[(index - self._first) * self._step].text)
        elif column >= self.columns.value_left:
            self.post_message(self.Edited(knob.key))

    def _click_choice(self, knob: Knob, column: int, row: str) -> None:
        left, right = row.rfind(" ", 0, column + 1) + 1, row.find(" ", column)
        word = row[left : right if right >= 0 else None]
        if word in ("▸", ">"):
            self.post_message(self.Turned(knob.key, 1))
        elif word in ("◂", "<"):
            self.post_message(self.Turned(knob.key, -1))
        else:
            named = [each for each in knob.choices if show_setting(knob, each) == word]
            if named and column >= HEAD + self.columns.name:
                self.post_message(self.Placed(knob.key, named[0]))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Turn the knob below the pointer up."""
        self._scroll(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Turn the knob below the pointer down."""
        self._scroll(event, -1)

    def _scroll(self, event: events.MouseEvent, sign: int) -> None:
        event.stop()
        place = self._place(event)
        if place is not None:
            self._chosen = place[1]
            self.post_message(self.Turned(self._knobs[place[1]].key, sign))


def _wrap(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many cells; one empty line for an empty text."""
    indent = text[: len(text) - len(text.lstrip())]
    return wrap(text, max(1, width), subsequent_indent=indent) or [""]
