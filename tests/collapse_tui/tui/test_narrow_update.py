"""Updates of the terminal: the same picture as a whole repaint, from the changed cells alone."""

from itertools import pairwise

import numpy as np
import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from collapse_tui.tui.narrow_update import NarrowUpdate

WIDTH, HEIGHT = 40, 6
CUTS = (0, 12, 13, 40)
"""Where widgets begin and end in each row."""


def picture(rng):
    """Return random rows, cut at the edges of widgets; some with characters two cells wide."""
    rows = []
    for _ in range(HEIGHT):
        chops = {}
        for start, end in pairwise(CUTS):
            letters = rng.choice(list("abcdefgh"), end - start).tolist()
            if end - start > 4:
                letters[1:3] = ["漢"]
            style = Style(color=str(rng.choice(["red", "green", "blue"])))
            chops[start] = Strip([Segment(letter, style) for letter in letters])
        rows.append(chops)
    return rows


def shown(*sequences):
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    for sequence in sequences:
        stream.feed(sequence)
    return [[screen.buffer[y][x].data for x in range(WIDTH)] for y in range(HEIGHT)]


def update_of(rows, spans):
    ends = [list(CUTS[1:]) for _ in rows]
    return ChopsUpdate(rows, spans, ends)


CONSOLE = Console(color_system="standard", force_terminal=True, width=WIDTH, legacy_windows=False)
WHOLE = [(y, 0, WIDTH) for y in range(HEIGHT)]


@pytest.mark.parametrize("seed", range(20))
def test_changed_cells_give_the_picture_that_textual_gives(seed):
    rng = np.random.default_rng(seed)
    before, after = picture(rng), picture(rng)
    spans = []
    for y in range(HEIGHT):
        places = [at for at in range(WIDTH + 1) if at not in {2, 15}]
        edges = sorted(rng.choice(places, 4, replace=False).tolist())
        spans += [(y, edges[0], edges[1]), (y, edges[2], edges[3])]
    # what is outside of the spans has not changed
    for y, chops in enumerate(after):
        for start, strip in chops.items():
            cells = list(strip)
            old = list(before[y][start])
            place = start
            for index, segment in enumerate(cells):
                inside = any(a <= place < b for row, a, b in spans if row == y)
                if not inside:
                    cells[index] = old[index]
                place += segment.cell_length
            after[y][start] = Strip(cells)
    first = update_of(before, WHOLE).render_segments(CONSOLE)
    update = update_of(after, spans)
    narrow = NarrowUpdate.of(update).render_segments(CONSOLE)
    assert shown(first, narrow) == shown(first, update.render_segments(CONSOLE))
    assert shown(first, narrow) == shown(update_of(after, WHOLE).render_segments(CONSOLE))


def test_one_column_at_the_end_of_a_row_costs_no_row():
    rng = np.random.default_rng(1)
    update = update_of(picture(rng), [(3, 38, 39)])
    narrow = NarrowUpdate.of(update).render_segments(CONSOLE)
    assert len(narrow) < 30
    assert len(update.render_segments(CONSOLE)) > 3 * len(narrow)


async def test_the_program_sends_narrow_updates(start, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "textual.app.App._display", lambda _app, _screen, renderable: seen.append(renderable)
    )
    async with start(size=(80, 24)) as bench:
        seen.clear()
        await bench.run_to(3)
        assert any(isinstance(one, NarrowUpdate) for one in seen)
        assert not any(type(one) is ChopsUpdate for one in seen)
