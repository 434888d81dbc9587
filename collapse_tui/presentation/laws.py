"""Which law a metric is compared with at a generation, and why there is none."""

import math
from collections.abc import Iterable, Mapping

import numpy as np

from collapse_tui.events import Curve, absent_after
from collapse_tui.experiment.knobs import plain_words
from collapse_tui.presentation.snapshot import Snapshot
from engines.theory.conditions import SCOPE


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


def explain_end_of_laws(snapshot: Snapshot, metric: str, at: int) -> str:
    """Return why no law has a value at a generation, "" if no settings have changed by then."""
    changes = [
        change
        for change in snapshot.interventions
        if change.at <= at and set(change.settings) != {"seed"}
    ]
    if not changes:
        return ""
    steps = sorted({change.at for change in changes})
    known = max(
        (_last_value(one, at) for one in snapshot.curves if one.metric == metric), default=0
    )
    # the first change that no law has outlived
    last = next((step for step in steps if step > known), steps[-1])
    keys = dict.fromkeys(key for each in changes if each.at == last for key in each.settings)
    what = " and ".join(snapshot.labels.get(key) or plain_words(key) for key in keys)
    lost = f"the state at {last - 1:,} was not kept"
    reason = snapshot.absent.get(absent_after(metric, last - 1), lost)
    return f"theory ends at {last - 1:,}: {what} changed, and {reason}"


def _last_value(curve: Curve, at: int) -> int:
    """Return the last generation up to `at` for which a law has a value, -1 for none."""
    known = np.flatnonzero(np.isfinite(curve.values[: at + 1]))
    return int(known[-1]) if known.size else -1


def why_absent(absent: Mapping[str, str], metric: str) -> str:
    """Return why theory has no law for a metric, naming the first condition that is not met."""
    reasons = [
        reason
        for name, reason in absent.items()
        if metric in name.split(".") and not reason.startswith(SCOPE)
    ]
    return f"no closed form: {reasons[0]}" if reasons else "no closed form here"
