"""Which law a metric is compared with at a generation, and why there is none."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from collapse_tui.events import Curve, absent_after
from engines.theory.conditions import SCOPE


class Change(Protocol):
    """Settings that changed from step `at` on: an intervention, planned or made."""

    @property
    def at(self) -> int:
        """The step."""
        ...

    @property
    def settings(self) -> Mapping[str, object]:
        """Key → value."""
        ...


def rank_laws(curves: Iterable[Curve], generation: int) -> list[Curve]:
    """Return the laws that reach a generation, the one to compare with first.

    Those with a value there come first, exact ones before others. From a change of settings on, a
    law that starts from the state before it describes this very run: it comes before the laws of
    all runs, also of those in which something else would have been turned.
    """
    reaching = [curve for curve in curves if generation < curve.values.size]

    def rank(curve: Curve) -> tuple[bool, bool, int]:
        return math.isnan(curve.values[generation]), curve.status != "exact", -curve.start

    return sorted(reaching, key=rank)


def explain_end_of_laws(
    changes: Sequence[Change], absent: Mapping[str, str], metric: str, at: int
) -> str:
    """Return why no law has a value at a generation once settings have changed, "" if none have."""
    before = [change for change in changes if change.at <= at and set(change.settings) != {"seed"}]
    if not before:
        return ""
    last = max(change.at for change in before)
    keys = [key for change in before if change.at == last for key in change.settings]
    reason = absent.get(absent_after(metric, last - 1), f"the state at {last - 1} was not kept")
    return f"theory ends at {last - 1:,}: {' and '.join(dict.fromkeys(keys))} changed, and {reason}"


def why_absent(absent: Mapping[str, str], metric: str) -> str:
    """Return why theory has no law for a metric, naming the first condition that is not met."""
    reasons = [
        reason
        for name, reason in absent.items()
        if metric in name.split(".") and not reason.startswith(SCOPE)
    ]
    return f"no closed form: {reasons[0]}" if reasons else "no closed form here"
