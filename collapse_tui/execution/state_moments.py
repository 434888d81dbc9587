"""What theory starts anew from: averages over the replicates of the state of a run."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.arrays import FloatArray, common_size
from engines.data import Counts, Gram, Moments, Totals
from engines.recursion import Recursion, State
from engines.theory.case import SourceFacts
from engines.theory.given_state.law import StateMoments

Values = dict[str, FloatArray]
"""Name → one number for each replicate."""


def moments_of_state(state: State, loop: Recursion, source: SourceFacts) -> StateMoments:
    """Return the averages of a state; none where no law starts from such data.

    Parameters
    ----------
    state : State
    loop : Recursion
        The recursion that it belongs to.
    source : SourceFacts
        Of p_0.
    """
    averages: dict[str, float] = {}
    measure = _BY_KIND.get(source.kind)
    if measure is not None:
        # what is undefined has no average, and a law that needs it says so
        with np.errstate(divide="ignore", invalid="ignore"):
            values = measure(state.training, source, loop)
            averages = {name: float(each.mean()) for name, each in values.items()}
            if "mean" in values and len(values["mean"]) > 1:
                averages["mean_spread"] = float(values["mean"].var(ddof=1))
        size = common_size(np.asarray(state.training.sizes))
        if size is not None:
            averages["size"] = float(size)
    finite = {name: each for name, each in averages.items() if np.isfinite(each)}
    return StateMoments(state.generation, finite)


def _of_numbers(data: Any, source: SourceFacts, loop: Recursion) -> Values:
    del loop
    moments = Moments.of(data)
    mean = moments.mean[:, 0]
    sd: FloatArray = moments.factor[:, 0, 0] / np.sqrt(moments.sizes)
    return {**_of_mean(mean, source), "sd": sd, "log_sd": np.log(sd), **_of_variance(sd**2)}


def _of_mean(mean: FloatArray, source: SourceFacts) -> Values:
    return {"mean": mean, "mean_error": (mean - source.mean[0]) ** 2}


def _of_variance(variance: FloatArray) -> Values:
    return {"variance": variance, "variance_squared": variance**2}


def _of_vectors(data: Any, source: SourceFacts, loop: Recursion) -> Values:
    del loop
    moments = Moments.of(data)
    diagonal = np.diagonal(moments.factor, axis1=1, axis2=2)
    return {
        "mean_error": ((moments.mean - source.mean) ** 2).sum(axis=1),
        "variance": (moments.factor**2).sum(axis=(1, 2)) / moments.sizes,
        "log_det": 2 * np.log(diagonal).sum(axis=1) - diagonal.shape[1] * np.log(moments.sizes),
    }


def _of_counts(data: Counts, source: SourceFacts, loop: Recursion) -> Values:
    del loop
    shares: FloatArray = data.counts / data.sizes[:, None]
    values = {
        "heterozygosity": 1 - (shares**2).sum(axis=1),
        "distance": ((shares - source.probabilities) ** 2).sum(axis=1),
    }
    if not np.all(np.isfinite(source.values)):
        return values
    mean = shares @ source.values
    deviations = source.values - mean[:, None]
    return {
        **values,
        **_of_mean(mean, source),
        **_of_variance((shares * deviations**2).sum(axis=1)),
    }


def _of_totals(data: Totals, source: SourceFacts, loop: Recursion) -> Values:
    del loop
    return _of_mean(data.totals / data.sizes, source)


def _of_gram(data: Gram, source: SourceFacts, loop: Recursion) -> Values:
    real: Any = loop.real
    try:
        weights = np.linalg.solve(data.gram, data.moment[:, :, None])[:, :, 0]
        inverse = np.linalg.inv(Gram.of(real).gram)
    except np.linalg.LinAlgError:
        return {}
    return {
        "test_error": ((weights - source.mean) ** 2).sum(axis=1),
        "inverse_trace": np.trace(inverse, axis1=1, axis2=2),
    }


_BY_KIND: dict[str, Callable[[Any, SourceFacts, Recursion], Values]] = {
    "real": _of_numbers,
    "real-nd": _of_vectors,
    "states": _of_counts,
    "counts": _of_totals,
    "linear": _of_gram,
}
"""Kind of source → what is known of T_n in each replicate."""
