"""The right side of the picker: what a preset is about, and a form for its settings."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Label, Static

from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.setting_values import parse_setting
from collapse_tui.visible_text import to_visible_line


class SettingsForm(VerticalScroll, can_focus=False):
    """A description of a preset, and one field for each of its settings."""

    class Changed(Message):
        """A field was edited."""

    class Submitted(Message):
        """Enter was pressed in a field."""

    def __init__(self) -> None:
        super().__init__(id="form")

    def compose(self) -> ComposeResult:
        """Put description and verdict first, fields below, the claims of its paper last."""
        yield Static(id="what", markup=False)
        yield Static(id="source", markup=False)
        yield Static(id="verdict", markup=False)
        yield Static(id="watch", markup=False)
        yield VerticalScroll(id="fields", can_focus=False)
        yield Static(id="claims", markup=False)

    async def show_preset(self, about: RunDescription, settings: Mapping[str, str]) -> None:
        """Show another preset and its settings; what was typed for the last one is dropped."""
        self.query_one("#what", Static).update(about.title)
        self.query_one("#source", Static).update(about.source)
        self.query_one("#watch", Static).update(f"Watch: {about.watch}" if about.watch else "")
        claims = self.query_one("#claims", Static)
        claims.update(_claims(about))
        claims.display = bool(about.claims)
        fields = self.query_one("#fields", VerticalScroll)
        await fields.remove_children()
        await fields.mount_all(
            Horizontal(
                Label(key, markup=False),
                Input(name=key, placeholder=value, compact=True),
                classes="field",
            )
            for key, value in settings.items()
        )

    def show_verdict(self, verdict: str, *, good: bool) -> None:
        """Show what the run would be, or why it cannot be run."""
        line = self.query_one("#verdict", Static)
        line.update(to_visible_line(verdict))
        line.set_class(not good, "bad")

    def changes(self) -> dict[str, object]:
        """Return the settings that were typed and differ from their defaults."""
        return {
            str(field.name): parse_setting(text)
            for field in self.query(Input)
            if (text := field.value.strip()) and text != field.placeholder
        }

    def on_input_changed(self, event: Input.Changed) -> None:
        """Report that the settings changed."""
        event.stop()
        self.post_message(self.Changed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Report that the form is done."""
        event.stop()
        self.post_message(self.Submitted())


def _claims(about: RunDescription) -> str:
    if not about.claims:
        return ""
    count = f"{len(about.claims)} claims" if len(about.claims) > 1 else "1 claim"
    head = f"{count}, checked by `collapse-tui reproduce {about.name}`:"
    return "\n".join([head, *(f"· {text}" for text in about.claims)])
