"""Why a metric of a law is undefined: a number outside its error bound is never shown."""

from collections.abc import Mapping

from engines.laws.law import Law
from engines.laws.real import RealLaw
from engines.metrics.registry import NEED_DENSITY

BY_TABLE = NEED_DENSITY | {
    "w1", "w2", "w2_squared", "energy", "mmd", "tail_mass", "tail_mass_3sd", "modes",
}  # fmt: skip
"""Metrics that look at the nodes of a law."""


def fault(metric: str, law: Law, source: Law) -> str:
    """Return why a metric would exceed its error bound, or "".

    Parameters
    ----------
    metric : str
    law, source : Law
        Laws of the model and the source.
    """
    if metric not in BY_TABLE or not isinstance(law, RealLaw) or not isinstance(source, RealLaw):
        return ""
    density = metric in NEED_DENSITY
    reason = law.fault(density=density) or source.fault(density=density)
    if reason or metric != "mmd":
        return reason
    from engines.metrics.quadrature import mmd_fault

    return next(filter(None, (mmd_fault(each, source) for each in law.split())), "")


def explain(flags: Mapping[str, str], law: Law, source: Law) -> dict[str, str]:
    """Return the flags of a generation's metrics, with the reason where one is undefined."""
    explained: dict[str, str] = {}
    for metric, flag in flags.items():
        reason = fault(metric, law, source) if "undefined" in flag else ""
        explained[metric] = f"{flag}: {reason}" if reason else flag
    return explained
