"""The picker: presets and saved runs on the left, the chosen one and its settings on the right."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from collapse_tui.charts.palette import Colour
from collapse_tui.experiment.examination import Examination
from collapse_tui.presentation.scene import Scene
from collapse_tui.tui.keys import Action, key_bindings
from collapse_tui.tui.program import Program
from collapse_tui.tui.render import Job, Paint
from collapse_tui.tui.runs.descriptions import Entry, RunDescription
from collapse_tui.tui.runs.examiner import Examiner, Question
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.setting_dialogs import DIALOGS, Answer
from collapse_tui.tui.screens.tour import TourScreen
from collapse_tui.tui.widgets.bars import HeaderBar, KeyHints
from collapse_tui.tui.widgets.entry_list import EntryList
from collapse_tui.tui.widgets.form import SettingsForm
from collapse_tui.tui.widgets.panes import TOO_SMALL
from collapse_tui.tui.widgets.settings_list import Row, SettingsList
from collapse_tui.tui.widgets.sketch_view import Deliver

if TYPE_CHECKING:
    from textual.timer import Timer

PICKER = (
    Action("run", "enter", "enter", "run", "Run the chosen entry.", 1),
    Action("filter", "slash", "/", "filter", "Show only what matches; escape shows all again.", 2),
    Action("edit", "tab", "tab", "settings", "Go to the settings and back.", 2),
    Action("tour", "T", "T", "tour", "Six short chapters on what collapse is.", 3),
    Action("runs", "A", "A", "runs", "All saved runs: open, compare, fork, delete.", 2),
    Action("leave", "q", "q", "quit", "Leave.", 1),
)

SETTINGS = (
    Action("nothing", "enter", "enter", "edit", "Type or choose a value.", 1),
    Action("nothing", "left,right", "←→", "choose", "The next of the values.", 2),
    Action("nothing", "backspace", "del", "reset", "Back to the preset.", 3),
    Action("run", "r", "r", "run", "Run with these settings.", 1),
    Action("edit", "tab", "tab", "list", "Go back to the list.", 2),
)
"""What the keys do in the list of settings."""

REST = 0.15
"""Seconds that the cursor rests on an entry before its run is examined."""
DEVICE = "device"
"""The key of the field that chooses the device."""


class PickerScreen(Screen[None]):
    """The list of presets and saved runs, and a form for the settings of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *key_bindings(PICKER),
        Binding("r", "run", "Run the chosen entry", show=False),
        Binding("shift+tab", "edit", "Go to the settings and back", show=False),
        Binding("escape", "home", "Back to the list", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (140, "-huge")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"), (20, "-low"), (24, "-high"), (34, "-tall"), (46, "-giant")
    ]  # fmt: skip

    def __init__(self, program: Program, launcher: Launcher) -> None:
        super().__init__()
        self._program = program
        self._launcher = launcher
        self._entries: Sequence[Entry] = ()
        self._timer: Timer | None = None
        self._examiner: Examiner | None = None
        self._serial = 0
        self._shown: Entry | None = None
        self._answer: Examination | None = None
        self._lacking: Mapping[str, str] = {}

    @property
    def _list(self) -> EntryList:
        return self.query_one(EntryList)

    @property
    def _form(self) -> SettingsForm:
        return self.query_one(SettingsForm)

    def compose(self) -> ComposeResult:
        """Put the form beside the list."""
        yield HeaderBar()
        with Horizontal(id="picker"):
            with Vertical(id="list"):
                yield Input(placeholder="filter", id="filter", compact=True)
                yield EntryList()
            yield SettingsForm(self._submit)
        yield Static(TOO_SMALL, id="too-small")
        yield KeyHints(PICKER)

    def on_mount(self) -> None:
        """List presets and saved runs."""
        self._list.focus()
        self._read_entries()
        for changed in (self._program.theme_changed_signal, self._program.marker_changed):
            changed.subscribe(self, lambda _: self._draw_anew())

    def _draw_anew(self) -> None:
        self._form.sketch.draw()
        self._list.draw()

    def _submit(self, paint: Paint, width: int, height: int, deliver: Deliver) -> None:
        program = self._program
        job = Job(paint, width, height, program.marker, program.palette, deliver)
        program.renderer.submit("sketch", job)

    def on_unmount(self) -> None:
        """Answer nothing more."""
        self._stop_examiner()

    def on_resize(self) -> None:
        """Write header and hints again."""
        self.call_after_refresh(self._write_bars)

    def on_screen_suspend(self) -> None:
        """Leave the machine to the run."""
        if self._is_covered():
            self._stop_examiner()

    def _is_covered(self) -> bool:
        """Return whether a run is shown above this screen."""
        return any(isinstance(screen, LiveScreen) for screen in self._program.screen_stack)

    def on_screen_resume(self) -> None:
        """Write header and hints again after a run was left, and ask what was not answered."""
        self.call_after_refresh(self._write_bars)
        if self._shown is not None and self._answer is None:
            self._ask_soon(REST)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Hint at the keys of what has the focus."""
        del event
        self._write_bars()

    def _write_bars(self) -> None:
        palette = self._program.palette
        left = [
            ("collapse-tui", Colour.STRONG),
            (" · watch models collapse, beside theory", Colour.TEXT),
        ]
        count = sum(1 for entry in self._entries if entry.saved is None)
        self.query_one(HeaderBar).update(left, [(f"{count} presets", Colour.TEXT)], palette)
        in_settings = isinstance(self.focused, SettingsList)
        self.query_one(KeyHints).show_actions(SETTINGS if in_settings else PICKER, palette)

    # ---- the list

    @work(thread=True, group="entries", exit_on_error=False)
    def _read_entries(self) -> None:
        self.call_later(self._show_entries, self._launcher.entries())

    def _show_entries(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._list.show_entries(entries)
        self._write_bars()

    @on(Input.Changed, "#filter")
    def _on_filter_changed(self, event: Input.Changed) -> None:
        self._list.filter(event.value)
        if self._list.chosen is None:
            self._show_entry(None)

    @on(OptionList.OptionHighlighted, "#entries")
    def _on_highlighted(self) -> None:
        if self._list.chosen is not self._shown:  # a list that is made anew moves nothing
            self._show_entry(self._list.chosen)

    def _show_entry(self, entry: Entry | None) -> None:
        """Show what is known of an entry at once, and have the rest found out."""
        self._shown, self._answer = entry, None
        self._serial += 1
        form = self._form
        form.show_about(_about(entry))
        if entry is None:
            form.show_sentence("")
            return
        self._read_picture(entry)
        if entry.saved is not None:
            form.show_sentence("Enter shows it among the saved runs.")
        else:
            form.show_checking()
            self._ask_soon(REST)

    @work(thread=True, group="picture", exclusive=True, exit_on_error=False)
    def _read_picture(self, entry: Entry) -> None:
        self.call_later(self._show_picture, entry, self._launcher.picture(entry))

    def _show_picture(self, entry: Entry, scene: Scene | None) -> None:
        if entry is self._shown:
            self._form.sketch.show_scene(scene)

    # ---- what the run would be

    @on(SettingsForm.Changed)
    def _on_changed(self) -> None:
        self._answer = None
        self._form.show_checking()
        self._ask_soon(0.0)

    def _ask_soon(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._serial += 1
        self._timer = self.set_timer(seconds or 1e-3, self._ask)

    def _ask(self) -> None:
        entry = self._shown
        if entry is None or entry.saved is not None or self._is_covered():
            return
        if self._examiner is None:
            self._examiner = self._launcher.examiner(self._on_answer, self._on_lacking)
        self._examiner.ask(Question(self._serial, entry.name, self._form.changes()))

    def _on_answer(self, question: Question, answer: Examination) -> None:
        """Accept an answer, in the examiner's thread."""
        self.call_later(self._show_answer, question, answer)

    def _on_lacking(self, lacking: Mapping[str, str]) -> None:
        """Accept which presets lack something, in the examiner's thread."""
        self.call_later(self._show_lacking, lacking)

    def _show_answer(self, question: Question, answer: Examination) -> None:
        entry = self._shown
        if question.serial != self._serial or entry is None:
            return
        self._answer = answer
        self._form.show_answer(_about(entry), answer)

    def _show_lacking(self, lacking: Mapping[str, str]) -> None:
        self._lacking = lacking
        self._list.show_lacking(lacking)

    def _stop_examiner(self) -> None:
        if self._examiner is not None:
            self._examiner.close()
            self._examiner = None

    # ---- settings

    @on(SettingsList.Edited)
    def _on_edited(self, event: SettingsList.Edited) -> None:
        row, settings = event.row, self._form.settings
        value = settings.value(row.field)
        if row.place is not None:
            value = value[row.place]
        window = DIALOGS[row.field.kind](row.field, value, event.typed)
        self._program.push_screen(window, partial(self._set, row))

    def _set(self, row: Row, answer: Answer | None) -> None:
        if answer is None:
            return
        settings = self._form.settings
        if row.place is None:
            settings.set(row.field, answer.value)
        else:
            settings.set_row(row, cast("Mapping[str, object] | None", answer.value))

    # ---- actions

    @on(OptionList.OptionSelected, "#entries")
    def action_run(self) -> None:
        """Run the chosen entry, with the settings that were changed; say why where it cannot."""
        entry = self._list.chosen
        if entry is None:
            return
        if self._answer is not None and self._answer.refusal:
            self.notify(self._answer.refusal, severity="warning")
            self._on_changed()  # what was missing may be there by now
            return
        if self._answer is None and entry.name in self._lacking:
            words = f"{entry.name} needs a model or data that are not on this machine"
            self.notify(f"{words}: `{self._lacking[entry.name]}` fetches them", severity="warning")
            return
        if entry.saved is not None:
            self._program.show_runs(entry.saved)
            return
        settings = self._form.changes()
        device = settings.pop(DEVICE, None)
        opener = partial(self._launcher.open, entry.name, settings)
        if device is not None:
            opener = partial(opener, device=str(device))
        self._program.push_screen(LiveScreen(self._program, self._launcher, opener, _about(entry)))

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one("#filter", Input).focus()

    def action_home(self) -> None:
        """Clear the filter and go back to the list."""
        if not isinstance(self.focused, SettingsList):
            self.query_one("#filter", Input).clear()
        self._focus_list()

    @on(Input.Submitted, "#filter")
    def _focus_list(self) -> None:
        self._list.focus()

    def action_edit(self) -> None:
        """Go to the settings, or from them to the list."""
        settings = self._form.settings
        if settings.has_focus or not settings.option_count:
            self._list.focus()
        else:
            settings.focus()

    def action_tour(self) -> None:
        """Begin the tour; q comes back here."""
        self._program.push_screen(TourScreen(self._program, self._launcher))

    def action_runs(self) -> None:
        """Show the saved runs."""
        self._program.show_runs()

    def action_leave(self) -> None:
        """Leave."""
        self._program.exit(0)


def _about(entry: Entry | None) -> RunDescription:
    if entry is None:
        return RunDescription("", "")
    return entry.run or RunDescription(entry.name, entry.line)
