"""Data held as blocks of tokens: what a language model is trained on."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engines.data.form import Form
from engines.data.points import Points


@dataclass(frozen=True, eq=False)
class Blocks(Points):
    """Blocks of R replicates, all of one length; a block is one point.

    Attributes
    ----------
    values : ndarray of int, shape (N, L)
        Token numbers, replicate 0 first; N is the sum of `sizes`.
    sizes : ndarray of int, shape (R,)
        Blocks of each replicate.
    """

    form: ClassVar[Form] = Form.BLOCKS
    dtype: ClassVar[type[Any]] = np.int64
