"""The columns of a run: a column is the mean of the generations that it covers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from collapse_tui.presentation.snapshot import RunHistory
from collapse_tui.presentation.strip import MOST_COLUMNS, RunStrip, StripColumns, join_views
from engines.views.view import View

ULP = float(np.finfo(np.float32).eps)


def view(values: object, axis: tuple[float, float] = (-1.0, 1.0), name: str = "density") -> View:
    found = {"strip": np.asarray(values, np.float32), "strip_axis": np.array(axis)}
    return View("histogram", found, {}, name)


def shares_of(generation: int, cells: int = 4) -> np.ndarray:
    """Return shares that differ from generation to generation."""
    row = 1 + np.random.default_rng(generation).random(cells)
    return (row / row.sum()).astype(np.float32)


def run_of(generations: list[int]) -> RunStrip:
    found = join_views((n, view(shares_of(n))) for n in generations)
    assert found is not None
    return found


@given(last=st.integers(0, 3 * MOST_COLUMNS))
@settings(deadline=None)
def test_a_column_is_the_mean_of_the_generations_it_covers(last: int) -> None:
    found = run_of(list(range(last + 1)))
    columns = found.values
    assert columns.dtype == np.float32
    assert len(columns) <= MOST_COLUMNS
    assert len(columns) == last // found.width + 1
    for column, values in enumerate(columns):
        start = column * found.width
        covered = range(start, min(start + found.width, last + 1))
        expected = np.mean([shares_of(n) for n in covered], axis=0, dtype=np.float64)
        assert np.abs(values - expected).max() < 4 * ULP
        assert values.sum() == pytest.approx(1.0, abs=8 * ULP)


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=60, unique=True))
@settings(deadline=None)
def test_of_some_generations_columns_are_the_mean_of_those_that_there_are(
    picked: list[int],
) -> None:
    picked.sort()
    found = run_of(picked)
    columns = found.values
    assert len(columns) <= MOST_COLUMNS
    for column, values in enumerate(columns):
        covered = [n for n in picked if n // found.width == column]
        if covered:
            expected = np.mean([shares_of(n) for n in covered], axis=0, dtype=np.float64)
            assert np.abs(values - expected).max() < 8 * ULP
        else:
            assert np.isnan(values).all()


def test_a_run_of_any_length_takes_as_much_memory() -> None:
    columns = StripColumns()
    for generation in range(0, 10_000_000, 5_000):
        columns.add(generation, view(np.full(64, 1 / 64)))
    found = columns.published
    assert found is not None
    assert found.values.nbytes <= MOST_COLUMNS * 64 * 4


def test_what_was_published_never_changes() -> None:
    columns = StripColumns()
    published: list[tuple[RunStrip, np.ndarray]] = []
    for generation in range(2 * MOST_COLUMNS + 20):
        axis = (-1.0, 1.0) if generation < 900 else (-2.0, 2.0)
        columns.add(generation, view(shares_of(generation), axis))
        found = columns.published
        assert found is not None
        if generation % 37 == 0:
            published.append((found, found.values.copy()))
    for found, values in published:
        assert np.array_equal(found.values, values, equal_nan=True)


def test_the_real_data_are_those_of_generation_0_or_what_later_views_say() -> None:
    first = join_views([(0, view([1.0, 0.0])), (1, view([0.0, 1.0]))])
    assert first is not None
    assert first.real is not None
    assert first.real.tolist() == [1.0, 0.0]
    late = view([0.0, 1.0])
    late.arrays["strip_real"] = np.array([0.5, 0.5], np.float32)
    none = View("text", {"strip": np.empty(0, np.float32), "strip_axis": np.array([0, 1])}, {}, "x")
    found = join_views([(0, none), (1, late)])
    assert found is not None
    assert found.real is not None
    assert found.real.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("generations", [1, 3, 700])
def test_a_fork_shares_the_beginning_of_its_parent(generations: int) -> None:
    parent, fork = RunHistory(), RunHistory()
    from collapse_tui.events import Generation

    for n in range(generations):
        for history in (parent, fork):
            history.add_record(Generation(n, {}, {}, {}, {}, view(shares_of(n))), 1.0)
    ours, theirs = parent.snapshot.strip, fork.snapshot.strip
    assert ours is not None
    assert theirs is not None
    assert np.array_equal(ours.values, theirs.values)


def test_views_without_a_strip_leave_a_gap() -> None:
    assert join_views([]) is None
    old = View("histogram", {"now": np.ones(3)}, {})
    assert join_views([(0, old), (1, old)]) is None
    found = join_views([(0, old), (1, view([1.0])), (2, old), (3, view([0.0]))])
    assert found is not None
    assert np.isnan(found.values[[0, 2], 0]).all()
    assert found.values[[1, 3], 0].tolist() == [1.0, 0.0]
    assert found.real is None


@given(
    arrays(np.float32, 8, elements=st.floats(0.0, 1.0, width=32)).filter(lambda row: row.sum() > 0),
    st.floats(-3.0, 1.0), st.floats(0.5, 5.0),
)  # fmt: skip
def test_mass_is_kept_where_the_axis_changes(row: np.ndarray, low: float, length: float) -> None:
    row = row / row.sum()
    found = join_views([(0, view(row)), (1, view(np.full(8, 1 / 8), (low, low + length)))])
    assert found is not None
    assert found.axis == (low, low + length)
    assert found.values[0].sum() == pytest.approx(1.0, abs=1e-5)
    assert found.real is not None
    assert found.real.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_wider_axis_holds_each_cell_where_it_was() -> None:
    found = join_views([(0, view([0.25, 0.75])), (1, view([0.0, 0.5, 0.5, 0.0], (-2.0, 2.0)))])
    assert found is not None
    assert found.values[0].tolist() == [0.0, 0.25, 0.75, 0.0]


def test_another_kind_of_strip_begins_anew() -> None:
    found = join_views([(0, view([1.0, 0.0])), (1, view([0.5, 0.5], name="states"))])
    assert found is not None
    assert found.strip.name == "states"
    assert np.isnan(found.values[0]).all()
    assert found.values[1].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("axis", [(np.nan, np.nan), (0.0, np.inf), (1.0, 1.0)])
def test_a_view_on_no_axis_adds_nothing(axis):
    columns = StripColumns()
    columns.add(0, view(np.ones(4) / 4, axis))
    assert columns.published is None
