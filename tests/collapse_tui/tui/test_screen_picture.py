"""Pictures of rows of cells, standing still and moving."""

import re
import xml.etree.ElementTree as ET

import pytest

from collapse_tui.charts.svg import ACROSS, StyledRun, frames_to_svg, rows_to_svg
from collapse_tui.tui.screen_picture import screen_rows

GROUND = "#14171c"
WHITE, AMBER = "#ffffff", "#e69f00"


def frame(number):
    """Return two rows in which one word and one dot differ from frame to frame."""
    return [
        [StyledRun("gen ", WHITE), StyledRun(f"{number:3}", AMBER, bold=True)],
        [StyledRun("⠁" * number + " " * (7 - number), AMBER, "#222222")],
    ]


def elements(document, tag):
    root = ET.fromstring(document)  # noqa: S314 - of our own making
    return [one for one in root.iter() if one.tag.endswith(f"}}{tag}")]


def test_rows_are_words_and_shapes_on_their_background():
    document = rows_to_svg(frame(3), GROUND)
    assert [one.text for one in elements(document, "text")] == ["gen", "3"]
    assert len(elements(document, "path")) == 3
    fills = [one.get("fill") for one in elements(document, "rect")]
    assert fills == [GROUND, "#222222"]
    assert "bold" in document


def test_a_moving_picture_draws_what_changes_and_covers_what_was_there():
    document = frames_to_svg([frame(number) for number in range(1, 6)], GROUND, 0.5)
    (style,) = elements(document, "style")
    assert style.text.count("@keyframes") == 4
    assert "4.5s" in style.text
    groups = [one for one in elements(document, "g") if one.get("id")]
    assert [one.get("id") for one in groups] == ["f1", "f2", "f3", "f4"]
    for group in groups:
        boxes = [one for one in group if one.tag.endswith("}rect")]
        # one digit of the number, and one more dot
        assert [float(one.get("width")) for one in boxes] == [ACROSS, ACROSS]
        assert [one.get("fill") for one in boxes] == [GROUND, "#222222"]


def test_frames_that_are_equal_cost_nothing():
    document = frames_to_svg([frame(2)] * 3, GROUND, 0.5)
    groups = [one for one in elements(document, "g") if one.get("id")]
    assert [len(one) for one in groups] == [0, 0]


@pytest.mark.parametrize("text", ["<script>", "a & b", '"quoted"'])
def test_texts_are_no_markup(text):
    document = rows_to_svg([[StyledRun(text, WHITE)]], GROUND)
    assert [one.text for one in elements(document, "text")] == [text]


async def test_the_rows_of_a_screen_are_what_it_shows(start):
    async with start(size=(100, 30)) as bench:
        await bench.run_to(12)
        rows = screen_rows(bench.app)
        assert len(rows) == 30
        assert {sum(len(run.text) for run in row) for row in rows} == {100}
        text = "\n".join("".join(run.text for run in row) for row in rows)
        assert "gen 12/60" in text
        looks = {colour for row in rows for run in row for colour in run[1:3] if colour}
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in looks)
        assert AMBER in looks
