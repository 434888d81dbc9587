"""The table of second-moment laws: every engine under every policy that is solved."""

from typing import Any, NamedTuple

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    Condition,
    all_of,
    engine_is,
    is_mixture,
    reach,
    replaces,
    replaces_throughout,
    solved_as,
    until,
)
from engines.theory.gaussian import moments as gaussian
from engines.theory.gaussian import overlays_nd as gaussian_nd_overlays
from engines.theory.gaussian.evaluate import Values, only_honest, only_normal, tame, while_replaced
from engines.theory.overlay import Overlay
from engines.theory.references import (
    BORKAR2025,
    DERIVED,
    EWENS2004,
    GERSTGRASSER2024,
    HE2025,
    KAZDAN2024,
    SHUMAILOV2023,
    at,
)
from engines.theory.second_moments import accumulate, mixture, subsample, weighted
from engines.theory.second_moments.overlays import Family, Law, centre_of


class _Engine(NamedTuple):
    prefix: str
    name: str
    kind: str


class _Policy(NamedTuple):
    name: str
    condition: Condition
    law: Law


def _plain(case: Case) -> str | None:
    if replaces_throughout(case):
        return None
    return replaces(case) or "replacement does not last: see mixture"


def _excited(case: Case) -> str | None:
    """Return why not, unless every generation is iid fresh data and the model's samples."""
    used = case.policies[1 : max(2, case.generations)]
    if all(_is_excited(policy) for policy in used):
        return None
    return "it speaks of iid fresh data (fresh above 0) and the newest model alone"


def _is_excited(policy: Any) -> bool:
    if not is_mixture(policy) or policy.previous != 0 or policy.keep != 0:
        return False
    return policy.fresh > 0 and policy.counts != "fixed"


def _mixed(case: Case) -> str | None:
    """Return why not, unless the policy is mix and no law of a narrower name holds."""
    if replaces_throughout(case):
        return "every generation is replaced: see replace"
    if solved_as(case.engines[-1]) == "discrete" and _excited(case) is None:
        return "fresh data and the newest model alone: see borkar"
    return mixture.refusal(case)


_ENGINES = (
    _Engine("gaussian", "gaussian", "real"),
    _Engine("gaussian_nd", "gaussian", "real-nd"),
    _Engine("discrete", "discrete", "states"),
    _Engine("kde", "kde", "real"),
    _Engine("gmm", "gmm", "real"),
    _Engine("gmm_nd", "gmm", "real-nd"),
)
_POLICIES = (
    _Policy("replace", _plain, mixture.of_case),
    _Policy("mixture", _mixed, mixture.of_case),
    _Policy("accumulate", accumulate.refusal, accumulate.of_case),
    _Policy("subsample", subsample.refusal, subsample.of_case),
    _Policy("weighted", weighted.refusal, weighted.of_case),
)
_WEIGHTED = {"gaussian", "discrete"}
"""Engines whose fits take weights."""
_SECTIONS = {"gaussian": "§1", "discrete": "§4", "kde": "§7", "gmm": "§8"}
"""Where docs/theory.md speaks of each engine."""
_REFERENCES = {
    "gaussian.replace": at(SHUMAILOV2023, "eq. 3"),
    "gaussian_nd.replace": at(SHUMAILOV2023, "eq. 3, every projection"),
    "gaussian.mixture": at(DERIVED, "§2.1, §2.4"),
    "gaussian_nd.mixture": at(DERIVED, "§2.1, §2.4, every projection"),
    "gaussian.accumulate": at(KAZDAN2024, "accumulate; theory §2.2"),
    "gaussian_nd.accumulate": at(GERSTGRASSER2024, "accumulate; theory §2.2"),
    "gaussian.subsample": at(KAZDAN2024, "accumulate-subsample; theory §2.3"),
    "gaussian.weighted": at(HE2025, "equal sizes; §2.5"),
    "gaussian_nd.weighted": at(HE2025, "equal sizes; §2.5"),
    "gaussian_nd.subsample": at(KAZDAN2024, "accumulate-subsample; theory §2.3"),
    "discrete.replace": at(EWENS2004, "section 3.2, haploid"),
    "discrete.mixture": at(DERIVED, "§2.1, §4"),
    "kde.replace": at(DERIVED, "§7"),
    "gmm.replace": at(DERIVED, "§8, moment conservation"),
    "gmm_nd.replace": at(DERIVED, "§8, moment conservation"),
}


def _variance_of_variance(sizes: FloatArray, shrink: FloatArray) -> FloatArray:
    square = gaussian.variance_power(sizes, shrink, 2)
    return square - gaussian.variance_power(sizes, shrink, 1) ** 2


def _accumulated(case: Case) -> FloatArray:
    estimators = [engine.estimator for engine in case.engines[1:]]
    found = accumulate.variance_of_variance(case.sizes, ["mle", *estimators])
    variance = float(case.source.covariance[0, 0])
    return until(variance**2 * found, reach(case, accumulate.is_accumulate))


_VARIANCES: dict[str, dict[str, Values]] = {
    "gaussian.replace": {
        "variance": only_normal(tame(while_replaced(_variance_of_variance, 4))),
        "mean": tame(centre_of(mixture.of_case)),
    },
    "gaussian.mixture": {"mean": tame(centre_of(mixture.of_case))},
    "gmm.replace": {"mean": tame(centre_of(mixture.of_case))},
    "gmm.mixture": {"mean": tame(centre_of(mixture.of_case))},
    "gaussian_nd.replace": {
        "trace_ratio": only_normal(gaussian_nd_overlays.TRACE_VARIANCE),
        "mean_error": only_normal(gaussian_nd_overlays.ERROR_VARIANCE),
    },
    "gaussian.accumulate": {"variance": only_honest(only_normal(_accumulated))},
}


def _family(engine: _Engine, policy: _Policy) -> Family:
    prefix = f"{engine.prefix}.{policy.name}"
    return Family(
        prefix,
        engine.kind,
        all_of(engine_is(engine.name), policy.condition),
        policy.law,
        _REFERENCES.get(prefix, at(DERIVED, f"§2, {_SECTIONS[engine.name]}")),
        _VARIANCES.get(prefix, {}),
    )


_BORKAR = Family(
    "borkar",
    "states",
    all_of(engine_is("discrete"), _excited),
    mixture.of_case,
    at(BORKAR2025, "closed forms: theory §5"),
    {},
)

OVERLAYS: tuple[Overlay, ...] = (
    *(
        overlay
        for engine in _ENGINES
        for policy in _POLICIES
        if policy.name != "weighted" or engine.name in _WEIGHTED
        for overlay in _family(engine, policy).overlays()
    ),
    *_BORKAR.overlays(),
)
