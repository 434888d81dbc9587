"""Moment conservation under EM: docs/theory.md §8, whatever K, start or convergence."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from collapse_tui.execution.overlays import curves_of
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import resolve
from engines.laws.mixture import MixtureLaw, NormalShape
from engines.theory import registry
from engines.theory.case import Case

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]
Make = SimpleNamespace
STANDARD_ERRORS = 4.0

BUMPS = MixtureLaw(np.array([0.5, 0.5]), (NormalShape(-2, 1), NormalShape(2, 1)))
METRICS = ["variance", "mean", "trace_ratio", "mean_error"]


def found(case: Case) -> dict[str, Any]:
    """Return the overlays that hold, by name."""
    return {o.name: values for o, values, _ in registry.curves_for(case, METRICS)[0]}


def test_oracle(agrees: Agrees, make: Make, make_case: MakeCase) -> None:
    case = make_case(50, 20, source=make.real(BUMPS), engines=make.engine("gmm", reg_covar=1e-12))
    curves = found(case)
    assert agrees(curves["gmm.replace.variance.mean"][20], "3.33804")
    assert agrees(curves["gmm.replace.mean.variance"][20], "1.66196")
    assert not agrees(curves["gmm.replace.variance.mean"][19], "3.33804")
    assert set(curves) == {
        f"gmm.replace.{x}" for x in ("variance.mean", "mean.mean", "mean.variance")
    }


def test_the_floor_of_the_covariances_is_where_the_variance_ends(
    make: Make, make_case: MakeCase
) -> None:
    engine = make.engine("gmm", reg_covar=1e-3)
    values = found(make_case(50, 3000, source=make.real(BUMPS), engines=engine))
    assert values["gmm.replace.variance.mean"][-1] == pytest.approx(50 * 1e-3, rel=1e-9)
    steps = values["gmm.replace.variance.mean"]
    assert steps[2] == pytest.approx(0.98 * steps[1] + 1e-3)


def test_in_the_plane_the_trace_gains_the_floor_of_each_coordinate(
    make: Make, make_case: MakeCase
) -> None:
    engine = make.engine("gmm", reg_covar=0.01)
    case = make_case(20, 30, source=make.nd([[2.0, 0.5], [0.5, 1.0]]), engines=engine)
    values = found(case)
    trace = 3.0 * values["gmm_nd.replace.trace_ratio.mean"]
    assert trace[1] == pytest.approx(0.95 * 3.0 + 0.02)
    assert trace[2] == pytest.approx(0.95 * trace[1] + 0.02)
    errors = values["gmm_nd.replace.mean_error.mean"]
    assert errors[2] == pytest.approx(3.0 / 20 + trace[1] / 20)


@pytest.mark.slow
@pytest.mark.parametrize("engine", [{"warm_start": True, "iterations": 3}, {"components": 3}])
def test_simulated(engine: dict[str, Any]) -> None:
    """At a fixed seed within four standard errors; a generation off is beyond eight."""
    components = [{"family": "normal", "weight": 1, "mean": m, "sd": 1} for m in (-2.0, 2.0)]
    document: dict[str, Any] = {
        "format": 1,
        "seed": 1,
        "generations": 10,
        "replicates": 300,
        "source": {"name": "mixture", "components": components},
        "engine": {"name": "gmm", **engine},
        "schedule": {"name": "constant", "size": 25},
        "metrics": {"names": ["mean", "variance"]},
    }
    experiment = resolve("test", document)
    curves = {curve.name: curve.values for curve in curves_of(experiment)[0]}
    last = [event for event in run(experiment) if hasattr(event, "metrics")][-1]
    spreads = last.metrics["variance"]
    centres = (last.metrics["mean"] - last.metrics["mean"].mean()) ** 2 * 300 / 299
    for values, name in ((spreads, "variance.mean"), (centres, "mean.variance")):
        error = values.std(ddof=1) / np.sqrt(len(values))
        law = curves[f"gmm.replace.{name}"]
        assert abs(values.mean() - law[10]) < STANDARD_ERRORS * error
        assert abs(values.mean() - law[2]) > 2 * STANDARD_ERRORS * error
