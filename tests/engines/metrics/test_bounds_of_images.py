"""Metrics of images, held to the bounds of docs/metrics.md."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from engines.data import Points
from engines.laws.images import ImageLaw
from engines.metrics import images as metrics
from engines.metrics.observation import Baseline, Observation
from engines.streams import Streams
from tests.engines.metrics.test_images import LATENT, PIXELS, ROUNDING, linear_law

greys = some.sampled_from([0.0, 1.0, 0.5, 1e-9, 1 - 1e-12]) | some.floats(0, 1)
pictures = some.lists(
    some.lists(greys, min_size=PIXELS, max_size=PIXELS), min_size=2, max_size=9
).map(np.array)
matrices = some.lists(
    some.lists(some.floats(-8, 8, width=32), min_size=PIXELS, max_size=PIXELS),
    min_size=LATENT,
    max_size=LATENT,
)


def look(real: Any, now: Any, first: Any = None, labels: Any = None) -> Observation:
    source = ImageLaw(real, labels, (2, 2))
    baseline = Baseline(source, Points(real, np.array([len(real)])), 1)
    law = first if first is not None else source
    return Observation(law, Points(now, np.array([len(now)])), Streams(1, 2), baseline, first)


def mean(values: Any) -> float:
    """Return the mean of some numbers, summed exactly."""
    listed = [float(value) for value in values]
    return math.fsum(listed) / len(listed)


def variance(values: Any) -> float:
    """Return the variance of some numbers, ddof 0, summed exactly."""
    centre = mean(values)
    return mean([(float(value) - centre) ** 2 for value in values])


@settings(max_examples=60, deadline=None)
@given(pictures, pictures, matrices, some.floats(-4, 4, width=32))
def test_latents_and_reconstructions(now: Any, real: Any, matrix: Any, logit: float) -> None:
    """Of what the networks of single precision give, the statistics are exact."""
    seen = look(real, now, linear_law([matrix], logits=logit))
    plain = now @ np.array(matrix, dtype=np.float64).T
    [latents] = metrics.latents(seen)
    scale = 1 + PIXELS * 8
    assert np.abs(latents - plain).max() <= ROUNDING * scale
    columns = list(np.asarray(latents, dtype=np.float64).T)
    moved = [variance(column) for column in columns]
    found = metrics.latent_sd(seen)[0], metrics.latent_variance(seen)[0]
    assert found[0] == pytest.approx(mean(map(math.sqrt, moved)), rel=1e-6, abs=ROUNDING * scale)
    assert found[1] == pytest.approx(mean(moved), rel=1e-6, abs=(ROUNDING * scale) ** 2)
    beyond = sum(abs(float(z)) > 2 for column in columns for z in column)
    assert metrics.latent_tail_mass(seen)[0] == pytest.approx(beyond / latents.size, abs=1e-15)
    if min(moved) > 1e-3:
        terms = [
            mean(column) ** 2 + v - 1 - math.log(v)
            for column, v in zip(columns, moved, strict=True)
        ]
        assert metrics.latent_kl(seen)[0] == pytest.approx(math.fsum(terms) / 2, rel=1e-5, abs=1e-5)
    p = 1 / (1 + math.exp(-logit))
    errors = [-sum(x * math.log(p) + (1 - x) * math.log(1 - p) for x in row) for row in now]
    assert metrics.reconstruction_error(seen)[0] == pytest.approx(mean(errors), rel=ROUNDING)


@settings(max_examples=100, deadline=None)
@given(pictures, pictures)
def test_distances_and_variances(now: Any, real: Any) -> None:
    seen = look(real, now)
    gaps = [min(math.dist(x, y) for y in real) for x in now]
    # a distance is the root of a difference of squares, which rounding alone makes this large
    rounding = math.sqrt(8 * np.finfo(float).eps * 2 * PIXELS)
    assert metrics.nearest_real(seen)[0] == pytest.approx(mean(gaps), abs=rounding)
    theirs = math.fsum(variance(column) for column in real.T)
    if theirs > 1e-9:
        ours = math.fsum(variance(column) for column in now.T)
        ratio = metrics.pixel_variance_ratio(seen)[0]
        assert ratio == pytest.approx(ours / theirs, rel=1e-6, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(pictures, some.integers(2, 4), some.integers(0, 3))
def test_entropies_and_balance_of_classes(now: Any, classes: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    real = generator.random((24, PIXELS))
    labels = np.arange(24) % classes
    seen = look(real, now, labels=labels)
    scores = metrics.class_probabilities(seen.baseline, now)
    assert scores.shape == (len(now), classes)
    assert metrics.class_entropy(seen)[0] == pytest.approx(
        mean(map(stats.entropy, scores)), rel=1e-12
    )
    theirs = metrics.class_probabilities(seen.baseline, real).argmax(axis=1).tolist()
    ours = scores.argmax(axis=1).tolist()
    gaps = [abs(ours.count(k) / len(ours) - theirs.count(k) / 24) for k in range(classes)]
    assert metrics.class_balance(seen)[0] == pytest.approx(math.fsum(gaps) / 2, abs=1e-12)
