"""Where networks compute: tensors on a device, and how many threads a computation gets."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import numpy as np

from engines.libraries import torch

SMALL = 1 << 27
"""Multiplications of one batch below which a second thread costs more than it gives."""


def on_device(array: Any, device: str) -> Any:
    """Return an array as a tensor on a device, floating point numbers as float32."""
    plain = array.astype(np.float32) if array.dtype == np.float64 else array
    return torch().from_numpy(np.ascontiguousarray(plain)).to(device)


@contextmanager
def computing(work: int) -> Generator[None, None, None]:
    """Compute the same on every call: on one thread where the work is small.

    The setting is the process's: leave the context before anything is yielded.

    Parameters
    ----------
    work : int
        Multiplications of one batch.
    """
    library = torch()
    threads = library.get_num_threads()
    exact = library.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True)
    library.set_num_threads(1 if work < SMALL else threads)
    try:
        with exact:
            yield
    finally:
        library.set_num_threads(threads)
