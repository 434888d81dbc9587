"""The time bar as a row of characters."""

import pytest

from collapse_tui.charts.palette import RUNS, Colour
from collapse_tui.events import Intervened
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.shown_run import SettingChange, ShownRun
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.presentation.time_bar import draw_time_bar, time_scale

CHANGES = (SettingChange(60, "λ 0 → 0.2"), SettingChange(200, "h 0.5 → 1"))
SNAPSHOT = Snapshot(
    generation=150, generations=300,
    interventions=(Intervened(60, {"policy.fresh": 0.2}), Intervened(200, {"engine.bandwidth": 1})),
)  # fmt: skip


def scene(**changes) -> Scene:
    snapshot = changes.pop("snapshot", SNAPSHOT)
    runs = (ShownRun("A", snapshot, changes=CHANGES), *changes.pop("forks", ()))
    return Scene(snapshot, runs, **changes)


def row(shown: Scene, width: int = 66) -> str:
    canvas = draw_time_bar(shown, width)
    assert canvas.height == 1
    assert canvas.width == width
    return "".join(canvas.chars[0])


def test_done_and_to_come():
    assert row(scene()) == f"0 {'━' * 12}◆{'━' * 17}●{'┄' * 8}◇{'┄' * 20} 300"


@pytest.mark.parametrize("width", range(8))
def test_no_room_is_no_fault(width):
    row(scene(), width)


def test_before_the_first_record_and_at_the_end():
    assert row(scene(snapshot=Snapshot(generations=300)), 20) == "0 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 300"
    done = Snapshot(generation=300, generations=300)
    assert row(scene(snapshot=done), 20) == "0 ━━━━━━━━━━━━━● 300"


def test_columns_and_generations_are_inverse():
    scale = time_scale(scene(), 400)
    assert all(scale.generation(scale.column(n)) == n for n in range(301))
    assert scale.generation(-9) == 0
    assert scale.generation(999) == 300


def test_forks_stand_in_their_colour():
    fork = ShownRun("C", SNAPSHOT, 100, "A")
    canvas = draw_time_bar(scene(forks=(fork,)), 66)
    (at,) = (canvas.chars[0] == "C").nonzero()[0].tolist()
    assert at == time_scale(scene(), 66).column(100)
    assert canvas.foreground[0, at] == RUNS[2]


def test_a_resumed_run_says_where():
    again = Snapshot(generation=150, generations=300, resumed_at=90)
    assert "▸" in row(scene(snapshot=again))
    assert "┃ resumed at 90 " in row(scene(snapshot=again, pointed=90))


def test_the_cursor_on_a_change_tells_it():
    assert "● gen 60: λ 0 → 0.2 ┄" in row(scene(shown=60))
    assert "λ" not in row(scene(shown=61))


def test_the_pointer_tells_all_that_is_in_its_cell():
    assert "┃ gen 60: λ 0 → 0.2 ┄" in row(scene(pointed=60))
    assert "┃ gen 60: λ 0 → 0.2 ┄" in row(scene(pointed=61))
    assert "┃ 100 ━" in row(scene(pointed=100))


def test_a_label_stands_left_where_there_is_no_room_right():
    assert " 290 ┃" in row(scene(pointed=290))
    assert row(scene(pointed=300)).endswith(" 300 ┃ 300")
    assert "gen 60: λ 0 …" in row(scene(pointed=60), 26)


def test_the_zoom_is_a_bracket():
    canvas = draw_time_bar(scene(window=(100.0, 200.0)), 66)
    bar, scale = "".join(canvas.chars[0]), time_scale(scene(), 66)
    assert bar.index("[") == scale.column(100)
    assert bar.index("]") == scale.column(200)
    assert bar[scale.column(50)] == "─"
    assert bar[scale.column(120)] == "━"
    assert canvas.foreground[0, scale.column(50)] == Colour.SERIES
