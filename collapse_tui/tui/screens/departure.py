"""How a live screen is left: the question, the saving of its runs, then back or out."""

from collections.abc import Callable, Sequence
from functools import partial

from textual.screen import Screen

from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.group import RunGroup
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.screens.dialogs import LeaveDialog
from collapse_tui.tui.screens.help_text import leave_message

LOOK = 0.02
"""Seconds between two looks at whether the runs have saved their state."""


class Departure:
    """Leaves one live screen: back to where one came from, or out of the program.

    Parameters
    ----------
    program : Program
    screen : Screen
    runs : RunGroup
        Of that screen.
    is_busy : callable
        Returns whether a long generation is in flight, for whose end the screen stays.
    redraw : callable
    """

    def __init__(
        self,
        program: Program,
        screen: Screen[None],
        runs: RunGroup,
        is_busy: Callable[[], bool],
        redraw: Callable[[], None],
    ) -> None:
        self._program, self._screen, self._runs = program, screen, runs
        self._is_busy, self._redraw = is_busy, redraw
        self._going = self._out = False

    def ask(self, *, out: bool, others: Sequence[RunGroup] = ()) -> None:
        """Leave at once where no run would be cut short; else ask, with every run paused.

        Parameters
        ----------
        out : bool
            Leave the program, whatever screen is below this one.
        others : sequence of RunGroup
            The runs of screens below, which end with the program.
        """
        self._out |= out or not self._program.goes_back(self._screen)
        if self._going:
            self._go()
            return
        groups = [group for group in (*others, self._runs) if group.is_at_stake]
        if not groups:
            self._go()
            return
        paused = [session for group in groups for session in group.pause(paused=True)]
        self._redraw()
        sentences = [line for group in groups for line in leave_message(group.snapshot)]
        more = sum(len(group.sessions) - 1 for group in groups)
        if more:
            which = "run on the screen is" if more == 1 else f"{more} runs on the screen are"
            sentences.append(f"The other {which} saved too.")
        if paused:
            sentences.append("Paused while this question is open; Stay continues.")
        self._program.push_screen(LeaveDialog(sentences), partial(self._answer, paused))

    def _answer(self, paused: Sequence[Session], answer: bool | None) -> None:  # noqa: FBT001 - Textual's
        if answer:
            self._go()
            return
        self._out = False
        for session in paused:
            session.pace.pause(paused=False)
        self._redraw()

    def _go(self) -> None:
        """Let every run save its state, then leave."""
        self._runs.stop()
        if self._out:
            self._program.expect_end(self._runs.exit_code)
            if not self._is_busy():
                self._program.exit(self._runs.exit_code)
                return
        # The long generation in flight is finished first, and the screen stays until then.
        if not self._going:
            self._going = True
            self._screen.set_interval(LOOK, self._leave_once_saved)
        self._redraw()
        self._leave_once_saved()

    def _leave_once_saved(self) -> None:
        # a run that is still opening has nothing to save: its worker ends by itself
        opening = not self._out and self._runs.snapshot.generation < 0
        if not (self._runs.over or opening):
            return
        if self._out:
            self._program.exit(self._runs.exit_code)
        elif self._screen.is_current:
            self._screen.dismiss()
