"""What each view says of its generation in the strip of a run."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collapse_tui.events import Generation
from collapse_tui.experiment.experiment import Experiment
from engines.data import Points
from engines.errors import InvalidExperimentError
from engines.kinds import KINDS
from engines.laws.discrete import DiscreteLaw
from engines.laws.linear import LinearLaw
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalMixtureNDLaw, NormalNDLaw
from engines.metrics.observation import Baseline, Observation
from engines.streams import Streams
from engines.views.histogram import view_numbers
from engines.views.scatter import view_vectors, view_weights
from engines.views.states import view_states
from engines.views.strip import MOST, STRIPS, cell_weights, overlaps, rank_places
from engines.views.view import View

MakeExperiment = Callable[..., Experiment]
Records = Callable[[Experiment], list[Generation]]
ULP = float(np.finfo(np.float32).eps)


def observe(source: Any, law: Any, values: Any, widest: float = 0.0) -> Observation:
    """Return one generation of one replicate, whose points are also the real ones."""
    points = Points(np.asarray(values, dtype=np.float64), np.array([len(values)]))
    return Observation(law, points, Streams(1, 1), Baseline(source, points, 1, widest))


def normal(mean: float, sd: float) -> NormalLaw:
    return NormalLaw(np.array([mean]), np.array([sd]))


def test_every_engine_has_a_strip_on_an_axis_that_stays(
    experiment: MakeExperiment, records: Records, any_pair: tuple[str, str]
) -> None:
    engine, source = any_pair
    try:
        built = experiment(source, engine, generations=2)
    except InvalidExperimentError as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017
        return
    views = [record.view for record in records(built)]
    said = [view for view in views if view is not None and view.arrays["strip"].size]
    assert len(said) >= 2
    kind = KINDS[built.source.kind]
    assert {view.strip for view in said} <= set(kind.strips.split())
    strip = STRIPS[said[0].strip]
    assert len({view.strip for view in said}) == 1
    for view in said:
        values, axis = view.arrays["strip"], view.arrays["strip_axis"]
        assert values.dtype == np.float32
        assert values.shape == said[0].arrays["strip"].shape
        assert values.size <= MOST
        assert axis.tolist() == said[0].arrays["strip_axis"].tolist()
        assert axis[0] < axis[1]
        assert np.isfinite(values).all()
        assert strip.signed or (values >= -ULP).all()
        if strip.shares:
            assert values.sum() == pytest.approx(1.0, abs=1e-5)
    first = views[0]
    # the real data are known from record 0, or else from every later one
    assert first is not None
    assert first.arrays["strip"].size or all("strip_real" in view.arrays for view in said)


def test_all_strips_belong_to_a_kind() -> None:
    assert {name for kind in KINDS.values() for name in kind.strips.split()} == set(STRIPS)


@given(bins=st.integers(1, 300))
def test_shares_in_bins_are_shared_out_among_cells(bins: int) -> None:
    weights = cell_weights(bins)
    assert weights.shape == (min(bins, MOST), bins + 2)
    assert np.allclose(weights.sum(axis=0), 1.0)
    assert (weights >= 0).all()
    # equal shares in all bins are equal shares in all cells
    even = np.r_[0.0, np.full(bins, 1 / bins), 0.0]
    assert np.allclose(weights @ even, 1 / len(weights))


@given(parts=st.integers(1, 200), cells=st.integers(1, 64))
def test_overlaps_are_those_of_intervals(parts: int, cells: int) -> None:
    found = overlaps(parts, cells)
    assert np.allclose(found.sum(axis=0), 1.0)
    assert np.allclose(found.sum(axis=1), parts / cells)


@given(states=st.integers(1, 100_000))
def test_ranks_ascend_from_the_first(states: int) -> None:
    places, high = rank_places(states)
    assert places.size == min(states, MOST)
    assert places[0] == 0
    assert (np.diff(places) >= 0).all()
    assert places[-1] < states
    assert high > 0


def density_view(law: NormalLaw, widest: float = 0.0) -> View:
    points = np.random.default_rng(2).normal(size=2_000)
    return view_numbers(observe(normal(0.0, 1.0), law, points, widest))


def test_a_density_is_the_exact_law_in_each_cell() -> None:
    law = normal(0.3, 0.7)
    view = density_view(law)
    low, high = view.arrays["strip_axis"]
    assert (low, high) == (view.arrays["edges"][0], view.arrays["edges"][-1])
    cdf = law.cdf(np.linspace(low, high, MOST + 1))[0]
    expected = np.diff(cdf)
    expected[0] += cdf[0]
    expected[-1] += 1 - cdf[-1]
    assert view.arrays["edges"].size == 201
    # bins do not end where cells end: within a bin the mass counts as spread evenly
    assert np.abs(view.arrays["strip"] - expected).max() < 2e-3


def test_what_is_beyond_the_axis_is_at_its_end() -> None:
    far = density_view(normal(40.0, 1.0)).arrays["strip"]
    assert far[-1] == pytest.approx(1.0)
    assert far[:-1].max() < 1e-6


def test_the_axis_is_wide_enough_for_what_theory_expects() -> None:
    wide = density_view(normal(0.0, 6.0), widest=6.0).arrays
    assert wide["strip"][[0, -1]].sum() < 0.01
    narrow = density_view(normal(0.0, 6.0)).arrays
    assert narrow["strip"][[0, -1]].sum() > 0.4


def states_view(real: np.ndarray, now: np.ndarray, values: np.ndarray) -> View:
    source, law = DiscreteLaw(real[None], values), DiscreteLaw(now[None], values)
    return view_states(observe(source, law, [0.0]))


def test_few_states_are_their_own_cells() -> None:
    now = np.array([0.5, 0.0, 0.5])
    view = states_view(np.full(3, 1 / 3), now, np.array([0.0, 1.0, 5.0]))
    assert view.strip == "states"
    assert view.arrays["strip"].tolist() == now.tolist()
    assert view.arrays["strip_axis"].tolist() == [-0.5, 2.5]


def test_states_at_even_values_stand_at_their_values() -> None:
    view = states_view(np.full(4, 0.25), np.full(4, 0.25), np.array([10.0, 12.0, 14.0, 16.0]))
    assert view.arrays["strip_axis"].tolist() == [9.0, 17.0]


def test_of_many_states_the_mean_of_neighbours_is_shown() -> None:
    real = np.full(128, 1 / 128)
    now = np.zeros(128)
    now[:2] = 0.5, 0.25
    now[127] = 0.25
    view = states_view(real * np.linspace(0.9, 1.1, 128), now, np.arange(128.0))
    assert view.arrays["strip"].size == MOST
    assert view.arrays["strip"][[0, 1, -1]].tolist() == [0.375, 0.0, 0.125]


def test_many_states_in_the_order_of_their_probabilities_are_shown_by_rank() -> None:
    real = 1 / np.arange(1.0, 1001)
    now = np.where(np.arange(1000) < 10, real, 0.0)
    view = states_view(real / real.sum(), now / now.sum(), np.arange(1000.0))
    assert view.strip == "ranks"
    assert view.arrays["strip_axis"].tolist() == [0.0, 3.0]
    alive = view.arrays["strip"] > 0
    # ranks 1 to 10 are a third of three decades
    assert alive[:22].all()
    assert not alive[23:].any()


def vectors_view(source: NormalNDLaw, law: Any) -> View:
    points = np.random.default_rng(3).normal(size=(50, source.means.shape[1]))
    return view_vectors(observe(source, law, points))


def test_few_dimensions_are_shown_along_the_first_principal_axis_of_the_source() -> None:
    source = NormalNDLaw(np.array([[1.0, 0.0]]), np.diag([3.0, 1.0])[None])
    law = NormalMixtureNDLaw(
        np.array([[0.25, 0.75]]),
        np.array([[[-5.0, 9.0], [4.0, 9.0]]]),
        np.stack([np.diag([0.1, 50.0]), np.zeros((2, 2))])[None],
    )
    view = vectors_view(source, law)
    assert view.strip == "first-axis"
    assert view.arrays["strip_axis"].tolist() == [-14.0, 16.0]
    shares = view.arrays["strip"]
    cells = np.linspace(-14, 16, MOST + 1)
    for at, share in ((-5.0, 0.25), (4.0, 0.75)):
        near = np.abs((cells[1:] + cells[:-1]) / 2 - at) < 1.0
        assert shares[near].sum() == pytest.approx(share, abs=1e-6)


def test_many_dimensions_are_shown_by_the_deviation_along_each_axis() -> None:
    factor = np.linalg.cholesky(np.cov(np.random.default_rng(4).normal(size=(9, 40))))
    source = NormalNDLaw(np.zeros((1, 9)), np.eye(9)[None])
    view = vectors_view(source, NormalNDLaw(np.zeros((1, 9)), factor[None]))
    assert view.strip == "axes"
    roots = np.sqrt(np.linalg.eigvalsh(factor @ factor.T))
    assert np.allclose(view.arrays["strip"], roots, rtol=1e-5)
    assert view.arrays["strip_axis"].tolist() == [-0.5, 8.5]


def test_a_law_that_is_no_number_gives_no_number() -> None:
    source = NormalNDLaw(np.zeros((1, 9)), np.eye(9)[None])
    law = NormalNDLaw(np.full((1, 9), np.nan), np.full((1, 9, 9), np.nan))
    assert np.isnan(vectors_view(source, law).arrays["strip"]).all()
    flat = NormalNDLaw(np.zeros((1, 2)), np.eye(2)[None])
    broken = NormalNDLaw(np.full((1, 2), np.nan), np.full((1, 2, 2), np.nan))
    assert np.isnan(vectors_view(flat, broken).arrays["strip"]).any()


@pytest.mark.parametrize("count", [3, 64, 200])
def test_weights_are_shown_with_their_signs(count: int) -> None:
    weights = np.linspace(-1.0, 2.0, count)
    law = LinearLaw(weights[None], 1.0)
    view = view_weights(observe(law, law, [0.0]))
    assert view.strip == "weights"
    assert view.arrays["strip"].size == min(count, MOST)
    assert view.arrays["strip"][[0, -1]].tolist() == [-1.0, 2.0]
    assert view.arrays["strip_axis"].tolist() == [-0.5, count - 0.5]
