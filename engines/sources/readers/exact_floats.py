"""Numbers of any type as floating point numbers of 64 bits: the same ones, or a refusal."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.arrays import FloatArray
from engines.errors import InvalidExperimentError


def to_floats(values: NDArray[Any], place: Callable[[int], str]) -> FloatArray:
    """Return numbers as floating point numbers of 64 bits, none of them rounded.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Integers, booleans or floating point numbers.
    place : callable
        From an index to the words of a message for it.

    Raises
    ------
    InvalidExperimentError
        That names the first number which would be rounded.
    """
    with np.errstate(over="ignore"):
        floats = values.astype(np.float64)
    if values.dtype.itemsize < 8 or values.dtype == np.float64:
        return floats
    # 2^63 and 2^64 themselves do not fit into the type that they came from
    top = 2.0 ** (8 * values.dtype.itemsize - (values.dtype.kind == "i"))
    fits = floats < top if values.dtype.kind in "iu" else np.ones(len(floats), dtype=np.bool_)
    back = np.where(fits, floats, 0.0).astype(values.dtype)
    differs = (back != values) & ~((values != values) & (back != back))  # noqa: PLR0124 - NaN
    wrong = np.flatnonzero(differs | ~fits)
    if len(wrong):
        raise InvalidExperimentError(
            f"{place(int(wrong[0]))}, is {values[wrong[0]]}, which 64-bit floating point numbers"
            f" round to {floats[wrong[0]]:.17g} ({len(wrong):,} such rows): subtract what the rows"
            " have in common"
        )
    return floats
