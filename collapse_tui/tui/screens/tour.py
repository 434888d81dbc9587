"""The tour: chapters of under a minute, each a run with captions that point at what moves."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from typing_extensions import override

from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.chapters import Chapter, read_chapters
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.runs.replay import replay
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.widgets.caption_bar import CaptionBar
from collapse_tui.tui.widgets.panes import Pane

WAIT = 8
"""Seconds after the end of a chapter until the next one begins, if no key is pressed."""


class TourScreen(LiveScreen):
    """One chapter of the tour; every key of the live screen works in it.

    Parameters
    ----------
    program : Program
    launcher : Launcher
        Its runs are not meant to be kept.
    number : int
        Index of the chapter.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "chapter(1)", "Next chapter.", show=False),
        Binding("b", "chapter(-1)", "Chapter before.", show=False),
    ]

    def __init__(self, program: Program, launcher: Launcher, number: int = 0) -> None:
        self.chapters = read_chapters()
        self.number = number
        self.chapter: Chapter = self.chapters[number]
        self._left: int | None = None
        self._busy = False
        chapter, own = self.chapter, replace(launcher, runs=program.temporary_runs(), out=None)
        if chapter.record is not None:
            open_run = partial(replay, chapter.record, chapter.name)
        else:
            open_run = partial(own.open, chapter.name, chapter.settings)
        about = RunDescription(chapter.name, chapter.title)
        super().__init__(program, own, open_run, about, rate=chapter.rate)
        self._launcher = own
        self.runs.kept = False

    def on_mount(self) -> None:
        """Put the caption below the charts, and count down once the chapter has ended."""
        self.query_one("#foot").mount(CaptionBar(), before=0)
        self.set_interval(1, self._count_down)

    @override
    def redraw(self) -> None:
        super().redraw()
        self._show_caption()

    def _show_caption(self) -> None:
        bars = self.query(CaptionBar)
        if not bars:
            return
        caption = self.chapter.caption(self.runs.snapshot.generation)
        for pane in self.query(Pane):
            pane.set_class(pane.id == f"{caption.pane}-pane", "-pointed")
        title = f"tour {self.number + 1} of {len(self.chapters)} · {self.chapter.title}"
        bars.first().update(title, self._keys(), caption.text, self._program.palette)

    def _keys(self) -> str:
        if self.number + 1 == len(self.chapters):
            return "space pause · b back · q leave"
        by_itself = f" (by itself in {self._left} s)" if self._left is not None else ""
        return f"space pause · n next{by_itself} · q leave"

    def _count_down(self) -> None:
        """Go on a while after the end, unless the user is busy here or this is the last chapter."""
        last = self.number + 1 == len(self.chapters)
        if not self.runs.over or not self.is_current or self._busy or last:
            return
        self._left = WAIT if self._left is None else self._left - 1
        if self._left <= 0:
            self.action_chapter(1)
        else:
            self._show_caption()

    def on_key(self) -> None:
        """Stay where the user does something."""
        self._busy = self._busy or self.runs.over
        self._left = None

    def action_chapter(self, step: int) -> None:
        """Go to another chapter, if there is one."""
        number = self.number + step
        if 0 <= number < len(self.chapters):
            screen = TourScreen(self._program, self._launcher, number)
            self._program.switch_screen(screen)  # pyright: ignore[reportUnknownMemberType]
