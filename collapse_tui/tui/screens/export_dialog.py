"""The dialog of `e`: in which format, under which name, and how wide the run is written."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from collapse_tui.presentation.scene import Scene
from collapse_tui.tui.program import Program
from collapse_tui.tui.screens.dialogs import Dialog
from collapse_tui.tui.screens.export_files import (
    FORMATS,
    SLIDES,
    ExportFormat,
    free_stem,
    write_run,
    write_screen,
)
from collapse_tui.visible_text import to_visible_line
from engines.errors import CollapseError

WIDTH = "column"
"""What figures are as wide as, unless another width is typed."""


class ExportOrder(NamedTuple):
    """What is to be written."""

    format: ExportFormat
    stem: str
    width: str


class ExportDialog(Dialog[ExportOrder]):
    """Formats to choose from; enter writes the first one, the screen as it is.

    Parameters
    ----------
    stem : str
        The name of the files, to be edited.
    folder : Path
        Where they are written.
    saved : bool
        Whether the run is saved: all formats but the first read it from there.
    """

    def __init__(self, stem: str, folder: Path, *, saved: bool) -> None:
        super().__init__()
        self._stem, self._folder, self._saved = stem, folder, saved

    def compose(self) -> ComposeResult:
        """Put the formats above name and width."""
        with Vertical(classes="window") as window:
            window.border_title = "export"
            window.border_subtitle = "enter writes, esc cancels"
            names = [", ".join(one.suffixes) for one in FORMATS]
            wide = max(map(len, names)) + 2
            options = (
                Option(f"{name:{wide}}{one.words}")
                for name, one in zip(names, FORMATS, strict=True)
            )
            yield OptionList(*options, id="formats", compact=True, markup=False)
            with Vertical(classes="fields"):
                with Horizontal(classes="field"):
                    yield Label("name")
                    yield Input(self._stem, id="stem", compact=True)
                with Horizontal(classes="field", id="width-field"):
                    yield Label("width")
                    yield Input(WIDTH, id="width", compact=True)
            yield Static(id="refusal", markup=False)

    def on_mount(self) -> None:
        """Begin with the first format."""
        self.query_one(OptionList).highlighted = 0
        self.query_one(OptionList).focus()

    @property
    def chosen(self) -> ExportFormat:
        """The format that is highlighted."""
        return FORMATS[self.query_one(OptionList).highlighted or 0]

    @on(OptionList.OptionHighlighted)
    @on(Input.Changed)
    def explain(self) -> None:
        """Say which files will be written, or what is missing for them."""
        self.query_one("#width-field").display = self.chosen.figure
        problem = self._problem()
        hint = f"; width: {WIDTH}, page, {SLIDES}, or as in 120mm" if self.chosen.figure else ""
        line = self.query_one("#refusal", Static)
        line.update(problem or f"{' and '.join(self._names())} in {self._folder}{hint}")
        line.display = True
        line.set_class(bool(problem), "bad")

    def _names(self) -> list[str]:
        stem, suffixes = self.query_one("#stem", Input).value.strip(), self.chosen.suffixes
        return [f"{free_stem(self._folder, stem, suffixes)}{suffix}" for suffix in suffixes]

    def _problem(self) -> str:
        """Return why the files cannot be written; empty if they can."""
        stem = self.query_one("#stem", Input).value.strip()
        if not stem or "/" in stem or "\0" in stem:
            return f"the name must be that of a file in {self._folder}, got {stem!r}"
        if not self._saved and not self.chosen.of_screen:
            return "this run is not saved yet: only the picture of the screen can be written"
        if self.chosen.missing:
            return self.chosen.missing
        width = self.query_one("#width", Input).value.strip()
        if self.chosen.figure and width != SLIDES:
            from collapse_tui.presentation.figures.figure_style import STYLES, parse_width

            try:
                parse_width(width, STYLES["paper"])
            except CollapseError as error:
                return str(error)
        return ""

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def finish(self) -> None:
        """Answer with the order, unless something is missing, which is said already."""
        if self._problem():
            self.explain()
            return
        stem, width = (
            self.query_one(f"#{name}", Input).value.strip() for name in ("stem", "width")
        )
        self.dismiss(ExportOrder(self.chosen, stem, width))


def ask_for_export(program: Program, scene: Scene, name: str) -> None:
    """Open the dialog, then write what was ordered and say where it is.

    Parameters
    ----------
    program : Program
    scene : Scene
        What the screen shows.
    name : str
        Of its preset or run.
    """
    stem = to_visible_line(f"{Path(name).stem}-{max(0, scene.generation)}")
    saved = bool(scene.snapshot.folder) and scene.snapshot.generation >= 0
    dialog = ExportDialog(stem, Path.cwd(), saved=saved)
    program.push_screen(dialog, partial(_carry_out, program, scene, name))


def _carry_out(program: Program, scene: Scene, name: str, order: ExportOrder | None) -> None:
    if order is None:
        return
    folder = Path.cwd()
    stem = free_stem(folder, order.stem, order.format.suffixes)
    if order.format.of_screen:
        # once the dialog is gone from the picture
        program.call_after_refresh(_write_screen, program, scene, name, folder / stem)
        return
    target = folder / f"{stem}{order.format.suffixes[0]}"
    program.notify(f"writing {target.name} …", timeout=2)

    def write() -> None:
        try:
            files, notes = write_run(scene, target, order.format, order.width)
        except (CollapseError, OSError) as error:
            program.call_from_thread(program.notify, str(error), severity="error", timeout=20)
        else:
            program.call_from_thread(_say, program, files, notes)

    program.run_worker(write, thread=True, group="export", exit_on_error=False)


def _write_screen(program: Program, scene: Scene, name: str, base: Path) -> None:
    try:
        files = write_screen(program, scene, name, base)
    except OSError as error:
        program.notify(f"cannot write here: {error}", severity="error")
    else:
        _say(program, files, [])


def _say(program: Program, files: Sequence[Path], notes: Sequence[str]) -> None:
    shown = [str(path) for path in files[:4]]
    if len(files) > 4:
        shown.append(f"and {len(files) - 4} more")
    program.notify("\n".join((*shown, *notes)), title="written", timeout=10)
