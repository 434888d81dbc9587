"""A metric: its name, its words, where it exists and what computes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pkgutil import resolve_name

from engines.arrays import BoolArray, FloatArray
from engines.base import Source
from engines.cost import CALL, TOUCH, Cost, Load
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
        In a few words, at most 18 characters: for columns and the ends of curves.
    title : str
        Written out, at most 34 characters: for titles.
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
    pairs : frozenset of str
        Kinds of data of which it compares all pairs of states.
    answer : bool
        Whether its values are yes and no, stored as 1 and 0: across replicates they are a share.
    """

    name: str
    label: str
    title: str
    sentence: str
    kinds: tuple[str, ...]
    function: str
    density: bool = False
    needs: Mapping[str, Part] = field(default_factory=dict[str, Part])
    obstacle_function: str = ""
    pairs: frozenset[str] = frozenset()
    answer: bool = False

    def cost(self, source: Source, load: Load, size: float) -> Cost:
        """Return what one generation takes, where each law is looked at in `size` points."""
        count = source.state_count
        numbers = 4 * count**2 if source.kind in self.pairs else 0
        looked_at = 6 * size * load.replicates
        if self.name.endswith("_sample"):
            looked_at += 2 * load.drawn * load.replicates
        work = TOUCH * (2 * numbers + looked_at + 40 * load.replicates)
        keys = f"replicates or {source.cost.keys}"
        memory = 8.0 * (numbers + looked_at)
        return Cost(f"the numbers of metric {self.name!r}", memory, keys, 2 * CALL + work)

    def compute(self, observation: Observation) -> FloatArray | BoolArray:
        """Return the values of one generation, shape (R,); True and False are stored as 1 and 0."""
        return _load(self.function)(observation)

    def obstacle(self, source: Law) -> str | None:
        """Return why it cannot be measured of this source or on this machine, or None.

        Some metrics need labels of the source, or further models.
        """
        return _load(self.obstacle_function)(source) if self.obstacle_function else None
