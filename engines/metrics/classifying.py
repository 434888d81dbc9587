"""The classifier of images: multinomial logistic regression on the real ones, once per run.

It is linear in the pixels, so that it knows no more of an image than how much of each class
is in it: between two classes its probabilities lie between theirs.
"""

import warnings
from typing import Any

import numpy as np
from scipy.special import softmax

from engines.arrays import FloatArray
from engines.laws.images import ImageLaw
from engines.metrics.observation import Reference
from engines.numerics.threads import one_thread

MOST = 5_000
"""Most real images that it is trained on, evenly spaced."""
STEPS = 300
"""Steps of its optimiser at most."""


def class_probabilities(reference: Reference, images: FloatArray) -> FloatArray:
    """Return the probability of each class for images (n, d), shape (n, K).

    Parameters
    ----------
    reference : Reference
        Of a source with labels.
    images : ndarray, shape (n, d)
    """
    weights = reference.once("classifier", lambda: _fit_classifier(reference.law))
    return softmax(images @ weights[:, :-1].T + weights[:, -1], axis=1)


def _fit_classifier(law: Any) -> FloatArray:
    """Return weights and intercept of each class, shape (K, d + 1)."""
    if not isinstance(law, ImageLaw) or law.labels is None:
        raise TypeError("a classifier needs real images with labels")
    chosen = law.indices(MOST)
    labels = law.labels[chosen]
    if len(np.unique(labels)) == 1:
        return np.zeros((1, law.images.shape[1] + 1))
    import sklearn.linear_model  # pyright: ignore[reportUnusedImport] - used as `library`, which is untyped

    library: Any = sklearn
    with one_thread(), warnings.catch_warnings():
        # Short of the optimum it classifies as well; the number of steps is fixed.
        warnings.simplefilter("ignore")
        model = library.linear_model.LogisticRegression(max_iter=STEPS)
        model.fit(law.images[chosen], labels)
    weights = np.column_stack([model.coef_, model.intercept_])
    # Of two classes only the second is given: the other is its mirror.
    return np.concatenate([-weights, weights]) / 2.0 if len(weights) == 1 else weights
