"""A line of a benchmark's report, and whether its claim holds with a factor of two to spare."""

from typing import NamedTuple


class Figure(NamedTuple):
    """A measured figure.

    Attributes
    ----------
    text : str
        The line that is printed.
    holds : bool
        Whether at least half of what is claimed was measured; True where nothing is claimed.
        The factor of two leaves room for other processors and for other work on the machine.
    """

    text: str
    holds: bool = True
