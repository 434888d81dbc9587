"""Metrics of images: their latents under model 1, their classes, their distance to real ones.

At most `MOST` images of a data set are looked at, evenly spaced. Metrics by the reference model
(model 1) are NaN at generation 0, before it is fitted.

The classes are given by a multinomial logistic regression on the real images, fitted once per
run. It is linear in the pixels: of a mean of two images, its scores are the mean of theirs.

References
----------
.. [1] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, Fig. 8 (the
   original encoder's latents of later data).
"""

import warnings
from typing import Any

import numpy as np

from engines.arrays import FloatArray, even_indices
from engines.data import Data, Points
from engines.laws.autoencoder import AutoencoderLaw
from engines.laws.images import ImageLaw
from engines.laws.law import Law, narrow
from engines.metrics.observation import Baseline, Observation
from engines.numerics.special import softmax
from engines.numerics.threads import one_thread

MOST = 20_000
"""Most images of D_n and of D_0 that metrics look at."""
NEAR, REAL_NEAR = 1_000, 5_000
"""Most images of D_n whose nearest real one is sought, and most real ones it is sought among."""
TAIL = 2.0
"""|z| beyond which N(0, 1) has 4.55 % of its mass."""
MOST_LABELLED, ITERATIONS = 5_000, 300
"""Most real images that the classifier is fitted to, evenly spaced, and its most iterations."""


def rows_of(data: Data, most: int = MOST) -> list[FloatArray]:
    """Return each replicate's images, at most so many, evenly spaced, shape (n, d) each."""
    if not isinstance(data, Points):
        raise TypeError("images are kept as points")
    return [part[even_indices(len(part), most)] for part in data.by_replicate]


def latents(observation: Observation) -> list[FloatArray]:
    """Return the means of the latents of D_n under the reference encoder, (n, k) each."""
    law = observation.first_law
    if not isinstance(law, AutoencoderLaw):
        return []
    # The chunk is part of the name: other chunks change the last digits.
    return observation.memo.get(
        f"latents, {law.chunk} at once",
        lambda: [law.latents(r, rows) for r, rows in enumerate(rows_of(observation.drawn))],
    )


def latent_sd(observation: Observation) -> FloatArray:
    """Return the mean over coordinates of the latents' sd (ddof 0), shape (R,)."""
    return observation.of_each(latents(observation), lambda rows: float(rows.std(axis=0).mean()))


def latent_variance(observation: Observation) -> FloatArray:
    """Return the mean over coordinates of the latents' variance (ddof 0), shape (R,)."""
    return observation.of_each(latents(observation), lambda rows: float(rows.var(axis=0).mean()))


def latent_tail_mass(observation: Observation) -> FloatArray:
    """Return the share of all coordinates of the latents beyond ± 2, shape (R,)."""
    return observation.of_each(
        latents(observation), lambda rows: float((np.abs(rows) > TAIL).mean())
    )


def latent_kl(observation: Observation) -> FloatArray:
    """Return KL(N(m, diag v) ‖ N(0, I)) in nats, shape (R,), m and v those of the latents.

    It is ½ Σ (m² + v - 1 - ln v) over the coordinates: infinite where one no longer varies.
    """

    def divergence(rows: FloatArray) -> float:
        mean, variance = rows.mean(axis=0), rows.var(axis=0)
        with np.errstate(divide="ignore"):
            return float(0.5 * (mean**2 + variance - 1.0 - np.log(variance)).sum())

    return observation.of_each(latents(observation), divergence)


def reconstruction_error(observation: Observation) -> FloatArray:
    """Return the mean error of D_n's reconstructions by the reference model, shape (R,).

    See `AutoencoderLaw.errors`: the cross-entropy of an image, in nats.
    """
    law = observation.first_law
    if not isinstance(law, AutoencoderLaw):
        return observation.nan_values()
    rows = rows_of(observation.drawn)
    return np.array([float(law.errors(index, part).mean()) for index, part in enumerate(rows)])


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
    return observation.of_each(_classes(observation), lambda rows: float(entropies(rows).mean()))


def entropies(rows: FloatArray) -> FloatArray:
    """Return the entropy of each row of probabilities, in nats, shape (n,)."""
    logs = np.log(np.where(rows > 0, rows, 1.0))
    return -(rows * logs).sum(axis=1)


