"""Names of stored arrays, '/'-separated: adding a prefix and selecting by one.

Names below ``weights/`` are absolute: they never get a prefix, so that a network that is the
model, the reference and an earlier law at once is stored only once.
"""

from collections.abc import Mapping
from typing import Any

from engines.arrays import Arrays

ABSOLUTE = "weights/"
"""Prefix of absolute names."""


def add_prefix(prefix: str, arrays: Mapping[str, Any]) -> Arrays:
    """Return the arrays with `prefix` before their names; absolute names stay as they are."""
    return {
        name if name.startswith(ABSOLUTE) else f"{prefix}/{name}": array
        for name, array in arrays.items()
    }


def select_prefix(prefix: str, arrays: Mapping[str, Any]) -> Arrays:
    """Return the arrays whose names begin with `prefix`, by the rest of their names."""
    start = prefix + "/"
    return {name.removeprefix(start): a for name, a in arrays.items() if name.startswith(start)}


def absolute_arrays(arrays: Mapping[str, Any]) -> Arrays:
    """Return the arrays with absolute names."""
    return {name: array for name, array in arrays.items() if name.startswith(ABSOLUTE)}
