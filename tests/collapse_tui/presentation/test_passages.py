"""The same prompts at several generations, and densities below each other on one axis."""

import numpy as np
import pytest

from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.presentation.draw_view import draw_view, explain_view
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.passages import draw_passages
from engines.views.view import View


def history_of(last: int, prompts: int = 3) -> ViewHistory:
    views: list[View | None] = []
    for n in range(last + 1):
        notes = {f"prompt {k}": f"prompt number {k}" for k in range(1, prompts + 1)}
        if n:
            notes |= {f"continuation {k}": f"answer{n}to{k} " * 12 for k in range(1, prompts + 1)}
        views.append(View("text", {name: np.empty(0) for name in ("edges", "real", "now")}, notes))
    history = Scene(Snapshot(generation=last, views=views)).view_history()
    assert history is not None
    return history


def text_of(history: ViewHistory, width: int, height: int) -> str:
    return to_plain_text(draw_passages(history, width, height), PALETTES["plain"])


def test_generations_are_columns_and_one_prompt_fits_a_small_pane():
    text = text_of(history_of(9), 76, 8)
    head = next(row for row in text.split("\n") if "gen" in row)
    assert head.split() == ["gen", "1", "gen", "5", "gen", "9"] or head.count("gen") == 2
    assert "gen 1" in head
    assert head.rstrip().endswith("gen 9")
    assert "prompt number 1" in text
    assert "prompt number 2" not in text
    row = text.split("\n")[text.split("\n").index(head) + 1]
    assert "answer1to1" in row
    assert row.index("answer9to1") == head.index("gen 9")


def test_more_prompts_and_columns_fit_a_large_pane():
    text = text_of(history_of(9), 120, 30)
    assert all(f"prompt number {k}" in text for k in (1, 2, 3))
    heads = [row for row in text.split("\n") if "gen 1 " in row]
    assert len(heads) == 3
    assert heads[0].count("gen") == 4


@pytest.mark.parametrize("height", [3, 5, 9])
def test_a_narrow_pane_has_the_first_and_the_last_generation(height):
    text = text_of(history_of(9, prompts=1), 30, height)
    assert "gen 1 " in text
    assert "gen 9 " in text


def test_a_generation_that_wrote_nothing_is_no_column():
    assert "gen 0" not in text_of(history_of(9), 120, 30)
    before = text_of(history_of(0), 120, 30)
    assert "prompt number 1" in before
    assert "gen" not in before


def test_another_prompt_is_not_compared():
    history = history_of(2)
    at, old = history.past[1]
    old = View("text", old.arrays, {**old.notes, "prompt 1": "of other data"})
    changed = ViewHistory(history.view, 2, [(at, old)])
    assert "gen 1" not in text_of(changed, 76, 8)
    assert "answer1to1" not in text_of(changed, 76, 8)


def test_the_help_says_what_is_drawn():
    history = history_of(4)
    canvas = draw_view(history, 120, 30, "braille")
    assert "models of several generations continue them" in explain_view(history.view, canvas)


@pytest.mark.parametrize("width", [40, 52, 76])
def test_axes_below_each_other_agree(made_views, width):
    """The ticks of the histogram and of the ridges below it are in the same columns."""
    views = [made_views["text"](n) for n in range(10)]
    history = Scene(Snapshot(generation=9, views=views)).view_history()
    canvas = draw_view(history, width, 30, "braille")
    rows = ["".join(row) for row in canvas.chars]
    ticks = [row for row in rows if set(row.split()) <= {"1", "10", "100", "1000"} and row.strip()]
    assert len(ticks) == 2
    shared = set(ticks[0].split()) & set(ticks[1].split())
    assert len(shared) > 1
    for label in shared:
        first, second = (f"{row} ".index(f" {label} ") for row in ticks)
        assert abs(first - second) <= 1
    # the modes of the same density are in the same column, too
    labelled = next(at for at, row in enumerate(rows) if row.startswith("gen 9"))
    ridge = np.flatnonzero(canvas.chars[labelled] == "█")
    ridge = ridge[canvas.foreground[labelled, ridge] == Colour.SERIES]
    filled = np.isin(canvas.background, (Colour.NOW_FILL, Colour.BOTH_FILL))[:12].sum(axis=0)
    assert abs(np.median(ridge) - np.average(np.arange(width), weights=filled)) < width / 12
