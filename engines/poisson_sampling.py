"""Exact draws of Poisson samples: their numbers, or only their sum."""

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Data, Form, Points, Totals
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
        return Totals(sizes, generator.poisson(sizes * rate))
    numbers = generator.poisson(np.repeat(rate, sizes))
    return Points(numbers.astype(np.float64), sizes)
