"""Dialogs of the live screen: help, leaving, a value for a setting, settings of a fork."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.keys import Action
from collapse_tui.tui.runs.descriptions import About
from collapse_tui.tui.runs.setting_values import format_setting, parse_setting

Result = TypeVar("Result")
Settings = Mapping[str, object]


class Dialog(ModalScreen[Result]):
    """A window that Escape closes without an answer."""

    BINDINGS = [Binding("escape", "cancel", "Close", show=False)]  # noqa: RUF012 - see Textual

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class HelpDialog(Dialog[None]):
    """What the screen shows, and the keys; it scrolls where they do not fit."""

    BINDINGS = [Binding("question_mark,q,enter", "cancel", "Close", show=False)]  # noqa: RUF012

    def __init__(self, about: About, sentences: Sequence[str], actions: Sequence[Action]) -> None:
        super().__init__()
        self._about = about
        self._sentences = sentences
        self._actions = actions

    def compose(self) -> ComposeResult:
        """Sentences above, keys below."""
        with VerticalScroll(classes="window wide") as window:
            window.border_title = "what am I looking at"
            yield Static(" ".join(self._sentences), markup=False)
            if self._about.source:
                yield Static(self._about.source, classes="dim", markup=False)
            keys = [f"{action.label:>6}  {action.help}" for action in self._actions]
            keys.append("ctrl+p  Every action by name, themes, screenshot.")
            yield Static("\n".join(keys), classes="keys", markup=False)

    def on_resize(self) -> None:
        """Say how to scroll where not everything fits."""
        self.call_after_refresh(self._subtitle)

    def _subtitle(self) -> None:
        window = self.query_one(".window", VerticalScroll)
        scrolls = "arrows scroll, " if window.max_scroll_y > 0 else ""
        window.border_subtitle = f"{scrolls}esc closes"


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
    """A window with fields that stays until the settings are valid or Escape closes it.

    Parameters
    ----------
    check : callable
        Settings → why they are refused, empty if they are not. It may be slow: a worker calls it.
    """

    def __init__(self, check: Callable[[Settings], str]) -> None:
        super().__init__()
        self._check_settings = check

    def settings(self) -> Settings:
        """Return the settings that were typed."""
        raise NotImplementedError

    def field_of(self, refusal: str) -> Input | None:
        """Return the field that a refusal names."""
        raise NotImplementedError

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
        field = self.field_of(refusal)
        if field is not None:
            field.focus()

    def _show_result(self, text: str, *, bad: bool) -> None:
        line = self.query_one("#refusal", Static)
        line.update(text)
        line.display = True
        line.set_class(bad, "bad")
        self.call_after_refresh(line.scroll_visible, animate=False)


def refusal_line() -> Static:
    """Return the line for a refusal, hidden until there is one."""
    line = Static(id="refusal", markup=False)
    line.display = False
    return line


class ValueDialog(SettingsDialog):
    """A field for the value of one setting."""

    def __init__(self, knob: Knob, value: object, check: Callable[[Settings], str]) -> None:
        super().__init__(check)
        self._knob = knob
        self._value = value

    def compose(self) -> ComposeResult:
        """Its description and a field."""
        with Vertical(classes="window") as window:
            window.border_title = self._knob.key
            window.border_subtitle = "enter sets, esc cancels"
            if self._knob.description:
                yield Static(self._knob.description, markup=False)
            yield Input(format_setting(self._value), select_on_focus=True)
            yield refusal_line()

    def settings(self) -> Settings:
        """Return the setting; none if the field is empty."""
        text = self.query_one(Input).value.strip()
        return {self._knob.key: parse_setting(text)} if text else {}

    def field_of(self, refusal: str) -> Input | None:
        """Return the only field."""
        del refusal
        return self.query_one(Input)


class ForkDialog(SettingsDialog):
    """Fields for the settings of a fork; those left empty stay as they are."""

    def __init__(
        self,
        at: int,
        knobs: Sequence[Knob],
        value: Callable[[Knob], object],
        check: Callable[[Settings], str],
    ) -> None:
        super().__init__(check)
        self._at = at
        self._knobs = knobs
        self._value_of = value

    def compose(self) -> ComposeResult:
        """One field for each setting."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = f"fork after generation {self._at}"
            window.border_subtitle = "enter forks, esc cancels"
            yield Static("Both runs are drawn; empty fields keep their values.")
            with Vertical(classes="fields"):
                for index, knob in enumerate(self._knobs):
                    value = format_setting(self._value_of(knob))
                    with Horizontal(classes="field"):
                        yield Label(knob.key, markup=False)
                        yield Input(placeholder=value, id=f"knob-{index}", compact=True)
            yield refusal_line()

    def settings(self) -> Settings:
        """Return the settings whose fields are not empty."""
        texts = {
            knob.key: self.query_one(f"#knob-{index}", Input).value.strip()
            for index, knob in enumerate(self._knobs)
        }
        return {key: parse_setting(text) for key, text in texts.items() if text}

    def field_of(self, refusal: str) -> Input | None:
        """Return the field of the setting that the refusal names first."""
        named = [
            (refusal.find(knob.key), index)
            for index, knob in enumerate(self._knobs)
            if knob.key in refusal
        ]
        return self.query_one(f"#knob-{min(named)[1]}", Input) if named else None
