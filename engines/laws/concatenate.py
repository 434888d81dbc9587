"""Laws of several generations side by side, as if their replicates were all of one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np


def concatenate(laws: Sequence[Any]) -> Any:
    """Return the law with the replicates of all, one law after the other.

    A class says with `replicate_fields` which of its fields have one row a replicate; the others
    are the same in every generation. A subclass with fields of its own says it anew.

    Parameters
    ----------
    laws : sequence of Law
        Of one run.

    Returns
    -------
    Law or None
        None where the class does not say it, or the laws are not of one class and shape.
    """
    kind = cast("type[object]", type(laws[0]))
    rows: tuple[str, ...] | None = vars(kind).get("replicate_fields")
    if rows is None:
        return None
    if any(type(law) is not kind for law in laws):
        return None
    parts = {name: [getattr(law, name) for law in laws] for name in rows}
    if any(len({part.shape[1:] for part in column}) > 1 for column in parts.values()):
        return None
    return replace(laws[0], **{name: np.concatenate(column) for name, column in parts.items()})
