"""An entry of the table of metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pkgutil import resolve_name

from engines.arrays import BoolArray, FloatArray
from engines.laws.law import Law, Part
from engines.metrics.observation import Observation

_load = cache(resolve_name)


@dataclass(frozen=True, slots=True)
class Metric:
    """One number per replicate and generation.

    Attributes
    ----------
    name : str
    label : str
        For chart titles, at most 18 characters.
    sentence : str
        What it is, for help and documentation.
    kinds : tuple of str
        Kinds of data for which it is defined (`engines.kinds.KINDS`).
    function : str
        "module:function", imported when first called: `Observation` → array of shape (R,).
    density : bool
        Whether it needs a density of the source, which a file does not have.
    needs : mapping of str to Part
        Kind of data → what the laws of source and engine must have there.
    obstacle_function : str
        "module:function" behind `obstacle`; empty where there is never an obstacle.
    """

    name: str
    label: str
    sentence: str
    kinds: tuple[str, ...]
    function: str
    density: bool = False
    needs: Mapping[str, Part] = field(default_factory=dict[str, Part])
    obstacle_function: str = ""

    def compute(self, observation: Observation) -> FloatArray | BoolArray:
        """Return the values of one generation, shape (R,); True and False are stored as 1 and 0."""
        return _load(self.function)(observation)

    def obstacle(self, source: Law) -> str | None:
        """Return why it cannot be measured of this source or on this machine, or None.

        Some metrics need labels of the source, or further models.
        """
        return _load(self.obstacle_function)(source) if self.obstacle_function else None
