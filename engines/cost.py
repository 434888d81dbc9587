"""What a part of an experiment takes of memory and of time, known before anything is allocated.

Times are estimates to within a factor of about three: each part counts the numbers that it
touches, and how long one takes was measured once, on one core of an AMD EPYC of 2.4 GHz.
"""

import resource
from typing import NamedTuple

DRAW = 2e-8
"""Seconds for a random number, with what reads it."""
SORT = 6e-8
"""Seconds for a number that is sorted, and searched among others."""
TOUCH = 1e-9
"""Seconds for a number that one operation passes over."""
FUNCTION = 2e-8
"""Seconds for an exponential, a logarithm or a normal cdf."""
PRODUCT = 5e-11
"""Seconds for a multiplication within a product of matrices."""
MATRIX = 5e-6
"""Seconds that factors of a matrix take in one generation, however small it is."""
CALL = 1e-5
"""Seconds that a handful of array operations takes, however short the arrays are."""


class Load(NamedTuple):
    """How much one generation computes.

    Attributes
    ----------
    replicates : int
        R.
    drawn, fitted : float
        Points of D_n and of T_n, of each replicate.
    """

    replicates: int
    drawn: float
    fitted: float


class Cost(NamedTuple):
    """An estimate of what one part of an experiment takes.

    Attributes
    ----------
    what : str
        What takes it, in the plural.
    memory : float
        Bytes of memory, or of the disk.
    keys : str
        The keys to lower.
    time : float
        Seconds of one generation on one core.
    """

    what: str
    memory: float
    keys: str
    time: float = 0.0


def free_memory() -> float:
    """Return how many bytes of memory this process may still take: what is free and allowed."""
    import psutil  # costs a tenth of a start

    free = float(psutil.virtual_memory().available)
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY:
        free = min(free, max(0.0, allowed - psutil.Process().memory_info().vms))
    return free
