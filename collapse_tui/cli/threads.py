"""How many threads the number libraries may take."""

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
    """Limit what is loaded already and what will be; None leaves everything as it is.

    Parameters
    ----------
    count : int or None
        At least 1.
    """
    if count is None:
        return
    # read once by each library when it is loaded, and by provenance.json
    os.environ.update(dict.fromkeys(POOLS, str(count)))
    # comes with scikit-learn, and without types
    import threadpoolctl

    threadpoolctl.threadpool_limits(limits=count)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(count)


def limit_as_stored(stored: object) -> None:
    """Take the number of threads that a run was begun with, so that it goes on bit for bit.

    Parameters
    ----------
    stored : object
        What provenance.json holds under ``threads``.
    """
    if isinstance(stored, str) and stored.isdecimal() and int(stored) > 0:
        limit_threads(int(stored))
