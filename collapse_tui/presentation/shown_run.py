"""The runs that are on the screen together: letter, colour, and what differs, in words."""

from dataclasses import dataclass

from collapse_tui.charts.palette import RUN_LETTERS, RUNS, Colour
from collapse_tui.presentation.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Settings that change in a run.

    Attributes
    ----------
    at : int
        The first generation that they hold for.
    text : str
        Which ones, from what to what: ``λ 0 → 0.2``.
    """

    at: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class ShownRun:
    """One of the runs on the screen.

    Attributes
    ----------
    letter : str
        A to F, in the order in which they came; it keeps its letter.
    snapshot : Snapshot
    forked_at : int or None
        The last generation that it shares with the run it was forked from; None for no fork.
    forked_from : str
        The letter of that run, whether it is still on the screen or not.
    difference : str
        The settings in which it differs from the others, as they are: ``λ 0.2``.
    changes : tuple of SettingChange
        Interventions, ascending.
    """

    letter: str
    snapshot: Snapshot
    forked_at: int | None = None
    forked_from: str = ""
    difference: str = ""
    changes: tuple[SettingChange, ...] = ()

    @property
    def colour(self) -> Colour:
        """Its colour as long as it is on the screen."""
        return RUNS[RUN_LETTERS.index(self.letter)]

    @property
    def label(self) -> str:
        """Its letter and what differs."""
        return f"{self.letter} ({self.difference})" if self.difference else self.letter

    @property
    def origin(self) -> str:
        """Where it comes from, in words."""
        if self.forked_at is None:
            return "first run"
        of = f" of {self.forked_from}" if self.forked_from != RUN_LETTERS[0] else ""
        return f"fork{of} at {self.forked_at:,}"
