"""The command palette: actions, metrics, presets, themes and markers, each found by its name."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.screen import Screen

from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.terms import explain_term, load_terms
from collapse_tui.tui.keys import Action
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.dialogs import ExplanationDialog
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.preset_check import PresetCheck
from collapse_tui.tui.themes import NAMES
from collapse_tui.user_config import MARKERS


def list_commands(
    program: Program, launcher: Launcher, screen: Screen[Any]
) -> Iterator[SystemCommand]:
    """Yield what can be done on a screen besides Textual's own commands."""
    if isinstance(screen, LiveScreen):
        yield from _live_commands(program, screen)
    else:
        yield from _action_commands(screen, getattr(screen, "ACTIONS", ()))
    if not screen.is_modal:
        yield from _preset_commands(program, launcher)
    if not screen.is_modal:
        yield from _term_commands(program)
    for name in NAMES:
        choose = partial(program.choose_theme, name)
        yield SystemCommand(f"Theme: {name}", "Colours of the screen and of the charts", choose)
    for marker in MARKERS:
        choose = partial(program.choose_marker, marker)
        yield SystemCommand(f"Marker: {marker}", "Characters of curves", choose)


def _live_commands(program: Program, screen: LiveScreen) -> Iterator[SystemCommand]:
    yield from _action_commands(screen, program.settings.actions)
    for topic in screen.options.topics:
        show = partial(screen.show_topic, topic)
        words = metric_words(topic)
        yield SystemCommand(f"Metric: {words.long}", f"Show {topic} in the main pane", show)


def _action_commands(screen: Screen[Any], actions: Sequence[Action]) -> Iterator[SystemCommand]:
    for action in actions:
        perform = partial(screen.run_action, action.name)
        yield SystemCommand(action.help, f"key {action.label}", perform)


def _term_commands(program: Program) -> Iterator[SystemCommand]:
    for term in load_terms():
        meaning = explain_term(term)
        show = partial(program.push_screen, ExplanationDialog(term, [meaning]))
        yield SystemCommand(f"What is: {term}", meaning.partition(". ")[0], show)


def _preset_commands(program: Program, launcher: Launcher) -> Iterator[SystemCommand]:
    import presets
    from collapse_tui.experiment import document

    for name in presets.names():
        title = str(document.read(name)[1].get("title", ""))
        run = PresetCheck(program, launcher, RunDescription(name, title)).begin
        yield SystemCommand(f"Preset: {name}", title, run)
