"""The settings of a run, a row each: what is changed stands out, and is changed in place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from textual import events, on
from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from collapse_tui.experiment.form_field import FormField
from collapse_tui.tui.runs.setting_values import describe_table, describe_value
from collapse_tui.visible_text import to_visible_line

WITH_DESCRIPTIONS = 62
"""Cells from which on descriptions stand beside the values."""
KEY, VALUE = 23, 14
"""Cells of a key, and of a value that has a description beside it; few are longer."""
WITH_LONG_KEYS = 80
"""Cells from which on there is room for the longest keys too."""
STARTERS = frozenset("0123456789.-[")
"""Characters that begin a value: typed on a row, they open its editor."""


class Row(NamedTuple):
    """A row of the list: a field, or one of its tables."""

    field: FormField
    place: int | None = None


class SettingsList(OptionList):
    """Fields with their values: Enter edits one, ← → choose, backspace goes back to the preset.

    Attributes
    ----------
    edits : dict of str to object
        What differs from the preset, by key.
    """

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding("left", "turn(-1)", "Previous choice", show=False),
        Binding("right", "turn(1)", "Next choice", show=False),
        Binding("backspace,delete", "reset", "Back to the preset", show=False),
        Binding("a", "add", "Add a component", show=False),
    ]

    class Changed(Message):
        """A setting has another value."""

    @dataclass
    class Chosen(Message):
        """Another row is under the cursor; None: none is, the list lost the focus."""

        row: Row | None

    @dataclass
    class Edited(Message):
        """A value is to be typed or chosen; `typed` are the characters that it begins with."""

        row: Row
        typed: str = ""

    def __init__(self) -> None:
        super().__init__(id="settings")
        self.edits: dict[str, object] = {}
        self._fields: Sequence[FormField] = ()
        self._rows: list[Row] = []
        self._refused = ""

    def show_fields(self, fields: Sequence[FormField]) -> None:
        """Show these fields; edits of fields that are not among them are dropped."""
        self._fields = fields
        known = {one.key for one in fields}
        self.edits = {key: value for key, value in self.edits.items() if key in known}
        self._list()

    def show_refused(self, key: str) -> None:
        """Mark the field whose value is refused; empty marks none."""
        if key != self._refused:
            self._refused = key
            self._list()

    def value(self, field: FormField) -> Any:
        """Return the present value of a field."""
        return self.edits.get(field.key, field.value)

    def set(self, field: FormField, value: object) -> None:
        """Change a setting; the value of the preset is no change."""
        if value in (None, field.value):
            self.edits.pop(field.key, None)
        else:
            self.edits[field.key] = value
        self._list()
        self.post_message(self.Changed())

    def set_row(self, row: Row, table: Mapping[str, object] | None) -> None:
        """Replace one table of a field, or remove it where `table` is None."""
        tables: list[object] = list(self.value(row.field) or ())
        if row.place is not None:
            tables[row.place : row.place + 1] = [] if table is None else [dict(table)]
            self.set(row.field, tables)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        index = self.highlighted
        return self._rows[index] if index is not None and index < len(self._rows) else None

    def on_focus(self) -> None:
        """Put the cursor on the first row."""
        if self.highlighted is None:
            self.action_first()
        self.post_message(self.Chosen(self.row))

    def on_blur(self) -> None:
        """Take the cursor away."""
        self.highlighted = None
        self.post_message(self.Chosen(None))

    def on_resize(self) -> None:
        """Show the descriptions where there is room for them."""
        self._list()

    @on(OptionList.OptionHighlighted)
    def _on_moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Chosen(self.row))
        if isinstance(self.parent, ScrollableContainer):
            top = self.virtual_region.y + (self.highlighted or 0)
            region = Region(0, top, self.size.width, 1)
            self.parent.scroll_to_region(region, animate=False, force=True)

    @on(OptionList.OptionSelected)
    def _on_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._edit("")

    def on_key(self, event: events.Key) -> None:
        """Begin to type a value."""
        if event.character in STARTERS and self.row is not None:
            event.stop()
            self._edit(event.character or "")

    def _edit(self, typed: str) -> None:
        row = self.row
        if row is None:
            return
        if row.field.kind == "switch":
            self.action_turn(1)
        elif row.field.kind == "rows" and row.place is None:
            self.action_add()
        else:
            self.post_message(self.Edited(row, typed))

    def action_turn(self, sign: int) -> None:
        """Take the next, or previous, of the values that can be chosen."""
        row = self.row
        if row is None or row.place is not None:
            return
        if row.field.kind == "switch":
            self.set(row.field, not self.value(row.field))
        elif row.field.kind in {"choice", "mixed"}:
            choices = list(row.field.choices)
            now = to_choice(self.value(row.field))
            place = choices.index(now) + sign if now in choices else 0
            self.set(row.field, from_choice(choices[place % len(choices)]))

    def action_reset(self) -> None:
        """Go back to the value of the preset, or remove a component."""
        row = self.row
        if row is None:
            return
        if row.place is not None:
            self.set_row(row, None)
        else:
            self.set(row.field, row.field.value)

    def action_add(self) -> None:
        """Add a component like the one under the cursor, or like the last one."""
        row = self.row
        if row is None or row.field.kind != "rows":
            return
        tables: list[Any] = list(self.value(row.field) or ())
        place = len(tables) - 1 if row.place is None else row.place
        tables.insert(place + 1, dict(tables[place]) if tables else {})
        self.set(row.field, tables)

    def _list(self) -> None:
        before = self.row
        self._rows = list(self._expand())
        self.clear_options()
        longest = max((len(one.key) for one in self._fields), default=0)
        width = longest if self.size.width >= WITH_LONG_KEYS else min(KEY, longest)
        self.add_options(Option(self._line(row, width)) for row in self._rows)
        if self.has_focus and self._rows:
            keys = [(row.field.key, row.place) for row in self._rows]
            wanted = (before.field.key, before.place) if before else None
            found = [index for index, key in enumerate(keys) if key == wanted]
            self.highlighted = found[0] if found else 0

    def _expand(self) -> Iterator[Row]:
        for one in self._fields:
            yield Row(one)
            if one.kind == "rows":
                yield from (Row(one, place) for place in range(len(self.value(one) or ())))

    def _line(self, row: Row, width: int) -> Content:
        field, value = row.field, self.value(row.field)
        changed, refused = field.key in self.edits, field.key == self._refused
        style = "bold $text-error" if refused else "bold" if changed else "dim"
        if row.place is not None:
            words = f"{row.place + 1:>{width}}  ", describe_table(field, value[row.place])
            return Content.assemble(words[0], (to_visible_line(words[1]), style))
        key, shown = f"{field.key:{width}}  ", to_visible_line(describe_value(field, value))
        more = field.description if self.size.width >= WITH_DESCRIPTIONS else ""
        if changed:
            more = f"was {to_visible_line(describe_value(field, field.value))}"
        # the descriptions stand below one another, also where a key is long
        gap = " " * max(2, width + VALUE + 4 - len(key) - len(shown))
        return Content.assemble(key, (shown, style), gap if more else "", (more, "dim"))


def to_choice(value: object) -> str:
    """Return a value as it stands among the choices of a field."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def from_choice(text: str) -> object:
    """Return the value of a choice; empty is none."""
    return {"": None, "true": True, "false": False}.get(text, text)
