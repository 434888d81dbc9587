"""Metrics of images: what model 1 makes of them, what class they are of, how near real ones.

At most `MOST` images of a data set are looked at, evenly spaced. What the reference model is
asked for does not exist at generation 0, before it is fitted: NaN.

References
----------
.. [1] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, Fig. 8 (the
   original encoder's latents of later data).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.arrays import FloatArray, even_indices
from engines.data import Data, Points
from engines.laws.autoencoder import AutoencoderLaw
from engines.laws.images import ImageLaw
from engines.laws.law import Law
from engines.metrics.classifying import class_probabilities
from engines.metrics.observation import Observation, Once, each_once

MOST = 20_000
"""Most images of D_n and of D_0 that metrics look at."""
NEAR, REAL_NEAR = 1_000, 5_000
"""Most images of D_n whose nearest real one is sought, and most real ones it is sought among."""
TAIL = 2.0
"""|z| beyond which N(0, 1) has 4.55 % of its mass."""


def rows_of(data: Data, most: int = MOST) -> list[FloatArray]:
    """Return each replicate's images, at most so many, evenly spaced, shape (n, d) each."""
    if not isinstance(data, Points):
        raise TypeError("images are kept as points")
    return [part[even_indices(len(part), most)] for part in data.by_replicate]


def latents(observation: Observation) -> list[FloatArray]:
    """Return the means of the latents of D_n under the reference encoder, (n, k) each."""
    return _latents(observation, observation.drawn, observation.once)


def real_latents(observation: Observation) -> list[FloatArray]:
    """Return those of D_0."""
    return _latents(observation, observation.reference.real, observation.reference.once)


def _latents(observation: Observation, data: Data, once: Once) -> list[FloatArray]:
    first = observation.first
    if not isinstance(first, AutoencoderLaw):
        return []
    # Those of D_0 are kept: once the chunk has changed they are no longer the same to the digit.
    return each_once(once, f"latents, {first.chunk} at once,", rows_of(data), first.latents)


def _of_latents(observation: Observation, function: Callable[[FloatArray], float]) -> FloatArray:
    if observation.first is None:
        return np.full(len(observation.drawn.sizes), np.nan)
    return np.array([function(rows) for rows in latents(observation)])


def latent_sd(observation: Observation) -> FloatArray:
    """Return the mean over coordinates of the latents' sd (ddof 0), shape (R,)."""
    return _of_latents(observation, lambda rows: float(rows.std(axis=0).mean()))


def latent_variance(observation: Observation) -> FloatArray:
    """Return the mean over coordinates of the latents' variance (ddof 0), shape (R,)."""
    return _of_latents(observation, lambda rows: float(rows.var(axis=0).mean()))


def latent_tail_mass(observation: Observation) -> FloatArray:
    """Return the share of all coordinates of the latents beyond ± 2, shape (R,)."""
    return _of_latents(observation, _tail_mass)


def real_latent_tail_mass(observation: Observation) -> FloatArray:
    """Return that of D_0's latents, from generation 1 on, shape (R,)."""
    return np.array([_tail_mass(rows) for rows in real_latents(observation)])


def _tail_mass(rows: FloatArray) -> float:
    return float((np.abs(rows) > TAIL).mean())


def latent_kl(observation: Observation) -> FloatArray:
    """Return KL(N(m, diag v) ‖ N(0, I)) in nats, shape (R,), m and v those of the latents.

    It is ½ Σ (m² + v - 1 - ln v) over the coordinates: infinite where one no longer varies.
    """

    def divergence(rows: FloatArray) -> float:
        mean, variance = rows.mean(axis=0), rows.var(axis=0)
        with np.errstate(divide="ignore"):
            return float(0.5 * (mean**2 + variance - 1.0 - np.log(variance)).sum())

    return _of_latents(observation, divergence)


