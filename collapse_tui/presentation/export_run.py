"""A stored run as files in any format: data, the screen's picture, figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from collapse_tui.presentation.figures.write_figures import (
    SUFFIXES,
    FigureChoice,
    name_files,
    plan_figures,
    write_figures,
)
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.export import DATA_SUFFIXES, check_target, export, write_target
from collapse_tui.storage.saved import SavedRun

WritePage = Callable[[SavedRun, Path], tuple[str, ...]]
"""Writes one file and returns notes on what is missing from it."""


class Exported(NamedTuple):
    """The files that were written, and what is wrong with the run or missing from them."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """Options of figures as they were given; None and empty where they were not.

    Attributes
    ----------
    style, width : str or None
    metrics : tuple of str
    view : int or None
    """

    style: str | None = None
    width: str | None = None
    metrics: tuple[str, ...] = ()
    view: int | None = None

    @property
    def given(self) -> list[str]:
        """The options that were given, as they are written."""
        values = (self.style, self.width, self.metrics, self.view)
        names = ("--style", "--width", "--metric", "--view")
        return [name for name, value in zip(names, values, strict=True) if value not in {None, ()}]


def export_run(
    run: SavedRun, target: Path, options: FigureOptions | None = None, *, force: bool = False
) -> Exported:
    """Write a run in the format that the suffix of a file names.

    Parameters
    ----------
    run : SavedRun
    target : Path
        Of several figures, PNG and SVG have a file each, named after it.
    options : FigureOptions or None
        Of figures; refused with other formats. A ``.svg`` without a style is the screen's picture.
    force : bool
        Whether files already there may be replaced.
    """
    options = options or FigureOptions()
    kind = target.suffix.lower()
    if not target.name.lower().endswith(ALL_SUFFIXES):
        raise ExportError(
            f"{target} must end in one of {' '.join(ALL_SUFFIXES)}, got"
            f" {target.suffix or 'no suffix'}"
        )
    if kind in SUFFIXES and (kind != ".svg" or options.style is not None):
        return _export_figures(run, target, options, force=force)
    if options.given:
        hint = "add --style paper, or " if kind == ".svg" else ""
        raise ExportError(
            f"{' and '.join(options.given)} {'is' if len(options.given) == 1 else 'are'} for"
            f" figures: {hint}let {target.name} end in .pdf or .png"
        )
    notes: list[str] = []

    def write_page(saved: SavedRun, path: Path) -> None:
        notes.extend(_PAGES[kind](saved, path))

    more = dict.fromkeys(_PAGES, write_page)
    damages = export(run, target, more=more, force=force)
    return Exported((target,), (*damages, *notes))


def _export_figures(
    run: SavedRun, target: Path, options: FigureOptions, *, force: bool
) -> Exported:
    choice = FigureChoice(options.style or "paper", options.width, options.metrics, options.view)
    figures = plan_figures(run, choice)
    files = name_files(target, figures.plans)
    for path, _ in files:
        check_target(path, force=force)
    damages = run.verify_records(values=True)
    kind = target.suffix.lower()
    for path, plans in files:
        write_target(path, lambda place, plans=plans: write_figures(figures, plans, place, kind))
    return Exported(tuple(path for path, _ in files), (*damages, *figures.notes))


def _write_svg(run: SavedRun, path: Path) -> tuple[str, ...]:
    from collapse_tui.presentation.svg_page import write_svg

    return write_svg(run, path)


def _write_html(run: SavedRun, path: Path) -> tuple[str, ...]:
    from collapse_tui.presentation.html.write_page import write_html

    return write_html(run, path)


_PAGES: Mapping[str, WritePage] = MappingProxyType({".svg": _write_svg, ".html": _write_html})
"""Suffix → what writes it: formats that storage does not know."""
ALL_SUFFIXES = tuple(dict.fromkeys((*DATA_SUFFIXES, *_PAGES, *SUFFIXES)))
"""What the name of an export can end in."""
