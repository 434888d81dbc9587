"""The table of second-moment laws: every engine under every policy that is solved."""

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition, Values
from engines.theory.conditions import (
    all_of,
    engine_is,
    last_model,
    nan_after,
    normal_source,
    only_fresh_data,
    replace_first,
    replaces_throughout,
    sizes_above,
    starts_with,
    theory_name,
    values_if,
)
from engines.theory.gaussian import overlays_nd
from engines.theory.gaussian.evaluate import own_variance, replace_values, until_rare_runs
from engines.theory.gaussian.moments import Fits, variance_power
from engines.theory.overlay import Overlay
from engines.theory.references import OWN, cite
from engines.theory.second_moments.accumulate import accumulate_moments, variance_of_variance
from engines.theory.second_moments.mixture import mixture_moments, mixture_solved
from engines.theory.second_moments.overlays import Law, moment_overlays, variance_of_mean
from engines.theory.second_moments.subsample import subsample_moments
from engines.theory.second_moments.weighted import weighted_moments


def _policy_is(name: str) -> Condition:
    return starts_with(lambda policy: policy.name == name, f"{name} from the start")


def _only_replace(case: Case) -> str | None:
    if replaces_throughout(case):
        return None
    return replace_first(case) or "replacement ends during the run: the mixture overlays apply"


def _other_mixture(case: Case) -> str | None:
    """Check that the policy is mix and that no law of a more specific name holds."""
    if replaces_throughout(case):
        return "every generation is replaced: the replace overlays apply"
    if theory_name(case.engines[-1]) == "discrete" and only_fresh_data(case) is None:
        return "fresh data and the newest model alone: the borkar overlays apply"
    return mixture_solved(case)


_ENGINES = {
    "gaussian": ("gaussian", "real"),
    "gaussian_nd": ("gaussian", "real-nd"),
    "discrete": ("discrete", "states"),
    "kde": ("kde", "real"),
    "gmm": ("gmm", "real"),
    "gmm_nd": ("gmm", "real-nd"),
}
"""Prefix of the overlays → the engine and the kind of source."""

_POLICIES: dict[str, tuple[Condition, Law]] = {
    "replace": (_only_replace, mixture_moments),
    "mixture": (_other_mixture, mixture_moments),
    "accumulate": (_policy_is("accumulate"), accumulate_moments),
    "subsample": (_policy_is("subsample"), subsample_moments),
    "weighted": (_policy_is("weighted"), weighted_moments),
}
_WEIGHTED = {"gaussian", "discrete"}
"""Engines whose fits take weights."""

_SECTIONS = {"gaussian": "§1", "discrete": "§4", "kde": "§7", "gmm": "§8"}
"""The section of docs/theory.md on each engine."""

_REFERENCES = {
    "gaussian.replace": cite("shumailov2023", "eq. 3"),
    "gaussian_nd.replace": cite("shumailov2023", "eq. 3, every projection"),
    "gaussian.mixture": cite(OWN, "§2.1, §2.4"),
    "gaussian_nd.mixture": cite(OWN, "§2.1, §2.4, every projection"),
    "gaussian.accumulate": cite("kazdan2024", "accumulate; theory §2.2"),
    "gaussian_nd.accumulate": cite("gerstgrasser2024", "accumulate; theory §2.2"),
    "gaussian.subsample": cite("kazdan2024", "accumulate-subsample; theory §2.3"),
    "gaussian.weighted": cite("he2025", "equal sizes; §2.5"),
    "gaussian_nd.weighted": cite("he2025", "equal sizes; §2.5"),
    "gaussian_nd.subsample": cite("kazdan2024", "accumulate-subsample; theory §2.3"),
    "discrete.replace": cite("ewens2004", "section 3.2, haploid"),
    "discrete.mixture": cite(OWN, "§2.1, §4"),
    "kde.replace": cite(OWN, "§7"),
    "gmm.replace": cite(OWN, "§8, moment conservation"),
    "gmm_nd.replace": cite(OWN, "§8, moment conservation"),
}


def _variance_of_variance(fits: Fits) -> FloatArray:
    return variance_power(fits, 2) - variance_power(fits, 1) ** 2


def _accumulated_variance_of_variance(case: Case) -> FloatArray:
    estimators = [engine.estimator for engine in case.engines[1:]]
    unit = variance_of_variance(case.sizes, ["mle", *estimators])
    last = last_model(case, lambda policy: policy.name == "accumulate")
    return nan_after(case.source.variance**2 * unit, last)


def _if_normal(values: Values) -> Values:
    return values_if(all_of(normal_source, sizes_above(1)), values)


_MEAN = {"mean": until_rare_runs(variance_of_mean(mixture_moments))}
_VARIANCES: dict[str, dict[str, Values]] = {
    "gaussian.replace": {
        "variance": _if_normal(until_rare_runs(replace_values(_variance_of_variance, 4))),
        **_MEAN,
    },
    "gaussian.mixture": _MEAN,
    "gmm.replace": _MEAN,
    "gmm.mixture": _MEAN,
    "gaussian_nd.replace": {
        "trace_ratio": _if_normal(overlays_nd.TRACE_VARIANCE),
        "mean_error": _if_normal(overlays_nd.ERROR_VARIANCE),
    },
    "gaussian.accumulate": {
        "variance": values_if(own_variance, _if_normal(_accumulated_variance_of_variance))
    },
}


def _overlays(prefix: str, policy: str) -> tuple[Overlay, ...]:
    engine, kind = _ENGINES[prefix]
    if policy == "weighted" and engine not in _WEIGHTED:
        return ()
    name = f"{prefix}.{policy}"
    condition, law = _POLICIES[policy]
    reference = _REFERENCES.get(name, cite(OWN, f"§2, {_SECTIONS[engine]}"))
    holds = all_of(engine_is(engine), condition)
    return moment_overlays(name, kind, holds, law, reference, _VARIANCES.get(name, {}))


OVERLAYS: tuple[Overlay, ...] = tuple(
    overlay for prefix in _ENGINES for policy in _POLICIES for overlay in _overlays(prefix, policy)
)
