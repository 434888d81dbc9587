"""A stored run as files in any format: data, the screen's picture, figures."""

from collections.abc import Callable, Mapping
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


def export_run(
    run: SavedRun, target: Path, choice: FigureChoice | None = None, *, force: bool = False
) -> Exported:
    """Write a run in the format that the suffix of a file names.

    Parameters
    ----------
    run : SavedRun
    target : Path
        Of several figures, PNG and SVG have a file each, named after it.
    choice : FigureChoice or None
        Of figures; refused with other formats. A ``.svg`` without a style is the screen's picture.
    force : bool
        Whether files already there may be replaced.
    """
    choice = choice or FigureChoice()
    kind = target.suffix.lower()
    if not target.name.lower().endswith(ALL_SUFFIXES):
        raise ExportError(
            f"{target} must end in one of {' '.join(ALL_SUFFIXES)}, got"
            f" {target.suffix or 'no suffix'}"
        )
    if kind in SUFFIXES and (kind != ".svg" or choice.style is not None):
        return _export_figures(run, target, choice, force=force)
    if choice.given:
        hint = "add --style paper, or " if kind == ".svg" else ""
        raise ExportError(
            f"{' and '.join(choice.given)} {'is' if len(choice.given) == 1 else 'are'} for"
            f" figures: {hint}let {target.name} end in .pdf or .png"
        )
    notes: list[str] = []

    def write_page(saved: SavedRun, path: Path) -> None:
        notes.extend(_PAGES[kind](saved, path))

    more = dict.fromkeys(_PAGES, write_page)
    damages = export(run, target, more=more, force=force)
    return Exported((target,), (*damages, *notes))


def _export_figures(run: SavedRun, target: Path, choice: FigureChoice, *, force: bool) -> Exported:
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
