"""The table of runs: order, widths, groups."""

from pathlib import Path

import pytest

from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.run_columns import (
    differing_settings,
    fit_columns,
    group_rows,
    make_columns,
    match_rows,
    order_rows,
)
from collapse_tui.presentation.run_rows import RunRow, commonest, shorten_name

ROWS = [
    RunRow(Path("/r/b"), "b", "two", "kde", generation=5, changed=20.0, size=3000,
           values={"w1": 0.5}, settings={"seed": 2, "policy.fresh": 0.2}, words="b kde"),
    RunRow(Path("/r/A"), "A", "", "gmm", generation=100, changed=10.0,
           values={"w1": float("nan")}, settings={"seed": 10, "policy.fresh": 0.2}, words="a gmm"),
    RunRow(Path("/r/c"), "c", "one", "kde", generation=-1, changed=0.0,
           settings={"seed": 1}, words="c kde"),
]  # fmt: skip


def order(key, *, reverse=False, metric=""):
    column = next(one for one in make_columns(metric) if one.key == key)
    return "".join(row.name for row in order_rows(ROWS, column, reverse=reverse))


@pytest.mark.parametrize(
    ("key", "rising", "falling"),
    [("name", "Abc", "cbA"), ("seed", "cbA", "Abc"), ("generation", "cbA", "Abc"),
     ("preset", "cbA", "bcA"), ("metric", "bAc", "bAc"), ("date", "cAb", "bAc")],
)  # fmt: skip
def test_what_has_no_value_stands_last_either_way(key, rising, falling):
    assert order(key) == rising
    assert order(key, reverse=True) == falling


@pytest.mark.parametrize("width", range(1, 200))
def test_columns_fill_the_width(width):
    columns = fit_columns(make_columns(), width)
    assert columns[0][0].key == "name"
    if width >= 18:
        assert sum(cells for _, cells in columns) + len(columns) - 1 == width


def test_all_columns_are_there_where_there_is_room():
    assert len(fit_columns(make_columns(), 140)) == len(make_columns())
    keys = [column.key for column, _ in fit_columns(make_columns(), 72)]
    assert keys == ["name", "generation", "status", "metric", "date"]


def test_groups_are_in_the_order_of_their_values():
    groups = group_rows(ROWS, "policy.fresh")
    assert [group.heading for group in groups] == [
        "policy.fresh 0.2 · 2 runs", "policy.fresh – · 1 run",
    ]  # fmt: skip
    seeds = [group.rows[0].name for group in group_rows(ROWS, "seed")]
    assert seeds == ["c", "b", "A"]
    assert group_rows(ROWS, "")[0].heading == ""


def test_what_can_be_grouped_by():
    assert differing_settings(ROWS) == {"seed": 3}
    assert [row.name for row in match_rows(ROWS, "kde seed>=2")] == ["b"]


def test_cells():
    columns = {column.key: column for column in make_columns()}
    words = metric_words("w1").short
    assert columns["metric"].fit(ROWS[0], 30) == f"     0.5 {words}"
    assert columns["metric"].fit(ROWS[0], 14) == f"0.5 {words}"
    assert columns["metric"].text(ROWS[0]).split() == ["0.5", *metric_words("w1").short.split()]
    assert columns["generation"].text(ROWS[2]) == "–/?"
    assert columns["date"].text(ROWS[2]) == "–"
    assert columns["date"].text(ROWS[1]).startswith("19")
    stamped = RunRow(Path("/r"), "borji-20261128-094531-4bee")
    assert columns["name"].fit(stamped, 40) == stamped.name
    assert columns["name"].fit(stamped, 18) == "borji …4bee" == shorten_name(stamped.name)


def test_a_training_that_diverged_goes_before_all_others():
    assert commonest({"stable": 5, "diverged": 1}) == "diverged"
    assert commonest({"stable": 5, "late": 6}) == "late"
    assert commonest({}) == ""
