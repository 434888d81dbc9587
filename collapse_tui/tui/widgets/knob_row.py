"""One setting as a row of text: its words, a slider or its choices, and its value."""

from collections.abc import Sequence
from dataclasses import dataclass

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.runs.setting_values import show_setting, slider_share

LEAST, LONGEST = 3, 24
"""Cells of a slider between its ends."""

LEAST_VALUE = 7
"""Cells that are kept for a value, so that a slider does not move while it is turned."""

LEAST_NAME = 8
"""Cells of the words beside a slider; where there is less room there is no slider."""

HEAD = 3
"""Cells of the mark, the symbol and the gap behind it."""


@dataclass(frozen=True, slots=True)
class KnobLayout:
    """The columns of a list of settings.

    Attributes
    ----------
    name : int
        Cells of the words, which follow mark and symbol.
    slider : int
        Cells of a slider between its ends; 0 for none.
    value : int
        Cells of the value.
    long : bool
        Whether the long names fit.
    """

    name: int
    slider: int
    value: int
    long: bool

    @property
    def slider_left(self) -> int:
        """The column of the first cell between the ends of a slider."""
        return HEAD + self.name + 2

    @property
    def value_left(self) -> int:
        """The first column that is no longer the slider's."""
        return HEAD + self.name + (self.slider + 3 if self.slider else 0)

    @property
    def choices(self) -> int:
        """Cells for the choices of an enumeration, which take the place of slider and value."""
        return self.value + (self.slider + 3 if self.slider else 0)

    def share(self, column: int) -> float | None:
        """Return how far along a slider a column is, 0 to 1; None outside of it."""
        at = column - self.slider_left
        if not self.slider or not -1 <= at <= self.slider:
            return None
        return min(1.0, max(0.0, at / (self.slider - 1)))


def arrange_knobs(knobs: Sequence[Knob], values: Sequence[object], width: int) -> KnobLayout:
    """Return the columns in which settings fit into `width` cells."""
    shown = [show_setting(knob, value) for knob, value in zip(knobs, values, strict=True)]
    numbers = [
        len(text)
        for text, knob, value in zip(shown, knobs, values, strict=True)
        if not _is_choice(knob, value)
    ]
    value = max([LEAST_VALUE, *numbers])
    for long in (True, False):
        name = max((len(knob.long if long else knob.short) for knob in knobs), default=0)
        slider = width - HEAD - name - value - 4
        if slider >= (2 * LEAST if long else LEAST):
            return KnobLayout(name, min(slider, LONGEST), value, long)
    room = width - HEAD - value
    if room - LEAST - 4 >= LEAST_NAME:
        return KnobLayout(room - LEAST - 4, LEAST, value, long=False)
    return KnobLayout(max(0, min(name, room - 1)), 0, value, long=False)


def _is_choice(knob: Knob, value: object) -> bool:
    return value in knob.choices and (isinstance(value, bool) or not isinstance(value, int | float))


def knob_spans(
    knob: Knob, value: object, layout: KnobLayout, *, chosen: bool, changed: bool
) -> list[Span]:
    """Return the row of a setting.

    Parameters
    ----------
    knob : Knob
    value : object
        The present one, or that at which the mouse points.
    layout : KnobLayout
    chosen : bool
        Arrow keys turn it.
    changed : bool
        It is no longer what it was at the start.
    """
    name = knob.long if layout.long else knob.short
    if len(name) > layout.name:
        name = f"{name[: max(0, layout.name - 1)]}…"
    words = Colour.ACCENT if chosen else Colour.TEXT
    head: list[Span] = [
        ("▸" if chosen else " ", Colour.ACCENT),
        (f"{knob.symbol[:1] or ' '} ", Colour.ACCENT if chosen else Colour.STRONG),
        (name.ljust(layout.name), words),
    ]
    strong = Colour.MARK if changed else Colour.STRONG
    if _is_choice(knob, value):
        return [*head, *_choices(knob, value, layout.choices, strong)]
    text = show_setting(knob, value).rjust(layout.value)
    if not layout.slider:
        return [*head, (" ", Colour.NONE), (text, strong)]
    return [*head, *_slider(slider_share(knob, value), layout.slider), (text, strong)]


def _slider(share: float | None, length: int) -> list[Span]:
    if share is None:
        return [(" " * (length + 3), Colour.NONE)]
    halves = round(share * 2 * length)
    full, half = divmod(halves, 2)
    # lines, not blocks: those of neighbouring rows would be one area
    filled = "━" * full + "╸" * half
    return [
        (" ▕", Colour.AXIS),
        (filled, Colour.SERIES),
        ("┄" * (length - len(filled)), Colour.AXIS),
        ("▏", Colour.AXIS),
    ]


def _choices(knob: Knob, value: object, room: int, strong: Colour) -> list[Span]:
    texts = [show_setting(knob, each) for each in knob.choices]
    if len(" · ".join(texts)) < room:
        spans: list[Span] = []
        for each, text in zip(knob.choices, texts, strict=True):
            spans += [(" · ", Colour.AXIS)] if spans else []
            spans.append((text, strong if each == value else Colour.TEXT))
        return [(" " * (room - len(" · ".join(texts))), Colour.NONE), *spans]
    one = show_setting(knob, value)[: max(1, room - 5)]
    return [
        (" " * max(1, room - len(one) - 4), Colour.NONE),
        ("◂ ", Colour.AXIS),
        (one, strong),
        (" ▸", Colour.AXIS),
    ]
