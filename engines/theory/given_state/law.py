"""A law from a state on: the metric that it predicts, when it holds, and what it starts from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition
from engines.theory.conditions import (
    is_mixture,
    is_replace,
    last_model,
    require,
    theory_name,
)
from engines.theory.gaussian.evaluate import until_rare_runs
from engines.theory.overlay import Statistic
from engines.theory.references import Reference

Averages = Mapping[str, float]
"""Averages over the replicates of what is known of T_n, by name (`AVERAGES`)."""

StateValues = Callable[[Case, Averages], FloatArray]
"""Values by generation from the state on, shape (G - n + 1,): entry 0 is the state's own, NaN.

The case is the part of the run after the state (`Case.after`): generation 0 is n, T_0 is T_n."""

AVERAGES: dict[str, str] = {
    "size": "the runs have training sets of different sizes",
    "mean": "a mean is undefined in some run",
    "mean_error": "an error of the mean is undefined in some run",
    "mean_spread": "there is one run alone, or a mean is undefined",
    "variance": "a variance is undefined in some run",
    "variance_squared": "a variance is undefined in some run",
    "sd": "an sd is undefined in some run",
    "log_sd": "a run has no spread left",
    "log_det": "a run has no spread left in some direction",
    "heterozygosity": "frequencies are undefined in some run",
    "distance": "frequencies are undefined in some run",
    "test_error": "the weights are undefined in some run",
    "inverse_trace": "the weights are undefined in some run",
}
"""Name of an average → why there is no law where it has no number.

size: points of T_n. mean, mean_error, mean_spread: its mean, (mean - μ)² (summed over
coordinates), and the variance of the means across replicates (ddof 1). variance, sd, log_sd:
of its points (ddof 0; in several dimensions the trace of their covariance); variance_squared: the
square of the variance. log_det: of the covariance. heterozygosity, distance: 1 - Σ p² and
Σ (p - p_0)² of its frequencies. test_error, inverse_trace: ‖ŵ - w*‖² of the weights fitted on
it, and the trace of (Σ x xᵀ)⁻¹ of D_0.
"""


@dataclass(frozen=True, eq=False)
class StateMoments:
    """What theory may know of the state after a generation.

    Attributes
    ----------
    generation : int
        n.
    averages : mapping of str to float
        As in `AVERAGES`; those that are no finite numbers are left out.
    """

    generation: int
    averages: Averages


@dataclass(frozen=True, slots=True)
class StateLaw:
    """An exact conditional expectation given a state.

    Attributes
    ----------
    name : str
        Unique, dotted, ending in metric and statistic: ``gaussian.state.variance.mean``.
    engine : str
        Engine, or the engine whose laws hold for others too (`conditions.theory_name`).
    kind : str
        Kind of source.
    condition : Condition
        Case after the state → None where the law holds, else why not, as a clause.
    needs : tuple of str
        Averages that it starts from, beside the size.
    values : StateValues
    reference : Reference
    variance : StateValues or None
        Variance of the metric given the state, averaged over replicates; None where unknown.
    """

    name: str
    engine: str
    kind: str
    condition: Condition
    needs: tuple[str, ...]
    values: StateValues
    reference: Reference
    variance: StateValues | None = None

    @property
    def metric(self) -> str:
        """The metric that it predicts."""
        return self.name.rsplit(".", 2)[1]

    @property
    def statistic(self) -> Statistic:
        """Which statistic across replicates: mean or variance."""
        return "variance" if self.name.endswith(".variance") else "mean"

    def describes(self, case: Case) -> bool:
        """Return whether it is about such engines and sources at all."""
        return theory_name(case.engines[-1]) == self.engine and case.source.kind == self.kind

    def obstacle(self, case: Case, averages: Averages) -> str | None:
        """Return why it does not hold from a state on, or None if it does."""
        if "size" not in averages:
            return AVERAGES["size"]
        missing = next((name for name in self.needs if name not in averages), None)
        return self.condition(case) or (AVERAGES[missing] if missing else None)


def forgets(policy: Any) -> bool:
    """Return whether a policy trains on the newest model and fresh data alone."""
    return is_mixture(policy) and (policy.previous, policy.keep) == (0, 0)


def last_sample(case: Case) -> int:
    """Return the last generation whose D_n such a policy has formed."""
    last = last_model(case, forgets)
    return last if forgets(case.policies[last]) else last - 1


def until_rare(values: StateValues) -> StateValues:
    """Return the values, NaN once rare runs dominate the means under replacement."""

    def limited(case: Case, averages: Averages) -> FloatArray:
        return until_rare_runs(lambda part: values(part, averages))(case)

    return limited


def _from_a_state(accepts: Callable[[Any], bool], where: str) -> Condition:
    reason = f"from a state it is known under {where} only"
    return require(lambda case: all(map(accepts, case.policies[1:2])), reason)


REPLACEMENT = _from_a_state(is_replace, "replacement")
"""Training sets after the state are samples of the newest model only."""

MIXTURE = _from_a_state(forgets, "mix without previous and keep")
"""They are samples of the newest model and of p_0: what came before the state is forgotten."""
