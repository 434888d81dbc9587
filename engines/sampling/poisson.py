"""Exact draws of Poisson samples: their numbers, or only their sum."""

import numpy as np

from engines.arrays import FloatArray, IntArray, scalar_if_equal
from engines.data import Data, Form, Points, Totals
from engines.errors import GenerationError
from engines.streams import Purpose, Streams


def sample_poisson(rate: FloatArray, sizes: IntArray, form: Form, streams: Streams) -> Data:
    """Return a sample of each replicate's Poisson law: its numbers, or only their sum.

    Parameters
    ----------
    rate : ndarray, shape (R,)
    sizes : ndarray of int, shape (R,)
    form : Form
        `Form.TOTALS` or `Form.POINTS`.
    streams : Streams
    """
    generator = streams.of(Purpose.COUNT)
    if form is Form.TOTALS:
        return Totals(sizes, _draw_poisson(scalar_if_equal(sizes) * rate, generator))
    numbers = generator.poisson(np.repeat(rate, sizes))
    return Points(numbers.astype(np.float64), sizes)


def _draw_poisson(expected: FloatArray, generator: np.random.Generator) -> IntArray:
    """Return a Poisson number for each expectation, shape (R,).

    The generator uses no random bits for an expectation of 0. Leaving these out changes no
    number and saves time, because most replicates soon have rate 0.
    """
    try:
        alive = np.flatnonzero(expected)
        if len(alive) == len(expected):
            return generator.poisson(expected)
        numbers = np.zeros(len(expected), dtype=np.int64)
        numbers[alive] = generator.poisson(expected[alive])
    except ValueError:
        raise GenerationError(
            f"Poisson sums of about {expected.max():.3g} are beyond what can be counted exactly"
            " (9.2e18): lower the rate or the number of samples"
        ) from None
    return numbers