def reconstruction_error(observation: Observation) -> FloatArray:
    """Return the mean error of D_n's reconstructions by the reference model, shape (R,).

    See `AutoencoderLaw.errors`: the cross-entropy of an image, in nats.
    """
    first = observation.first
    if not isinstance(first, AutoencoderLaw):
        return np.full(len(observation.drawn.sizes), np.nan)
    rows = rows_of(observation.drawn)
    return np.array([float(first.errors(index, part).mean()) for index, part in enumerate(rows)])


def no_labels(source: Law) -> str | None:
    """Return why images of this source have no classes, or None."""
    if not isinstance(source, ImageLaw) or len(source.classes):
        return None
    return (
        "needs labels of the images, which the source does not have: they would be an array"
        " (labels, y_train) of its .npz, a file of its IDX folder or a column of its data set"
    )


def class_entropy(observation: Observation) -> FloatArray:
    """Return the mean entropy of an image's class, in nats, shape (R,); NaN without labels."""
    probabilities = _classes(observation)
    if probabilities is None:
        return np.full(len(observation.drawn.sizes), np.nan)
    return np.array([float(entropies(rows).mean()) for rows in probabilities])


def entropies(rows: FloatArray) -> FloatArray:
    """Return the entropy of each row of probabilities, in nats, shape (n,)."""
    logs = np.log(np.where(rows > 0, rows, 1.0))
    return -(rows * logs).sum(axis=1)


def class_balance(observation: Observation) -> FloatArray:
    """Return ½ Σ |share of a class in D_n - its share in D_0|, shape (R,); NaN without labels."""
    now, real = class_shares(observation)
    if not now.shape[1]:
        return np.full(len(now), np.nan)
    return 0.5 * np.abs(now - real).sum(axis=1)


def class_shares(observation: Observation) -> tuple[FloatArray, FloatArray]:
    """Return the shares of the classes in D_n and in D_0, shape (R, K) each.

    An image counts for the class that is most probable; K is 0 without labels.
    """
    probabilities = _classes(observation)
    if probabilities is None:
        none = np.empty((len(observation.drawn.sizes), 0))
        return none, none
    reference = observation.reference
    real = reference.once(
        "class shares",
        lambda: np.array(
            [_shares(class_probabilities(reference, part)) for part in rows_of(reference.real)]
        ),
    )
    return np.array([_shares(rows) for rows in probabilities]), real


def _shares(probabilities: FloatArray) -> FloatArray:
    count = probabilities.shape[1]
    return np.bincount(probabilities.argmax(axis=1), minlength=count) / len(probabilities)


def _classes(observation: Observation) -> list[FloatArray] | None:
    """Return the probabilities of the classes of D_n's images, (n, K) each; None without."""
    law = observation.source
    if not isinstance(law, ImageLaw) or not len(law.classes):
        return None
    parts = rows_of(observation.drawn)
    return each_once(
        observation.once,
        "classes",
        parts,
        lambda _, part: class_probabilities(observation.reference, part),
    )


def nearest_real(observation: Observation) -> FloatArray:
    """Return the mean distance of D_n's images to the nearest real one, shape (R,).

    Euclidean, of at most 1,000 images of D_n to at most 5,000 of the source's.
    """
    law: Any = observation.source
    real = observation.reference.once("near", lambda: law.images[law.indices(REAL_NEAR)])
    squares = (real**2).sum(axis=1)
    means: list[float] = []
    for rows in rows_of(observation.drawn, NEAR):
        gaps = (rows**2).sum(axis=1)[:, None] + squares - 2.0 * rows @ real.T
        # Differences of equal numbers may round below 0.
        means.append(float(np.sqrt(np.maximum(gaps.min(axis=1), 0.0)).mean()))
    return np.array(means)


def pixel_variance_ratio(observation: Observation) -> FloatArray:
    """Return the variance of D_n's pixels, summed over them, over that of D_0, shape (R,)."""
    reference = observation.reference
    real = reference.once("pixel variance", lambda: _variances(reference.real))
    return observation.once("pixel variance", lambda: _variances(observation.drawn)) / real


def _variances(data: Data) -> FloatArray:
    return np.array([float(rows.var(axis=0).sum()) for rows in rows_of(data)])
