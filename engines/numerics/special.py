"""Functions of scipy.special, loaded without what scipy copies from numpy unasked.

scipy makes a namespace of all that numpy has. For that numpy loads f2py and testing, a hundred
modules that nothing here calls and a quarter of a start. Empty modules stand in for them while
scipy is loaded; whoever imports them afterwards gets the real ones.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType

import numpy as np

UNUSED = ("f2py", "testing")


@contextmanager
def _spare() -> Generator[None]:
    stand_ins = {
        name: ModuleType(f"numpy.{name}") for name in UNUSED if f"numpy.{name}" not in sys.modules
    }
    for name, module in stand_ins.items():
        sys.modules[module.__name__] = module
        setattr(np, name, module)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            del sys.modules[module.__name__]
            delattr(np, name)


# a version of scipy that needs them is loaded with them, below
with suppress(ImportError), _spare():
    import_module("scipy.special")

from scipy.special import (  # noqa: E402
    gammainc,
    gammaln,
    ndtr,
    ndtri,
    pdtr,
    poch,
    polygamma,
    psi,
    softmax,
    stdtrit,
    xlog1py,
    xlogy,
    zeta,
)

__all__ = [
    "gammainc",
    "gammaln",
    "ndtr",
    "ndtri",
    "pdtr",
    "poch",
    "polygamma",
    "psi",
    "softmax",
    "stdtrit",
    "xlog1py",
    "xlogy",
    "zeta",
]