def class_balance(observation: Observation) -> FloatArray:
    """Return ½ Σ |share of a class in D_n - its share in D_0|, shape (R,); NaN without labels."""
    now, real = class_shares(observation), class_shares(observation.real_counterpart)
    if not now.shape[1]:
        return observation.nan_values()
    return 0.5 * np.abs(now - real).sum(axis=1)


def class_shares(observation: Observation) -> FloatArray:
    """Return the shares of the classes in D_n, shape (R, K).

    An image counts for its most probable class; K is 0 without labels.
    """
    parts = _classes(observation)
    if not parts:
        return np.empty((len(observation.drawn.sizes), 0))
    return np.array([_shares(rows) for rows in parts])


def _shares(rows: FloatArray) -> FloatArray:
    return np.bincount(rows.argmax(axis=1), minlength=rows.shape[1]) / len(rows)


def _classes(observation: Observation) -> list[FloatArray]:
    """Return the probabilities of the classes of D_n's images, (n, K) each; none without labels."""
    law, baseline = observation.source, observation.baseline
    if not isinstance(law, ImageLaw) or not len(law.classes):
        return []
    return observation.memo.get(
        "classes",
        lambda: [class_probabilities(baseline, rows) for rows in rows_of(observation.drawn)],
    )


def class_probabilities(baseline: Baseline, images: FloatArray) -> FloatArray:
    """Return the probability of each class for images (n, d), shape (n, K).

    Parameters
    ----------
    baseline : Baseline
        Of a source with labels.
    images : ndarray, shape (n, d)
    """
    weights = baseline.memo.get("classifier", lambda: _fit_classifier(baseline.law))
    return softmax(images @ weights[:, :-1].T + weights[:, -1], axis=1)


def _fit_classifier(law: Law) -> FloatArray:
    """Return weights and intercept of each class, shape (K, d + 1)."""
    if not isinstance(law, ImageLaw) or law.labels is None:
        raise TypeError("a classifier needs real images with labels")
    chosen = even_indices(len(law.images), MOST_LABELLED)
    labels = law.labels[chosen]
    if len(np.unique(labels)) == 1:
        return np.zeros((1, law.images.shape[1] + 1))
    import sklearn.linear_model  # pyright: ignore[reportUnusedImport] - used as `library`, which is untyped

    library: Any = sklearn
    with one_thread(), warnings.catch_warnings():
        # It need not converge to classify well; the number of iterations is fixed.
        warnings.simplefilter("ignore")
        model = library.linear_model.LogisticRegression(max_iter=ITERATIONS)
        model.fit(law.images[chosen], labels)
    weights = np.column_stack([model.coef_, model.intercept_])
    # Of two classes, scikit-learn gives the second: the first has the opposite weights.
    return np.concatenate([-weights, weights]) / 2.0 if len(weights) == 1 else weights


def nearest_real(observation: Observation) -> FloatArray:
    """Return the mean distance of D_n's images to the nearest real one, shape (R,).

    Euclidean, of at most 1,000 images of D_n to at most 5,000 of the source's.
    """
    law = narrow(observation.source, ImageLaw)
    chosen = even_indices(len(law.images), REAL_NEAR)
    real = observation.baseline.memo.get("near", lambda: law.images[chosen])
    squares = (real**2).sum(axis=1)
    means: list[float] = []
    for rows in rows_of(observation.drawn, NEAR):
        gaps = (rows**2).sum(axis=1)[:, None] + squares - 2.0 * rows @ real.T
        # Differences of equal numbers may round below 0.
        means.append(float(np.sqrt(np.maximum(gaps.min(axis=1), 0.0)).mean()))
    return np.array(means)


def pixel_variance_ratio(observation: Observation) -> FloatArray:
    """Return the variance of D_n's pixels, summed over them, over that of D_0, shape (R,)."""
    return _pixel_variance(observation) / _pixel_variance(observation.real_counterpart)


def _pixel_variance(observation: Observation) -> FloatArray:
    def compute() -> FloatArray:
        return np.array([float(rows.var(axis=0).sum()) for rows in rows_of(observation.drawn)])

    return observation.memo.get("pixel variance", compute)
