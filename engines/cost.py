"""What a part of an experiment takes of memory, known before anything is allocated."""

from typing import NamedTuple


class Cost(NamedTuple):
    """An estimate of the largest part of one part of an experiment.

    Attributes
    ----------
    what : str
        What takes it, in the plural.
    memory : float
        Bytes.
    keys : str
        The keys to lower.
    """

    what: str
    memory: float
    keys: str
