"""Dialogs of the live screen: help, leaving, a value for a setting, settings of a fork."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.keys import Action
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.setting_values import format_setting, parse_setting

Result = TypeVar("Result")
Settings = Mapping[str, object]
Section = tuple[str, Sequence[str]]


class Dialog(ModalScreen[Result]):
    """A window that Escape closes without an answer."""

    BINDINGS = [Binding("escape", "cancel", "Close", show=False)]  # noqa: RUF012 - see Textual

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class HelpDialog(Dialog[None]):
    """What the screen shows, and the keys; it scrolls where they do not fit.

    Parameters
    ----------
    about : RunDescription
    sentences : sequence of str
        What is on the screen.
    actions : sequence of Action
    mouse : sequence of str
    sections : sequence of (str, sequence of str)
        A heading, and a paragraph for each thing below it.
    lead : bool
        The first section comes before everything else.
    """

    BINDINGS = [  # noqa: RUF012 - see Textual
        Binding("question_mark,q,enter", "cancel", "Close", show=False),
        Binding("k", "show_keys", "Keys", show=False),
    ]

    def __init__(
        self,
        about: RunDescription,
        sentences: Sequence[str],
        actions: Sequence[Action],
        mouse: Sequence[str] = (),
        sections: Sequence[Section] = (),
        *,
        lead: bool = False,
    ) -> None:
        super().__init__()
        self._about = about
        self._lead, self._sections = sections[:lead], sections[lead:]
        self._mouse = mouse
        self._sentences = sentences
        self._actions = actions

    def compose(self) -> ComposeResult:
        """Sentences above, keys below."""
        with VerticalScroll(classes="window wide") as window:
            window.border_title = "what am I looking at"
            yield from _show_sections(self._lead)
            sentences = Static(" ".join(self._sentences), markup=False)
            yield sentences.add_class("keys") if self._lead else sentences
            if self._about.source:
                yield Static(self._about.source, classes="dim", markup=False)
            yield from _show_sections(self._sections)
            keys = [f"{action.label:>6}  {action.help}" for action in self._actions]
            keys.append("ctrl+p  Every action by name, themes, screenshot.")
            keys.append("ctrl+q  Leave the program from any screen; runs are saved.")
            yield Static("\n".join(keys), classes="keys", id="all-keys", markup=False)
            if self._mouse:
                yield Static("\n".join(self._mouse), classes="keys", markup=False)

    def on_resize(self) -> None:
        """Say how to scroll where not everything fits."""
        self.call_after_refresh(self._subtitle)

    def action_show_keys(self) -> None:
        """Scroll to the keys."""
        self.query_one("#all-keys").scroll_visible(top=True, animate=False)

    def _subtitle(self) -> None:
        window = self.query_one(".window", VerticalScroll)
        scrolls = "arrows scroll, k shows the keys, " if window.max_scroll_y > 0 else ""
        window.border_subtitle = f"{scrolls}esc closes"


def _show_sections(sections: Sequence[Section]) -> ComposeResult:
    for heading, paragraphs in sections:
        yield Static(Content.styled(heading, "bold $accent"), classes="heading")
        for paragraph in paragraphs:
            yield Static(paragraph, markup=False)


class ExplanationDialog(Dialog[None]):
    """What one thing is: a title above paragraphs."""

    BINDINGS = [  # noqa: RUF012 - see Textual
        Binding("question_mark,q,enter", "cancel", "Close", show=False)
    ]

    def __init__(self, title: str, paragraphs: Sequence[str]) -> None:
        super().__init__()
        self.title = title
        self._paragraphs = paragraphs

    def compose(self) -> ComposeResult:
        """Put the paragraphs below one another."""
        with VerticalScroll(classes="window") as window:
            window.border_title = self.title
            window.border_subtitle = "esc closes"
            for paragraph in self._paragraphs:
                yield Static(paragraph, classes="paragraph", markup=False)


class LeaveDialog(Dialog[bool]):
    """Asks whether to leave, and says what is saved and how to continue."""

    BINDINGS = [Binding("q,y", "agree", "Leave", show=False)]  # noqa: RUF012 - see Textual

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__()
        self._sentences = sentences

    def compose(self) -> ComposeResult:
        """Sentences and two buttons."""
        with Vertical(classes="window") as window:
            window.border_title = "leave this run?"
            for sentence in self._sentences:
                yield Static(sentence, markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Leave", variant="primary", id="leave")
                yield Button("Stay", id="stay")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "leave")

    def action_agree(self) -> None:
        """Leave: q, q is enough."""
        self.dismiss(result=True)


class SettingsDialog(Dialog[Settings]):
    """A window with one field for each knob; it stays until the settings are valid.

    Parameters
    ----------
    title : str
    knobs : sequence of Knob
    value_of : callable
        Knob → its present value.
    check : callable
        Settings → why they are refused, empty if they are not. It may be slow: a worker calls it.
    """

    def __init__(
        self,
        title: str,
        knobs: Sequence[Knob],
        value_of: Callable[[Knob], object],
        check: Callable[[Settings], str],
    ) -> None:
        super().__init__()
        self.title = title
        self._knobs = knobs
        self._value_of = value_of
        self._check_settings = check

    def settings(self) -> Settings:
        """Return the settings that were typed; empty fields are left out."""
        texts = (field.value.strip() for field in self.query(Input))
        typed = zip(self._knobs, texts, strict=True)
        return {knob.key: parse_setting(text) for knob, text in typed if text}

    def on_input_submitted(self) -> None:
        """Check the settings in a worker."""
        self._show_result("checking …", bad=False)
        self._check(self.settings())

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _check(self, settings: Settings) -> None:
        try:
            refusal = self._check_settings(settings)
        except Exception as fault:  # noqa: BLE001 - else the window would wait forever
            refusal = f"{type(fault).__name__}: {fault}"
        self.call_later(self._finish_check, settings, refusal)

    def _finish_check(self, settings: Settings, refusal: str) -> None:
        if not self.is_current:
            return
        if not refusal:
            self.dismiss(settings)
            return
        self._show_result(refusal, bad=True)
        # The focus goes to the field of the setting that the refusal names first.
        places = [(refusal.find(knob.key), index) for index, knob in enumerate(self._knobs)]
        named = [(place, index) for place, index in places if place >= 0]
        if named or len(self._knobs) == 1:
            list(self.query(Input))[min(named)[1] if named else 0].focus()

    def _show_result(self, text: str, *, bad: bool) -> None:
        line = self.query_one("#refusal", Static)
        line.update(text)
        line.display = True
        line.set_class(bad, "bad")
        self.call_after_refresh(line.scroll_visible, animate=False)


class ValueDialog(SettingsDialog):
    """The value of one setting, to be edited."""

    def compose(self) -> ComposeResult:
        """Put the description above the field."""
        knob = self._knobs[0]
        with Vertical(classes="window") as window:
            window.border_title = self.title
            window.border_subtitle = "enter sets, esc cancels"
            if knob.description:
                yield Static(knob.description, markup=False)
            yield Input(format_setting(self._value_of(knob)), select_on_focus=True)
            yield Static(id="refusal", markup=False)


class ForkDialog(SettingsDialog):
    """The settings of a fork; those left empty keep their values."""

    def compose(self) -> ComposeResult:
        """Put the fields below one another."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = self.title
            window.border_subtitle = "enter forks, esc cancels"
            yield Static("The fork is a run of its own; empty fields keep their values.")
            with Vertical(classes="fields"):
                for knob in self._knobs:
                    with Horizontal(classes="field"):
                        yield Label(knob.label, markup=False)
                        yield Input(placeholder=format_setting(self._value_of(knob)), compact=True)
            yield Static(id="refusal", markup=False)
