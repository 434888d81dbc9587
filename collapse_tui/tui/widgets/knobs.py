"""The knobs: settings that can be turned while the run goes on."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.binding import Binding
from textual.message import Message

from collapse_tui.charts import Colour
from collapse_tui.number_format import format_number
from collapse_tui.tui.runs.descriptions import Knob
from collapse_tui.tui.widgets.strips import Painted, strip

if TYPE_CHECKING:
    from textual.strip import Strip

TINY = 1e-12
"""Two values closer than this, relatively, are the same."""

SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Where a share stops on its way from 0 to 1."""


def turned(knob: Knob, value: object, sign: int) -> object | None:
    """Return the next value of a knob, or None at its end or if it cannot be stepped.

    Parameters
    ----------
    knob : Knob
    value : object
        The present one.
    sign : int
        1 up, -1 down.

    Returns
    -------
    object or None
    """
    if isinstance(value, bool):
        return not value
    if not isinstance(value, (int, float)):
        return None
    if knob.low == 0 and knob.high == 1:
        further = [share for share in SHARES if (share - value) * sign > TINY]
        return (further[0] if sign > 0 else further[-1]) if further else None
    ladder = [digit * 10.0**power for power in range(-6, 10) for digit in (1, 2, 5)]
    further = [rung for rung in ladder if (rung - value) * sign > TINY * abs(value)]
    if not further:
        return None
    rung = further[0] if sign > 0 else further[-1]
    if (knob.low is not None and rung < knob.low) or (knob.high is not None and rung > knob.high):
        return None
    return round(rung) if isinstance(value, int) else rung


def written(value: object) -> str:
    """Return a setting as the reader would type it."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (int, float)):
        return str(value)
    return str(value) if isinstance(value, int) else format_number(value, 4)


class Knobs(Painted, can_focus=True):
    """A list of knobs; arrows choose and turn, Enter types a value, the mouse does both."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding("up", "choose(-1)", "Previous knob", show=False),
        Binding("down", "choose(1)", "Next knob", show=False),
        Binding("left", "turn(-1)", "Turn down", show=False),
        Binding("right", "turn(1)", "Turn up", show=False),
        Binding("enter", "edit", "Type a value", show=False),
    ]

    class Turned(Message):
        """A knob is to be turned up (1) or down (-1)."""

        def __init__(self, key: str, sign: int) -> None:
            super().__init__()
            self.key = key
            self.sign = sign

    class Edited(Message):
        """A value is to be typed."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__(id="knobs")
        self._knobs: Sequence[Knob] = ()
        self._chosen = 0
        self._first = 0

    def say(
        self,
        knobs: Sequence[Knob],
        value_of: Callable[[Knob], object],
        palette: str,
        *,
        without: str = "nothing to turn here",
    ) -> None:
        """Show the knobs with their present values, or `without` where there are none.

        Where there is no room for all of them the chosen one is kept in sight.
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
        if self.has_focus and self.chosen and len(knobs) + 2 < height:
            about = [self.chosen.description, "↑↓ choose  ←→ turn  enter types"]
            rows += [
                strip([(text[:width], Colour.TEXT, Colour.NONE)], palette) for text in ("", *about)
            ]
        if not knobs:
            rows.append(strip([(without[:width], Colour.TEXT, Colour.NONE)], palette))
        self.show(rows)

    def _row(self, index: int, value: object, palette: str) -> "Strip":
        width, knob, shown = self.size.width, self._knobs[index], f"◂ {written(value)} ▸"
        name = knob.key[: max(0, width - len(shown) - 1)]
        gap = " " * max(1, width - len(name) - len(shown))
        colour = Colour.ACCENT if index == self._chosen and self.has_focus else Colour.TEXT
        return strip([(name, colour, Colour.NONE), (gap, Colour.NONE, Colour.NONE),
                      (shown, Colour.STRONG, Colour.NONE)], palette)  # fmt: skip

    @property
    def seen(self) -> str:
        """Which of them there is room for, where that is not all: for the title."""
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
        self.post_message(self.Turned("", 0))

    def action_turn(self, sign: int) -> None:
        """Turn the chosen knob."""
        if self.chosen:
            self.post_message(self.Turned(self.chosen.key, sign))

    def action_edit(self) -> None:
        """Type a value for the chosen knob."""
        if self.chosen:
            self.post_message(self.Edited(self.chosen.key))

    def on_focus(self) -> None:
        """Show which knob is chosen."""
        self.post_message(self.Turned("", 0))

    def on_blur(self) -> None:
        """Show that none is."""
        self.post_message(self.Turned("", 0))

    def on_click(self, event: events.Click) -> None:
        """Turn the knob whose arrow was clicked; type a value when it was its number."""
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
