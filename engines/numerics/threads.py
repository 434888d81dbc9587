"""One thread for small fits: two threads that wait for each other cost twenty times more."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which BLAS and scikit-learn's OpenMP use a single thread.

    The limit is the process's: leave the context before anything is yielded. It also makes
    sums the same every time, which OpenMP's threads, adding up as they come, do not.
    """
    return _pools().limit(limits=1)


@cache
def _pools() -> Any:
    # Finds the libraries loaded by now, so those of scikit-learn are loaded first.
    import sklearn.cluster  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
