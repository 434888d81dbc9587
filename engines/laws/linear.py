"""The law of linear data: y = x·w + noise, x standard normal."""

from dataclasses import dataclass
from typing import ClassVar

from engines.arrays import FloatArray
from engines.laws.law import Law


@dataclass(frozen=True, eq=False)
class LinearLaw(Law):
    """R linear laws in d dimensions.

    Attributes
    ----------
    weights : ndarray, shape (R, d)
    noise : float
        Standard deviation of y given x, the same throughout.
    """

    replicate_fields: ClassVar[tuple[str, ...]] = ("weights",)

    weights: FloatArray
    noise: float
