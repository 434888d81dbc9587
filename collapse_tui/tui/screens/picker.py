"""The picker: presets and saved runs on the left, the chosen one and its settings on the right."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from collapse_tui.charts.palette import Colour
from collapse_tui.tui.keys import Action, key_bindings
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import CannotStart, Entry, RunDescription
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.tour import TourScreen
from collapse_tui.tui.widgets.bars import HeaderBar, KeyHints
from collapse_tui.tui.widgets.entry_list import EntryList
from collapse_tui.tui.widgets.form import SettingsForm
from collapse_tui.tui.widgets.panes import TOO_SMALL

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

TYPING = 0.25
"""Seconds without a key after which settings are checked."""


class PickerScreen(Screen[None]):
    """The list of presets and saved runs, and a form for the settings of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in key_bindings(PICKER) if binding.key != "tab"),
        Binding("escape", "home", "Back to the list", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-high")]  # noqa: RUF012

    def __init__(self, program: Program, launcher: Launcher) -> None:
        super().__init__()
        self._program = program
        self._launcher = launcher
        self._entries: Sequence[Entry] = ()
        self._about: dict[str, RunDescription] = {}
        self._timer: Timer | None = None

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
            yield SettingsForm()
        yield Static(TOO_SMALL, id="too-small")
        yield KeyHints(PICKER)

    def on_mount(self) -> None:
        """List presets and saved runs."""
        self._list.focus()
        self._read_entries()

    def on_resize(self) -> None:
        """Write header and hints again."""
        self.call_after_refresh(self._write_bars)

    def on_screen_resume(self) -> None:
        """Write header and hints again after a run was left."""
        self.call_after_refresh(self._write_bars)

    def _write_bars(self) -> None:
        palette = self._program.palette
        left = [
            ("collapse-tui", Colour.STRONG),
            (" · watch models collapse, beside theory", Colour.TEXT),
        ]
        count = sum(1 for entry in self._entries if entry.saved is None)
        self.query_one(HeaderBar).update(left, [(f"{count} presets", Colour.TEXT)], palette)
        self.query_one(KeyHints).update(palette)

    @work(thread=True, group="entries", exit_on_error=False)
    def _read_entries(self) -> None:
        self.call_later(self._show_entries, self._launcher.entries())

    def _show_entries(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._list.show_entries(entries)
        self._write_bars()

    def _list_matches(self, wanted: str) -> None:
        self._list.filter(wanted)
        if self._list.chosen is None:
            self._empty_form()

    @work(group="present", exclusive=True)
    async def _empty_form(self) -> None:
        """Empty the form, because the list is empty."""
        await self._form.show_preset(RunDescription("", ""), {})
        self._form.show_verdict("", good=True)

    def _chosen_entry(self) -> Entry | None:
        return self._list.chosen

    @on(OptionList.OptionHighlighted)
    def _on_highlighted(self) -> None:
        entry = self._chosen_entry()
        if entry is not None:
            self._read_preset(entry)

    @work(thread=True, group="describe", exclusive=True, exit_on_error=False)
    def _read_preset(self, entry: Entry) -> None:
        about, settings = RunDescription(entry.name, entry.line), dict[str, str]()
        if entry.saved is None:
            # What is wrong with it is shown by the check, which comes next.
            with suppress(CannotStart, ValueError):
                about, settings = self._launcher.about(entry.name)
        self.call_later(self._show_preset, entry, about, settings)

    async def _show_preset(
        self, entry: Entry, about: RunDescription, settings: dict[str, str]
    ) -> None:
        self._about[entry.name] = about
        if self._chosen_entry() == entry:
            await self._form.show_preset(about, settings)
            self._check_soon()

    @on(SettingsForm.Changed)
    def _check_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(TYPING, self._check_now)

    def _check_now(self) -> None:
        entry = self._chosen_entry()
        if entry is not None and entry.saved is None:
            self._check(entry, self._form.changes())
        elif entry is not None:
            self._form.show_verdict("Enter shows it among the saved runs.", good=True)

    @work(thread=True, group="check", exclusive=True, exit_on_error=False)
    def _check(self, entry: Entry, settings: dict[str, object]) -> None:
        try:
            verdict, good = self._launcher.check(entry.name, settings), True
        except (CannotStart, ValueError) as refusal:
            verdict, good = str(refusal), False
        self.call_later(self._show_verdict, entry, verdict, good=good)

    def _show_verdict(self, entry: Entry, verdict: str, *, good: bool) -> None:
        if self._chosen_entry() == entry:
            self._form.show_verdict(verdict, good=good)

    @on(OptionList.OptionSelected)
    @on(SettingsForm.Submitted)
    def action_run(self) -> None:
        """Run the chosen entry, with the settings that were typed."""
        entry = self._chosen_entry()
        if entry is None:
            return
        about = self._about.get(entry.name, RunDescription(entry.name, entry.line))
        if entry.saved is not None:
            self._program.show_runs(entry.saved)
            return
        opener = partial(self._launcher.open, entry.name, self._form.changes())
        self._program.push_screen(LiveScreen(self._program, self._launcher, opener, about))

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def _on_filter_changed(self, event: Input.Changed) -> None:
        self._list_matches(event.value)

    def action_home(self) -> None:
        """Clear the filter and go back to the list."""
        self.query_one("#filter", Input).clear()
        self._focus_list()

    @on(Input.Submitted, "#filter")
    def _focus_list(self) -> None:
        self._list.focus()

    def action_edit(self) -> None:
        """Go to the settings."""
        self.focus_next(Input)

    def action_tour(self) -> None:
        """Begin the tour; q comes back here."""
        self._program.push_screen(TourScreen(self._program, self._launcher))

    def action_runs(self) -> None:
        """Show the saved runs."""
        self._program.show_runs()

    def action_leave(self) -> None:
        """Leave."""
        self._program.exit(0)
