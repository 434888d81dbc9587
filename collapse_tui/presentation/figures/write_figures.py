"""Figures of a stored run as files: a PDF of several pages, or a PNG or SVG for each figure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from collapse_tui.experiment.experiment import Experiment
from collapse_tui.number_format import format_number
from collapse_tui.optional_packages import require_extra
from collapse_tui.presentation.figures.figure_page import FigurePage, matplotlib_settings
from collapse_tui.presentation.figures.figure_style import STYLES, PlotStyle, parse_width
from collapse_tui.presentation.figures.metric_figure import draw_metric_figure
from collapse_tui.presentation.figures.run_words import RunWords, describe_stored_run
from collapse_tui.presentation.figures.strip_figure import draw_strip_figure
from collapse_tui.presentation.figures.view_figure import draw_view_figure
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.stored_scene import load_scene, load_theory
from collapse_tui.presentation.stored_view import load_view
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.saved import SavedRun
from engines.errors import nearest

SUFFIXES = (".pdf", ".png", ".svg")


@dataclass(frozen=True, slots=True)
class FigureChoice:
    """Which figures are wanted, and what they look like, as far as it was said.

    Attributes
    ----------
    style : str or None
        A key of `STYLES`; None for that of a paper.
    width : str or None
        See `parse_width`.
    metrics : tuple of str
        Metrics to draw, and variances over the replicates, as in ``mean:variance``.
    strip : bool
        The strip of the run is drawn.
    view : int or None
        Generation whose view is drawn.
    """

    style: str | None = None
    width: str | None = None
    metrics: tuple[str, ...] = ()
    strip: bool = False
    view: int | None = None

    @property
    def given(self) -> list[str]:
        """The options that were given, as they are written."""
        options = {
            "--style": self.style is not None, "--width": self.width is not None,
            "--metric": bool(self.metrics), "--strip": self.strip, "--view": self.view is not None,
        }  # fmt: skip
        return [name for name, is_given in options.items() if is_given]

    @property
    def all(self) -> bool:
        """Whether every figure of the run is wanted, as none is named."""
        return not self.metrics and not self.strip and self.view is None


class FigurePlan(NamedTuple):
    """One figure: the name of its file's part, its title for metadata, and what draws it."""

    name: str
    title: str
    draw: Callable[[PlotStyle, float], FigurePage]


class FigureSet(NamedTuple):
    """The figures of a run, and notes on what is missing from them."""

    plans: tuple[FigurePlan, ...]
    words: RunWords
    style: PlotStyle
    width: float
    notes: tuple[str, ...]


def plan_figures(run: SavedRun, choice: FigureChoice) -> FigureSet:
    """Return the figures of a run that were asked for; nothing is drawn yet.

    Parameters
    ----------
    run : SavedRun
    choice : FigureChoice

    Raises
    ------
    ExportError
        If nothing is recorded, or what was asked for does not exist.
    MissingPackageError
        Without matplotlib.
    """
    require_extra("figures", "figures (.pdf, .png, .svg with --style) need")
    style = STYLES[choice.style or "paper"]
    width = parse_width(choice.width, style)
    if run.last < 0:
        raise ExportError(f"{run.name} has no records yet, so there is nothing to draw")
    experiment, curves, notes = load_theory(run)
    scene = load_scene(run, experiment, curves)
    for name in choice.metrics:
        if name not in scene.topics:
            raise ExportError(f"{run.name} has no metric {name!r}: {nearest(name, scene.topics)}")
    words = describe_stored_run(run, experiment, scene)
    plans = [*_plan_metrics(run, scene, words, choice)]
    if choice.all or choice.strip:
        plan, missing = _plan_strip(run, scene, words)
        plans += [plan] if plan is not None else []
        notes = (*notes, *missing)
    if choice.all or choice.view is not None:
        plan, missing = _plan_view(run, scene, experiment, words, choice.view)
        plans += [plan] if plan is not None else []
        notes = (*notes, *missing)
    return FigureSet(tuple(plans), words, style, width, notes)


