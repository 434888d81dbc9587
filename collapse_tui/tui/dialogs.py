"""Small windows over the screen: help, leaving, typing a value, forking."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from collapse_tui.tui.actions import Act
from collapse_tui.tui.contract import About, Knob
from collapse_tui.tui.knobs import written

Result = TypeVar("Result")


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
    """What am I looking at, and the keys."""

    BINDINGS = [Binding("question_mark,q,enter", "refuse", "Close", show=False)]  # noqa: RUF012

    def __init__(self, about: About, sentences: Sequence[str], acts: Sequence[Act]) -> None:
        super().__init__()
        self._about = about
        self._sentences = sentences
        self._acts = acts

    def compose(self) -> ComposeResult:
        """Five sentences above, keys below."""
        with VerticalScroll(classes="window wide") as window:
            window.border_title = "what am I looking at"
            window.border_subtitle = "esc closes"
            yield Static(" ".join(self._sentences), markup=False)
            source = " · ".join(part for part in (self._about.paper, self._about.figure) if part)
            if source:
                yield Static(source, classes="dim", markup=False)
            keys = [f"{act.shown:>6}  {act.help}" for act in self._acts]
            keys.append("ctrl+p  Every action by name, themes, screenshot.")
            yield Static("\n".join(keys), classes="keys", markup=False)


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
                yield Label(sentence, markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Leave", variant="primary", id="leave")
                yield Button("Stay", id="stay")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "leave")

    def action_agree(self) -> None:
        """Leave: q, q is enough."""
        self.dismiss(result=True)


class Value(Dialog[str]):
    """Type a value for one knob."""

    def __init__(self, knob: Knob, value: object) -> None:
        super().__init__()
        self._knob = knob
        self._value = value

    def compose(self) -> ComposeResult:
        """Say what it is, and offer a field."""
        with Vertical(classes="window") as window:
            window.border_title = self._knob.key
            window.border_subtitle = "enter sets, esc leaves it"
            if self._knob.description:
                yield Label(self._knob.description, markup=False)
            yield Input(written(self._value), select_on_focus=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        self.dismiss(event.value.strip())


class Fork(Dialog[Mapping[str, object]]):
    """The knobs of a fork; fields left empty stay as they are."""

    def __init__(self, at: int, knobs: Sequence[Knob], value: Callable[[Knob], object]) -> None:
        super().__init__()
        self._at = at
        self._knobs = knobs
        self._value_of = value

    def compose(self) -> ComposeResult:
        """One field for each knob."""
        with VerticalScroll(classes="window", can_focus=False) as window:
            window.border_title = f"fork after generation {self._at}"
            window.border_subtitle = "enter forks, esc does not"
            yield Label("Both are drawn from here on. Empty fields stay as they are.")
            for index, knob in enumerate(self._knobs):
                value = written(self._value_of(knob))
                with Horizontal(classes="field"):
                    yield Label(knob.key, markup=False)
                    yield Input(placeholder=value, id=f"knob-{index}", compact=True)

    def on_input_submitted(self) -> None:
        """Answer with what was typed."""
        typed = {
            knob.key: parsed(self.query_one(f"#knob-{index}", Input).value.strip())
            for index, knob in enumerate(self._knobs)
            if self.query_one(f"#knob-{index}", Input).value.strip()
        }
        self.dismiss(typed)
