"""Windows that edit one setting of a run that has not begun: by kind of its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Select, SelectionList, Static
from textual.widgets.option_list import Option
from textual.widgets.selection_list import Selection

from collapse_tui.experiment.form_field import FormField
from collapse_tui.tui.runs.setting_values import parse_setting, to_typed_text
from collapse_tui.tui.screens.dialogs import Dialog
from collapse_tui.tui.widgets.settings_list import from_choice, to_choice


@dataclass(frozen=True, slots=True)
class Answer:
    """What a window answers: the value of a field; None removes a table."""

    value: object


class FieldDialog(Dialog[Answer]):
    """A window with the key of a field above, and what it means.

    Parameters
    ----------
    field : FormField
    value : object
        The present one.
    typed : str
        What was typed already.
    """

    closing = "enter sets, esc cancels"

    def __init__(self, field: FormField, value: Any, typed: str = "") -> None:
        super().__init__()
        self.field = field
        self.present = value
        self.typed = typed

    def compose(self) -> ComposeResult:
        """Put the description above the editor."""
        with Vertical(classes="window") as window:
            window.border_title = self.field.key
            window.border_subtitle = self.closing
            if self.field.description:
                yield Static(f"{self.field.description}.", markup=False)
            yield from self.compose_editor()

    def compose_editor(self) -> ComposeResult:
        """Return the widgets that edit the value."""
        raise NotImplementedError


class TextDialog(FieldDialog):
    """A value that is typed; an empty one goes back to the preset's."""

    def compose_editor(self) -> ComposeResult:
        """Put a line there."""
        text = self.typed or to_typed_text(self.present)
        line = Input(text, placeholder=to_typed_text(self.field.value))
        line.select_on_focus = not self.typed
        yield line

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        self.dismiss(Answer(parse_setting(text) if text else self.field.value))


class ChoiceDialog(FieldDialog):
    """One of several values, each with what it means; or a value that is typed."""

    def compose_editor(self) -> ComposeResult:
        """Put the list above a line for a value of one's own, where there may be one."""
        yield OptionList(
            *(
                Option(Content.assemble(name or "–", ("  " + words if words else "", "dim")))
                for name, words in self.field.choices.items()
            ),
            classes="choices",
        )
        if self.field.kind == "mixed":
            own = "" if to_choice(self.present) in self.field.choices else self.present
            yield Input(self.typed or to_typed_text(own), placeholder="or a value")

    def on_mount(self) -> None:
        """Begin at the present value."""
        names = list(self.field.choices)
        now, options = to_choice(self.present), self.query_one(OptionList)
        options.highlighted = names.index(now) if now in names else 0
        if self.field.kind == "mixed" and (self.typed or now not in names):
            line = self.query_one(Input)
            line.select_on_focus = not self.typed
            line.focus()

    @on(OptionList.OptionSelected)
    def _on_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Answer(from_choice(list(self.field.choices)[event.option_index])))

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        self.dismiss(Answer(parse_setting(text) if text else self.field.value))


class NamesDialog(FieldDialog):
    """Some of several names, each with what it means."""

    BINDINGS = [  # noqa: RUF012 - see Textual
        Binding("enter", "agree", "Take these", show=False, priority=True)
    ]
    closing = "space chooses, enter takes these, esc cancels"

    def compose_editor(self) -> ComposeResult:
        """Put the names in alphabetical order above what one of them means."""
        chosen: set[str] = set(self.present or ())
        yield SelectionList[str](
            *(Selection(name, name, name in chosen) for name in sorted(self.field.choices)),
            classes="choices",
        )
        yield Static(id="meaning", classes="dim", markup=False)

    @on(SelectionList.SelectionHighlighted)
    def _on_moved(self, event: "SelectionList.SelectionHighlighted[str]") -> None:
        words = self.field.choices.get(event.selection.value, "")
        self.query_one("#meaning", Static).update(words)

    def action_agree(self) -> None:
        """Take the names that are ticked, in the order that they had; new ones follow."""
        ticked = list(self.query_one(SelectionList[str]).selected)
        before = [name for name in self.present or () if name in ticked]
        self.dismiss(Answer([*before, *(name for name in ticked if name not in before)]))


class TableDialog(FieldDialog):
    """One table of a list of tables, such as a component of a mixture."""

    BINDINGS = [  # noqa: RUF012 - see Textual
        Binding("ctrl+d", "remove", "Remove it", show=False, priority=True)
    ]
    closing = "enter sets, ctrl+d removes it, esc cancels"

    def compose_editor(self) -> ComposeResult:
        """Put a line for each key; those that do not go with a choice are hidden."""
        with VerticalScroll(classes="fields", can_focus=False):
            for column in self.field.columns:
                with Horizontal(classes="field", name=column.key):
                    yield Label(column.key, markup=False)
                    yield self._editor(column)

    def _editor(self, column: FormField) -> "Select[str] | Input":
        value = self.present.get(column.key)
        if column.kind == "choice":
            names = [(name, name) for name in column.choices]
            start = to_choice(value) if to_choice(value) in column.choices else names[0][1]
            return Select(names, value=start, allow_blank=False, compact=True, name=column.key)
        text, hint = to_typed_text(value), column.description
        return Input(text, placeholder=hint, compact=True, name=column.key)

    @on(Select.Changed)
    def _on_choice(self) -> None:
        wanted = {one.key for one in self.field.columns_of(self._choices())}
        for line in self.query(".field").results(Horizontal):
            line.display = line.name in wanted

    def _choices(self) -> dict[str, object]:
        return {str(one.name): from_choice(str(one.value)) for one in self.query(Select[str])}

    def _table(self) -> Mapping[str, object]:
        table = self._choices()
        wanted = [one.key for one in self.field.columns_of(table)]
        texts = {str(line.name): line.value.strip() for line in self.query(Input)}
        typed = {key: parse_setting(texts[key]) for key in wanted if texts.get(key)}
        return table | typed

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.dismiss(Answer(self._table()))

    def action_remove(self) -> None:
        """Remove the table."""
        self.dismiss(Answer(None))


DIALOGS: dict[str, type[FieldDialog]] = {
    "value": TextDialog,
    "choice": ChoiceDialog,
    "mixed": ChoiceDialog,
    "names": NamesDialog,
    "rows": TableDialog,
}
"""Kind of field → the window that edits it."""
