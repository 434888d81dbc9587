"""Least squares under replacement from a state on: the excess test error.

Model n + 1 is known, and each later fit adds an independent error of its own: of fresh x on
average σ² d / (T - d - 1), of the x of D_0 again exactly σ² tr (Σ x xᵀ)⁻¹.
"""

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.conditions import (
    all_of,
    is_replace,
    last_model,
    nan_after,
    require,
    sizes_above,
)
from engines.theory.given_state.law import REPLACEMENT, Averages, StateLaw
from engines.theory.references import OWN, cite


def _test_error(case: Case, averages: Averages) -> FloatArray:
    dimension, noise = case.source.dimension, float(case.source.law.noise)
    if case.engines[1].design == "same":
        steps = np.full(max(0, case.generations - 1), averages["inverse_trace"])
    else:
        steps = dimension / (case.sizes[1:-1].astype(np.float64) - dimension - 1)
    added = np.concatenate([[np.nan, 0.0], np.cumsum(steps)])[: case.generations + 1]
    return nan_after(averages["test_error"] + noise**2 * added, last_model(case, is_replace))


LAWS: tuple[StateLaw, ...] = (
    StateLaw(
        "regression.state.test_error.mean",
        "regression",
        "linear",
        all_of(
            REPLACEMENT,
            require(
                lambda case: all(engine.ridge == 0 for engine in case.fitting_engines),
                "ridge must be 0",
            ),
            sizes_above(1, plus_dimension=True),
        ),
        ("test_error", "inverse_trace"),
        _test_error,
        cite(OWN, "§13, from §9"),
    ),
)
