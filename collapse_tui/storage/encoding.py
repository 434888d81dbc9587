"""One record as one line of JSON: the same numbers always give the same bytes."""

import json
import math
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from collapse_tui.events import Generation

INSIDE = 100
"""Up to this many replicates their values stand in the line; above, in metrics/<name>.f64."""


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return cast("object", value.item())
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    raise TypeError(f"a record holds numbers and text, got {type(value).__name__}")


_ENCODER = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
)


def finite(value: object) -> object:
    """Return `value` with every NaN and infinity in it replaced by None."""
    if isinstance(value, np.generic):
        return finite(cast("object", value.item()))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        return {key: finite(entry) for key, entry in entries.items()}
    if isinstance(value, list | tuple):
        return [finite(entry) for entry in cast("list[object]", value)]
    return value


def encode_line(document: dict[str, Any]) -> bytes:
    """Return compact JSON and a newline; floats by repr, NaN and infinities as null."""
    try:
        text = _ENCODER.encode(document)
    except ValueError:
        # looking at every number first would cost more than the rare second attempt
        text = _ENCODER.encode(finite(document))
    # a lone surrogate, from a file name that is no UTF-8, becomes the escape that JSON has for it
    return (text + "\n").encode(errors="backslashreplace")


def encode_record(generation: Generation, replicates: int) -> bytes:
    """Return the line of metrics.jsonl for one record.

    Parameters
    ----------
    generation : Generation
    replicates : int
        R; the values of the replicates are left out above `INSIDE`.

    Returns
    -------
    bytes
        With its newline.
    """
    document: dict[str, Any] = {
        "generation": generation.generation,
        "summary": generation.summary,
        "stage": generation.stage,
    }
    if replicates <= INSIDE:
        document["metrics"] = {name: row.tolist() for name, row in generation.metrics.items()}
    document["flags"] = generation.flags
    return encode_line(document)


def encode_row(values: NDArray[np.float64]) -> bytes:
    """Return the replicates' values as little-endian doubles."""
    return np.asarray(values, dtype="<f8").tobytes()
