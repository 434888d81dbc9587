"""Laws of several generations as one law, so that all are measured in one call."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engines.laws.law import Law


def concatenate(laws: Sequence[Law]) -> Law | None:
    """Return one law with the replicates of all laws, one law after the other.

    Parameters
    ----------
    laws : sequence of Law
        Laws of one run.

    Returns
    -------
    Law or None
        None where the laws differ in class or shape, or where their class does not define
        `Law.replicate_fields` itself (a subclass with further fields must define it again).
    """
    first: Any = laws[0]
    kind = type(laws[0])
    fields: tuple[str, ...] | None = vars(kind).get("replicate_fields")
    if fields is None or any(type(law) is not kind for law in laws):
        return None
    columns = {name: [getattr(law, name) for law in laws] for name in fields}
    if any(len({part.shape[1:] for part in column}) > 1 for column in columns.values()):
        return None
    return replace(first, **{name: np.concatenate(column) for name, column in columns.items()})