def _plan_metrics(
    run: SavedRun, scene: Scene, words: RunWords, choice: FigureChoice
) -> Iterator[FigurePlan]:
    for topic in scene.topics:
        if choice.all or topic in choice.metrics:

            def draw(style: PlotStyle, width: float, topic: str = topic) -> FigurePage:
                return draw_metric_figure(scene, topic, words, style, width)

            name = topic.replace(":", "-")
            yield FigurePlan(name, f"{run.name}: {name}", draw)


def _plan_strip(
    run: SavedRun, scene: Scene, words: RunWords
) -> tuple[FigurePlan | None, tuple[str, ...]]:
    strip = scene.snapshot.strip
    if strip is None:
        return None, (f"the views of {run.name} hold no strip to draw",)

    def draw(style: PlotStyle, width: float) -> FigurePage:
        return draw_strip_figure(strip, scene.replicates, words, style, width)

    return FigurePlan("strip", f"{run.name}: by generation", draw), ()


def _plan_view(
    run: SavedRun,
    scene: Scene,
    experiment: Experiment | None,
    words: RunWords,
    generation: int | None,
) -> tuple[FigurePlan | None, tuple[str, ...]]:
    at = run.last if generation is None else generation
    if not 0 <= at <= run.last:
        raise ExportError(f"{run.name} has generations 0 to {run.last}, got --view {at}")
    history = load_view(run, scene, experiment, at)
    if history is None:
        return None, (f"no view of generation {at} is stored",)

    def draw(style: PlotStyle, width: float) -> FigurePage:
        return draw_view_figure(history, scene.replicates, words, style, width)

    return FigurePlan("view", f"{run.name}: generation {format_number(at)}", draw), ()


def name_files(target: Path, plans: Sequence[FigurePlan]) -> list[tuple[Path, list[FigurePlan]]]:
    """Return which figures each file holds: all of them a PDF, one of them each PNG and SVG.

    A single figure is written under the name that was asked for; of several each has its own
    name before the suffix, as in ``run-w1.png``.
    """
    if target.suffix.lower() == ".pdf" or len(plans) == 1:
        return [(target, list(plans))]
    return [
        (target.with_name(f"{target.stem}-{plan.name}{target.suffix}"), [plan]) for plan in plans
    ]


def write_figures(figures: FigureSet, plans: Sequence[FigurePlan], path: Path, kind: str) -> None:
    """Write figures into one file; the same run gives the same bytes.

    Parameters
    ----------
    figures : FigureSet
        That the plans are of.
    plans : sequence of FigurePlan
        One, unless the file is a PDF.
    path : Path
    kind : str
        ``.pdf``, ``.png`` or ``.svg``.
    """
    with matplotlib_settings():
        pages = ((plan, plan.draw(figures.style, figures.width)) for plan in plans)
        if kind == ".pdf":
            _write_pdf(pages, path, figures)
            return
        for plan, page in pages:
            facts = {"Title": plan.title, "Description": figures.words.head}
            if kind == ".svg":
                more = {"Creator": figures.words.creator, "Date": None, "Format": "image/svg+xml",
                        "Keywords": [figures.words.keywords]}  # fmt: skip
                page.figure.savefig(path, format="svg", metadata=facts | more)
            else:
                more = {"Software": figures.words.creator, "Comment": figures.words.keywords}
                dpi = figures.style.dpi
                page.figure.savefig(path, format="png", dpi=dpi, metadata=facts | more)


def _write_pdf(
    pages: Iterator[tuple[FigurePlan, FigurePage]], path: Path, figures: FigureSet
) -> None:
    from matplotlib.backends.backend_pdf import PdfPages

    words = figures.words
    facts = {"Title": words.name, "Subject": words.head, "Keywords": words.keywords,
             "Creator": words.creator, "CreationDate": None}  # fmt: skip
    pdf: Any = PdfPages
    with pdf(path, metadata=facts) as file:
        for _, page in pages:
            file.savefig(page.figure)
