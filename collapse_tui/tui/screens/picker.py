"""The picker: presets and saved runs on the left, the chosen one and its settings on the right."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from collapse_tui.charts import Colour
from collapse_tui.tui.keys import Action, key_bindings
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import About, CannotStart, Entry, Parameter
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.widgets.bars import HeaderBar, KeyHints
from collapse_tui.tui.widgets.form import SettingsForm
from collapse_tui.tui.widgets.panes import TOO_SMALL

if TYPE_CHECKING:
    from textual.timer import Timer

PICKER = (
    Action("run", "enter", "enter", "run", "Run the chosen entry.", 1),
    Action("filter", "slash", "/", "filter", "Show only what matches; escape shows all again.", 2),
    Action("edit", "tab", "tab", "settings", "Go to the settings and back.", 2),
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
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-high")]  # noqa: RUF012

    class Listed(Message):
        """The presets and saved runs have been listed."""

        def __init__(self, entries: Sequence[Entry]) -> None:
            super().__init__()
            self.entries = entries

    class Described(Message):
        """A preset has been read."""

        def __init__(self, entry: Entry, about: About, parameters: Sequence[Parameter]) -> None:
            super().__init__()
            self.entry = entry
            self.about = about
            self.parameters = parameters

    class Judged(Message):
        """Settings have been checked."""

        def __init__(self, entry: Entry, verdict: str, *, good: bool) -> None:
            super().__init__()
            self.entry = entry
            self.verdict = verdict
            self.good = good

    def __init__(self, program: Program, launcher: Launcher) -> None:
        super().__init__()
        self._program = program
        self._launcher = launcher
        self._entries: Sequence[Entry] = ()
        self._about: dict[str, About] = {}
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Put the form beside the list."""
        yield HeaderBar()
        with Horizontal(id="picker"):
            with Vertical(id="list"):
                yield Input(placeholder="filter", id="filter", compact=True)
                yield OptionList(id="entries")
            yield SettingsForm()
        yield Static(TOO_SMALL, id="too-small")
        yield KeyHints(PICKER)

    def on_mount(self) -> None:
        """List presets and saved runs."""
        self.query_one("#entries", OptionList).focus()
        self._load()

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
    def _load(self) -> None:
        self.post_message(self.Listed(self._launcher.entries()))

    @on(Listed)
    def _loaded(self, message: Listed) -> None:
        self._entries = message.entries
        self._fill("")
        self._write_bars()

    def _fill(self, wanted: str) -> None:
        options = self.query_one("#entries", OptionList)
        options.clear_options()
        group = ""
        for index, entry in enumerate(self._entries):
            if wanted.casefold() not in f"{entry.name} {entry.line} {entry.group}".casefold():
                continue
            if entry.group != group:
                if group:
                    options.add_option(Option("", disabled=True))
                group = entry.group
                options.add_option(Option(f"[b]{group}[/b]", disabled=True))
            options.add_option(Option(_line(entry), id=str(index)))
        if not options.option_count and wanted:
            for line in (f"no preset matches '{_plain(wanted)}'", "esc clears the filter"):
                options.add_option(Option(f"[dim]{line}[/dim]", disabled=True))
            self._clear()
        options.action_first()

    @work(group="present", exclusive=True)
    async def _clear(self) -> None:
        """Empty the form, because the list is empty."""
        form = self.query_one(SettingsForm)
        await form.show_preset(About("", ""), ())
        form.show_verdict("", good=True)

    def _chosen(self) -> Entry | None:
        option = self.query_one("#entries", OptionList).highlighted_option
        return self._entries[int(option.id)] if option is not None and option.id else None

    @on(OptionList.OptionHighlighted)
    def _look(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self._describe(entry)

    @work(thread=True, group="describe", exclusive=True, exit_on_error=False)
    def _describe(self, entry: Entry) -> None:
        about: About = About(entry.name, entry.line)
        parameters: Sequence[Parameter] = ()
        if entry.saved is None:
            # What is wrong with it is shown by the check, which comes next.
            with suppress(CannotStart, ValueError):
                about, parameters = self._launcher.about(entry.name)
        self.post_message(self.Described(entry, about, parameters))

    @on(Described)
    async def _described(self, message: Described) -> None:
        self._about[message.entry.name] = message.about
        if self._chosen() == message.entry:
            await self.query_one(SettingsForm).show_preset(message.about, message.parameters)
            self._judge_soon()

    @on(SettingsForm.Changed)
    def _judge_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(TYPING, self._judge_now)

    def _judge_now(self) -> None:
        entry = self._chosen()
        if entry is not None and entry.saved is None:
            self._judge(entry, self.query_one(SettingsForm).overrides())
        elif entry is not None:
            self.query_one(SettingsForm).show_verdict(
                "Enter continues where it stopped.", good=True
            )

    @work(thread=True, group="judge", exclusive=True, exit_on_error=False)
    def _judge(self, entry: Entry, overrides: dict[str, str]) -> None:
        try:
            verdict, good = self._launcher.check(entry.name, overrides), True
        except (CannotStart, ValueError) as refusal:
            verdict, good = str(refusal), False
        self.post_message(self.Judged(entry, verdict, good=good))

    @on(Judged)
    def _judged(self, message: Judged) -> None:
        if self._chosen() == message.entry:
            self.query_one(SettingsForm).show_verdict(message.verdict, good=message.good)

    @on(OptionList.OptionSelected)
    @on(SettingsForm.Submitted)
    def action_run(self) -> None:
        """Run the chosen entry, with the settings that were typed."""
        entry = self._chosen()
        if entry is None:
            return
        about = self._about.get(entry.name, About(entry.name, entry.line))
        if entry.saved is not None:
            opener = partial(self._launcher.resume, entry.saved)
        else:
            opener = partial(
                self._launcher.open, entry.name, self.query_one(SettingsForm).overrides()
            )
        self._program.run_live(about, opener)

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def action_home(self) -> None:
        """Clear the filter and go back to the list."""
        self.query_one("#filter", Input).clear()
        self._to_list()

    @on(Input.Submitted, "#filter")
    def _to_list(self) -> None:
        self.query_one("#entries", OptionList).focus()

    def action_edit(self) -> None:
        """Go to the settings."""
        self.focus_next(Input)

    def action_leave(self) -> None:
        """Leave."""
        self._program.exit(0)

    @on(KeyHints.Chosen)
    async def _choose(self, message: KeyHints.Chosen) -> None:
        await self.run_action(message.action)


def _line(entry: Entry) -> str:
    return f"{_plain(entry.name)}  [dim]{_plain(entry.line)}[/dim]"


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
