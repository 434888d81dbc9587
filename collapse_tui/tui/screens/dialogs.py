"""Small windows over the screen: help, leaving, typing a value, forking."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from collapse_tui.tui.keys import Act
from collapse_tui.tui.runs.descriptions import About, Knob
from collapse_tui.tui.widgets.knobs import written

Result = TypeVar("Result")
Settings = Mapping[str, object]


def parsed(text: str) -> object:
    """Return a typed value: TOML if it is, a number as people write it (.5), else the text."""
    with suppress(tomllib.TOMLDecodeError):
        return tomllib.loads(f"value = {text}")["value"]
    with suppress(ValueError):
        return float(text)
    return text


class Dialog(ModalScreen[Result]):
    """A window that Escape closes without an answer."""

    BINDINGS = [Binding("escape", "refuse", "Close", show=False)]  # noqa: RUF012 - see Textual

    def action_refuse(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class Help(Dialog[None]):
    """What am I looking at, and the keys; it scrolls where they do not fit."""

    BINDINGS = [Binding("question_mark,q,enter", "refuse", "Close", show=False)]  # noqa: RUF012

    def __init__(self, about: About, sentences: Sequence[str], acts: Sequence[Act]) -> None:
        super().__init__()
        self._about = about
        self._sentences = sentences
        self._acts = acts

    def compose(self) -> ComposeResult:
        """Sentences above, keys below."""
        with VerticalScroll(classes="window wide") as window:
            window.border_title = "what am I looking at"
            yield Static(" ".join(self._sentences), markup=False)
            source = " · ".join(part for part in (self._about.paper, self._about.figure) if part)
            if source:
                yield Static(source, classes="dim", markup=False)
            keys = [f"{act.shown:>6}  {act.help}" for act in self._acts]
            keys.append("ctrl+p  Every action by name, themes, screenshot.")
            yield Static("\n".join(keys), classes="keys", markup=False)

    def on_resize(self) -> None:
        """Say how to see the rest, if there is more than fits."""
        self.call_after_refresh(self._subtitle)

    def _subtitle(self) -> None:
        window = self.query_one(".window", VerticalScroll)
        scrolls = "arrows scroll, " if window.max_scroll_y > 0 else ""
        window.border_subtitle = f"{scrolls}esc closes"


class Leave(Dialog[bool]):
    """Really leave? It says what is saved and how to go on."""

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


class Asking(Dialog[Settings]):
    """A window with fields; it stays until what was typed can be, or Escape closes it.

    Parameters
    ----------
    refusal : callable
        Settings → why they cannot be, or nothing. May be slow: it is called in a worker.
    """

    class Answered(Message):
        """It is known whether the settings can be."""

        def __init__(self, settings: Settings, refusal: str) -> None:
            super().__init__()
            self.settings = settings
            self.refusal = refusal

    def __init__(self, refusal: Callable[[Settings], str]) -> None:
        super().__init__()
        self._refusal_of = refusal

    def typed(self) -> Settings:
        """Return what stands in the fields."""
        raise NotImplementedError

    def field_of(self, sentence: str) -> Input | None:
        """Return the field that a sentence speaks of."""
        raise NotImplementedError

    def on_input_submitted(self) -> None:
        """Have the settings checked."""
        self._say("checking …", bad=False)
        self._check(self.typed())

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _check(self, settings: Settings) -> None:
        try:
            refusal = self._refusal_of(settings)
        except Exception as fault:  # noqa: BLE001 - the window must not wait for ever
            refusal = f"{type(fault).__name__}: {fault}"
        self.post_message(self.Answered(settings, refusal))

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        if not self.is_current:
            return
        if not message.refusal:
            self.dismiss(message.settings)
            return
        self._say(message.refusal, bad=True)
        field = self.field_of(message.refusal)
        if field is not None:
            field.focus()

    def _say(self, text: str, *, bad: bool) -> None:
        line = self.query_one("#refusal", Static)
        line.update(text)
        line.display = True
        line.set_class(bad, "bad")
        self.call_after_refresh(line.scroll_visible, animate=False)


def refusal_line() -> Static:
    """Return the line that says what is wrong, hidden until something is."""
    line = Static(id="refusal", markup=False)
    line.display = False
    return line


class Value(Asking):
    """Type a value for one knob."""

    def __init__(self, knob: Knob, value: object, refusal: Callable[[Settings], str]) -> None:
        super().__init__(refusal)
        self._knob = knob
        self._value = value

    def compose(self) -> ComposeResult:
        """Say what it is, and offer a field."""
        with Vertical(classes="window") as window:
            window.border_title = self._knob.key
            window.border_subtitle = "enter sets, esc leaves it"
            if self._knob.description:
                yield Static(self._knob.description, markup=False)
            yield Input(written(self._value), select_on_focus=True)
            yield refusal_line()

    def typed(self) -> Settings:
        """Return the value; nothing if the field is empty."""
        text = self.query_one(Input).value.strip()
        return {self._knob.key: parsed(text)} if text else {}

    def field_of(self, sentence: str) -> Input | None:
        """Return the only field."""
        del sentence
        return self.query_one(Input)


class Fork(Asking):
    """The knobs of a fork; fields left empty stay as they are."""

    def __init__(
        self,
        at: int,
        knobs: Sequence[Knob],
        value: Callable[[Knob], object],
        refusal: Callable[[Settings], str],
    ) -> None:
        super().__init__(refusal)
        self._at = at
        self._knobs = knobs
        self._value_of = value

    def compose(self) -> ComposeResult:
        """One field for each knob."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = f"fork after generation {self._at}"
            window.border_subtitle = "enter forks, esc does not"
            yield Static("Both are drawn from now on; empty fields stay as they are.")
            with Vertical(classes="fields"):
                for index, knob in enumerate(self._knobs):
                    value = written(self._value_of(knob))
                    with Horizontal(classes="field"):
                        yield Label(knob.key, markup=False)
                        yield Input(placeholder=value, id=f"knob-{index}", compact=True)
            yield refusal_line()

    def typed(self) -> Settings:
        """Return the knobs whose fields are not empty."""
        texts = {
            knob.key: self.query_one(f"#knob-{index}", Input).value.strip()
            for index, knob in enumerate(self._knobs)
        }
        return {key: parsed(text) for key, text in texts.items() if text}

    def field_of(self, sentence: str) -> Input | None:
        """Return the field of the knob that the sentence names first."""
        named = [
            (sentence.find(knob.key), index)
            for index, knob in enumerate(self._knobs)
            if knob.key in sentence
        ]
        return self.query_one(f"#knob-{min(named)[1]}", Input) if named else None
