"""The right side of the picker: what a preset is about, what it would take, and its settings."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from collapse_tui.experiment.examination import Examination
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.widgets.settings_list import Row, SettingsList, to_choice
from collapse_tui.tui.widgets.sketch_view import SketchView, Submit
from collapse_tui.visible_text import to_visible_line

CHECKING = "checking…"


class SettingsForm(Vertical):
    """A description of a preset, its picture, what a run of it would take, and its settings.

    Parameters
    ----------
    submit : callable
        Has the picture painted in the render thread.
    """

    class Changed(Message):
        """A setting was changed."""

    def __init__(self, submit: Submit) -> None:
        super().__init__(id="form")
        self._submit = submit
        self._refusal = ""
        self._at = ""

    def compose(self) -> ComposeResult:
        """Put description and estimate first, settings below, the claims of its paper last."""
        yield Static(id="what", markup=False)
        yield Static(id="verdict", markup=False)
        with VerticalScroll(id="chosen", can_focus=False):
            yield Static(id="source", markup=False)
            yield SketchView(self._submit)
            yield Static(id="watch", markup=False)
            yield SettingsList()
            yield Static(id="claims", markup=False)
        yield Static(id="meaning", markup=False)

    @property
    def sketch(self) -> SketchView:
        """The picture."""
        return self.query_one(SketchView)

    @property
    def settings(self) -> SettingsList:
        """The list of settings."""
        return self.query_one(SettingsList)

    def show_about(self, about: RunDescription) -> None:
        """Show another preset, before anything is known of its settings; edits are dropped."""
        self.query_one("#what", Static).update(about.title)
        source, watch = self.query_one("#source", Static), self.query_one("#watch", Static)
        source.update(about.source)
        source.display = bool(about.source)
        watch.update(f"Watch: {about.watch}" if about.watch else "")
        watch.display = bool(about.watch)
        self.query_one("#claims", Static).update("")
        self.sketch.show_nothing()
        self.settings.edits = {}
        self.settings.show_fields(())
        self.query_one("#chosen", VerticalScroll).scroll_home(animate=False)

    def show_checking(self) -> None:
        """Say that the answer is on its way: what was said before may hold no longer."""
        self._show_verdict(CHECKING, "waiting")

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of an estimate."""
        self._show_verdict(sentence, "good")

    def show_answer(self, about: RunDescription, answer: Examination) -> None:
        """Show the settings, and what the run would take or why it cannot be."""
        self._refusal, self._at = answer.refusal, answer.at
        known = [one for one in answer.fields if one.key]
        if known:
            self.settings.show_fields(known)
        self.settings.show_refused(answer.at)
        self.query_one("#claims", Static).update(_claims(about.name, answer))
        manner = "lacking" if answer.lacks_data else "bad" if answer.refusal else "good"
        self._show_verdict(answer.refusal or answer.estimate, manner)
        self._explain(self.settings.row)

    def _show_verdict(self, sentence: str, manner: str) -> None:
        line = self.query_one("#verdict", Static)
        line.update(to_visible_line(sentence))
        line.set_classes(manner)

    def changes(self) -> dict[str, object]:
        """Return the settings that differ from the preset."""
        return dict(self.settings.edits)

    @on(SettingsList.Changed)
    def _on_changed(self, event: SettingsList.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    @on(SettingsList.Chosen)
    def _on_chosen(self, event: SettingsList.Chosen) -> None:
        event.stop()
        self._explain(event.row if self.settings.has_focus else None)

    def _explain(self, row: Row | None) -> None:
        """Say in full what the setting under the cursor means, or why its value is refused."""
        line = self.query_one("#meaning", Static)
        line.display = row is not None and self.settings.has_focus
        if row is None:
            return
        refused = bool(self._refusal) and row.field.key == self._at
        line.update(to_visible_line(self._refusal) if refused else _meaning(row, self.settings))
        line.set_class(refused, "bad")


def _meaning(row: Row, settings: SettingsList) -> str:
    field = row.field
    if row.place is not None:
        return f"{field.key}: {field.description}; enter edits it, a adds one, del removes it"
    chosen = field.choices.get(to_choice(settings.value(field)), "")
    words = field.description + (f": {chosen.removesuffix('.')}" if chosen else "")
    back = "; del goes back to the preset's" if field.key in settings.edits else ""
    return f"{field.key}: {words}{back}"


def _claims(name: str, answer: Examination) -> str:
    if not answer.claims:
        return ""
    count = f"{len(answer.claims)} claims" if len(answer.claims) > 1 else "1 claim"
    head = f"{count}, checked by `collapse-tui reproduce {name}`:"
    return "\n".join([head, *(f"· {to_visible_line(text)}" for text in answer.claims)])
