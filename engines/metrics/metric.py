"""What an entry of the table of metrics says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engines.laws.law import Law, Part
from engines.metrics.by_law import Compute


@dataclass(frozen=True, slots=True)
class Metric:
    """One number per replicate and generation.

    Attributes
    ----------
    name : str
    label : str
        For chart titles, at most 18 characters.
    kinds : tuple of str
        Kinds of data for which it is defined.
    density : bool
        Whether it needs a density of the source, which a file does not have.
    compute : callable
        `Look` → array of shape (R,).
    sentence : str
        What it is, for help and documentation.
    needs : mapping of str to Part
        Kind of data → what the laws of source and engine must have there.
    absent : callable or None
        Law of the source → why it cannot be measured of it or on this machine, or None; for
        metrics that ask labels or further models.
    """

    name: str
    label: str
    kinds: tuple[str, ...]
    density: bool
    compute: Compute
    sentence: str
    needs: Mapping[str, Part] = field(default_factory=dict[str, Part])
    absent: Callable[[Law], str | None] | None = None
