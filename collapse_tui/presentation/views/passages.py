"""Fixed prompts and what the models of several generations write after them, side by side."""

from collections.abc import Sequence
from dataclasses import replace

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import draw_text, wrap_spans
from collapse_tui.presentation.view_history import ViewHistory, take_evenly

NAME = "prompt: "
PROMPTS = 3
"""Prompts that a view has at most."""
LOWEST = 5
"""Rows that a prompt needs with its continuations."""
NARROWEST, GAP = 26, 2
"""Columns that a continuation needs beside others, and blank ones between two."""
SHORTEST = 2
"""Rows that a continuation needs below others, unless there would be only one of them."""
SHARE = 0.3
"""Share of the rows of a prompt that it may take itself."""

Written = tuple[int, str]
"""A generation and what its model writes."""


def draw_passages(history: ViewHistory, width: int, height: int) -> Canvas:
    """Return as many prompts as fit, each with its continuations by generation.

    The generations are columns; where only one column fits they are below each other.

    Parameters
    ----------
    history : ViewHistory
    width, height : int
    """
    notes = history.view.notes
    names = [name for index in range(1, PROMPTS + 1) if (name := f"prompt {index}") in notes]
    canvas = blank_canvas(width, height)
    count = min(len(names), max(1, height // LOWEST))
    if height < 1 or not names:
        return canvas
    several, top = False, 0
    for index, name in enumerate(names[:count]):
        room = (height - top) // (count - index)
        tall = max(1, room - (index < count - 1))
        written = _continuations(history, name)
        canvas.paste(_draw_prompt(notes[name], written, width, tall), top, 0)
        several |= len(written) > 1
        top += room
    return replace(canvas, parts=("passages by generation" if several else "passages",))


def _continuations(history: ViewHistory, name: str) -> list[Written]:
    """Return what each generation writes after a prompt, the one shown last."""
    notes = history.view.notes
    key = name.replace("prompt", "continuation")
    found = [
        (at, view.notes[key])
        for at, view in history.past
        if view.notes.get(name) == notes[name] and view.notes.get(key)
    ]
    return [*found, (history.generation, notes[key])] if notes.get(key) else found


def _draw_prompt(prompt: str, written: Sequence[Written], width: int, height: int) -> Canvas:
    if len(written) < 2:
        answer = written[0][1] if written else ""
        pieces = [
            (NAME, Colour.STRONG), (f"{prompt.rstrip()} ", Colour.AXIS),
            (answer.lstrip(), Colour.TEXT),
        ]  # fmt: skip
        return draw_text(pieces, width, height)
    canvas = blank_canvas(width, height)
    said = [(NAME, Colour.STRONG), (prompt.strip(), Colour.AXIS)]
    lines = wrap_spans(said, width, max(1, int(height * SHARE)))
    for row, line in enumerate(lines):
        column = 0
        for text, colour in line:
            canvas.write(row, column, text, colour)
            column += len(text)
    columns = (width + GAP) // (NARROWEST + GAP)
    draw = _draw_beside if columns > 1 else _draw_below
    canvas.paste(draw(written, width, height - len(lines)), len(lines), 0)
    return canvas


def _choose(written: Sequence[Written], count: int) -> list[Written]:
    """Return so many of them, evenly, the first and the last among them."""
    return [*take_evenly(written[:-1], count - 1), written[-1]]


def _draw_beside(written: Sequence[Written], width: int, height: int) -> Canvas:
    """Return the continuations in columns, each below the name of its generation."""
    chosen = _choose(written, (width + GAP) // (NARROWEST + GAP))
    canvas = blank_canvas(width, height)
    wide = (width + GAP) // len(chosen) - GAP
    for index, (generation, text) in enumerate(chosen):
        left = index * (wide + GAP)
        canvas.write(0, left, f"gen {generation}", _colour(index, chosen))
        canvas.paste(draw_text([(text.strip(), Colour.TEXT)], wide, height - 1), 1, left)
    return canvas


def _draw_below(written: Sequence[Written], width: int, height: int) -> Canvas:
    """Return the continuations below each other, each after the name of its generation."""
    chosen = _choose(written, max(min(2, height), height // SHORTEST))
    canvas = blank_canvas(width, height)
    top = 0
    for index, (generation, text) in enumerate(chosen):
        room = (height - top) // (len(chosen) - index)
        name = (f"gen {generation} ", _colour(index, chosen))
        canvas.paste(draw_text([name, (text.strip(), Colour.TEXT)], width, room), top, 0)
        top += room
    return canvas


def _colour(index: int, chosen: Sequence[Written]) -> Colour:
    return Colour.SERIES if index == len(chosen) - 1 else Colour.STRONG
