"""The views of vectors and of weights: which plane is shown, and what is told of its axes."""

import numpy as np
import pytest

from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from engines.data import Points
from engines.laws.real_nd import NormalNDLaw
from engines.metrics.observation import Baseline, Observation
from engines.streams import Streams
from engines.views.scatter import view_vectors
from engines.views.view import View

TURN, _ = np.linalg.qr(np.random.Generator(np.random.PCG64(7)).normal(size=(4, 4)))
SDS = np.array([2.0, 0.7, 0.1, 1e-9])


def needle(sds: np.ndarray = SDS) -> NormalNDLaw:
    """Return a normal law with these deviations along the columns of `TURN`."""
    size = len(sds)
    turn = TURN[:size, :size] if size < 4 else TURN
    turn, _ = np.linalg.qr(turn)
    _, upper = np.linalg.qr((turn * sds).T)
    factor = upper.T * np.sign(np.diagonal(upper))
    return NormalNDLaw(np.zeros((1, size)), factor[None])


def view_of(law: NormalNDLaw) -> View:
    size = law.means.shape[1]
    source = NormalNDLaw(np.zeros((1, size)), np.eye(size)[None])
    draw = np.random.Generator(np.random.PCG64(8)).normal(size=(2000, size))
    baseline = Baseline(source, Points.of_rows(draw[None]), 1)
    drawn = Points.of_rows((draw @ law.factors[0].T)[None])
    return view_vectors(Observation(law, drawn, Streams(1, 3), baseline))


def test_the_plane_is_that_of_the_first_and_the_last_axis():
    arrays = view_of(needle()).arrays
    assert arrays["axis_sds"][1] == pytest.approx([2.0, 1e-9], rel=1e-6)
    assert arrays["axis_sds"][0] == pytest.approx([1.0, 1.0])
    assert arrays["now"].std(axis=0) == pytest.approx([2.0, 1e-9], rel=0.1)
    covariance = arrays["now_ellipses"][0, :, 1:]
    assert covariance[0, 0] == pytest.approx(4.0)
    assert covariance[1, 1] == pytest.approx(1e-18, rel=1e-3)
    assert arrays["now"].shape == (500, 2)


def test_two_dimensions_are_shown_as_they_are():
    law = needle(SDS[:2])
    arrays = view_of(law).arrays
    assert arrays["axis_sds"].size == 0
    expected = (law.factors @ np.swapaxes(law.factors, 1, 2))[0]
    assert arrays["now_ellipses"][0, :, 1:] == pytest.approx(expected)


def test_a_law_that_diverged_is_shown_in_the_first_coordinates():
    law = NormalNDLaw(np.zeros((1, 3)), np.full((1, 3, 3), np.nan))
    arrays = view_of(law).arrays
    assert arrays["axis_sds"].size == 0
    assert np.isnan(arrays["now_ellipses"][0, :, 1:]).all()


def test_weights_begin_at_the_true_ones():
    experiment = load("regression", generations=2, replicates=2)
    views = [event.view for event in run(experiment, device="cpu") if getattr(event, "view", None)]
    assert {view.kind for view in views} == {"weights"}
    start, end = views[0].arrays, views[-1].arrays
    assert start["real"].shape == (10,)
    assert np.array_equal(start["now"], start["real"])
    assert np.array_equal(end["real"], start["real"])
    assert (end["now"] != end["real"]).all()
