"""What is done with the settings of a run: turned, typed, all of them shown, the last undone."""

from collections.abc import Callable, Mapping
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from collapse_tui.events import Intervened
from collapse_tui.tui.keys import Action
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.group import RunGroup
from collapse_tui.tui.runs.setting_values import slider_scale
from collapse_tui.tui.screens.dialogs import Dialog, ValueDialog
from collapse_tui.tui.widgets.bars import KeyHints
from collapse_tui.tui.widgets.knobs import KNOB_ACTIONS, KnobList

_DIALOG_ACTIONS = (
    Action("undo", "u", "u", "undo", "Take the last change back.", 2),
    Action("cancel", "escape", "esc", "close", "Close the window.", 1),
)

Fork = Callable[[int, Mapping[str, object]], None]


class KnobControl:
    """Changes settings of the selected run of one live screen, and says what came of it.

    Parameters
    ----------
    program : Program
    runs : RunGroup
    say : callable
        Shows a sentence where settings are shown.
    fork : callable
        Starts a fork after a generation, with settings.
    """

    def __init__(
        self, program: Program, runs: RunGroup, say: Callable[[str], None], fork: Fork
    ) -> None:
        self._program, self._runs = program, runs
        self._say, self._fork = say, fork

    def change(self, change: Callable[[], str]) -> None:
        """Change a setting and say what came of it; a refusal is a notice."""
        try:
            said = change()
        except ValueError as refusal:
            self._program.notify(str(refusal), severity="error")
            return
        self._say(said)
        top = self._program.screen
        if isinstance(top, KnobDialog):
            top.show(said)

    def turn(self, key: str, sign: int) -> None:
        """Change a setting to its next value up (1) or down (-1)."""
        self.change(partial(self._runs.turn, key, sign))

    def place(self, key: str, value: object) -> None:
        """Change a setting to a value."""
        self.change(partial(self._runs.change, {key: value}))

    def edit(self, key: str) -> None:
        """Ask for a value of a setting."""
        knob = self._runs.knob(key)
        if knob is None:
            return
        value_of, check = self._runs.selected.value_of, self._runs.why_no_change
        self._program.push_screen(ValueDialog(knob.long, [knob], value_of, check), self._change_to)

    def _change_to(self, settings: Mapping[str, object] | None) -> None:
        if settings:
            self.change(partial(self._runs.change, settings))

    def show_all(self) -> None:
        """Show all settings that can be changed, in a window."""
        if self._runs.knobs:
            self._program.push_screen(KnobDialog(self._program, self._runs, self))
        else:
            self._say(self._runs.why_no_knobs())

    def undo(self) -> None:
        """Take back the last change that no step has used; else offer a fork from before it."""
        if watched := self._runs.selected.watched:
            self._say(watched)
            return
        withdrawn = self._runs.withdraw()
        if withdrawn:
            self.change(lambda: withdrawn)
            return
        last = self._runs.last_change()
        if last is None:
            self._say("no setting was changed so far")
            return
        refusal = self._runs.why_no_fork(last.at - 1)
        if refusal:
            self._say(refusal)
            return
        dialog = UndoDialog(self._runs.describe_change(last), last, self._runs.snapshot.generation)
        self._program.push_screen(dialog, partial(self._answer, last))

    def _answer(self, last: Intervened, answer: bool | None) -> None:  # noqa: FBT001 - Textual's
        if answer:
            self._fork(last.at - 1, {})


class KnobDialog(Dialog[None]):
    """All settings that can be changed now, as sliders, with what each of them is."""

    BINDINGS = [  # noqa: RUF012 - see Textual
        Binding("k,q", "cancel", "Close", show=False),
        Binding("u", "undo", "Undo", show=False),
    ]

    def __init__(self, program: Program, runs: RunGroup, control: KnobControl) -> None:
        super().__init__()
        self._program, self._runs, self._control = program, runs, control

    def compose(self) -> ComposeResult:
        """Put the settings above, and what the chosen one is below."""
        with Vertical(classes="window knobs") as window:
            window.border_title = "settings that can be changed while the run goes on"
            yield KnobList("all-knobs")
            yield Static(id="about-knob", markup=False)
            yield KeyHints((*KNOB_ACTIONS, *_DIALOG_ACTIONS))

    def on_mount(self) -> None:
        """Give the settings as many rows as there are."""
        knobs = self.query_one(KnobList)
        knobs.styles.height = len(self._runs.knobs)
        knobs.focus()
        self.call_after_refresh(self.show, "")

    def on_resize(self) -> None:
        """Fit the rows to another width."""
        self.call_after_refresh(self.show, "")

    @on(KnobList.Chosen)
    def _on_chosen(self) -> None:
        self.show("")

    def show(self, said: str) -> None:
        """Show the present values, and what the last key did."""
        if not self.is_mounted:
            return
        knobs, palette = self.query_one(KnobList), self._program.palette
        value_of = self._runs.selected.value_of
        knobs.update(self._runs.knobs, value_of, palette, without=self._runs.why_no_knobs())
        self.query_one(KeyHints).update(palette)
        window = self.query_one(".window")
        window.border_subtitle = said or "every turn is written into the run"
        chosen = knobs.chosen
        scale = slider_scale(chosen, value_of(chosen)) if chosen is not None else ""
        slider = f" · slider {scale}" if scale else ""
        about = f"{chosen.description}{slider} · in files {chosen.key}" if chosen else ""
        self.query_one("#about-knob", Static).update(about)

    @on(KnobList.Turned)
    def _on_turned(self, message: KnobList.Turned) -> None:
        self._control.turn(message.key, message.sign)

    @on(KnobList.Placed)
    def _on_placed(self, message: KnobList.Placed) -> None:
        self._control.place(message.key, message.value)

    @on(KnobList.Edited)
    def _on_edited(self, message: KnobList.Edited) -> None:
        self._control.edit(message.key)

    def action_undo(self) -> None:
        """Take the last change back."""
        self._control.undo()


class UndoDialog(Dialog[bool]):
    """Offers a fork from before a change that generations have used already."""

    BINDINGS = [Binding("y", "agree", "Fork", show=False)]  # noqa: RUF012 - see Textual

    def __init__(self, change: str, last: Intervened, generation: int) -> None:
        super().__init__()
        used = max(1, generation - last.at + 1)
        steps = "1 generation has" if used == 1 else f"{used:,} generations have"
        self._sentences = (
            f"From generation {last.at:,} on: {change}. {steps} used it, so it stays in this run.",
            f"A fork repeats generations 0 to {last.at - 1:,} and goes on without it.",
        )

    def compose(self) -> ComposeResult:
        """Sentences and two buttons."""
        with Vertical(classes="window") as window:
            window.border_title = "fork from before the change?"
            for sentence in self._sentences:
                yield Static(sentence, markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Fork", variant="primary", id="fork")
                yield Button("Stay", id="stay")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "fork")

    def action_agree(self) -> None:
        """Fork: u, y is enough."""
        self.dismiss(result=True)
