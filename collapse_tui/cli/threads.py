"""How many threads the numerical libraries may use."""

import os
import sys

POOLS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def limit_threads(count: int | None) -> None:
    """Limit the threads of libraries that are loaded now or later; None changes nothing.

    Parameters
    ----------
    count : int or None
        At least 1.
    """
    if count is None:
        return
    # read once by each library when it is loaded, and by provenance.json
    os.environ.update(dict.fromkeys(POOLS, str(count)))
    import threadpoolctl

    threadpoolctl.threadpool_limits(limits=count)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(count)


def limit_as_stored(stored: object) -> None:
    """Use as many threads as the run began with, so that it continues bit for bit.

    Parameters
    ----------
    stored : object
        The value of ``threads`` in provenance.json.
    """
    if isinstance(stored, str) and stored.isdecimal() and int(stored) > 0:
        limit_threads(int(stored))
