"""One thread for small fits, where the overhead of two makes them twenty times slower."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which BLAS and scikit-learn's OpenMP use a single thread.

    The limit holds for the whole process: leave the context before anything is yielded. It also
    makes sums reproducible, which they are not when OpenMP's threads add up in any order.
    """
    return _pools().limit(limits=1)


@cache
def _pools() -> Any:
    # The controller finds only libraries that are loaded: scikit-learn's are loaded first.
    import sklearn.cluster  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
