"""What degenerates is refused before the start or flagged in the records, never a traceback."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Failed, Finished, Generation
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from engines.errors import InvalidExperimentError
from engines.laws.mixture import MixtureLaw, NormalShape, UniformShape
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalNDLaw
from engines.metrics import normal_pairs, quadrature, quantiles

MakeExperiment = Callable[..., Experiment]
Records = Callable[[Experiment], list[Generation]]

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "too few points": ({"schedule": 1}, "1 samples at generation 0.*needs at least 2"),
    "too few for d": ({"source": "normal-nd", "schedule": 3}, "needs at least 4"),
    "shrinking": (
        {"schedule": {"name": "geometric", "size": 8, "ratio": 0.5}},
        "1 samples at generation 3",
    ),
    "short list": (
        {"schedule": {"name": "list", "sizes": [5, 5]}},
        "2 sizes, too few for generation 2",
    ),
    "growing without end": (
        {"schedule": {"name": "geometric", "size": 10, "ratio": 2.0}, "generations": 200},
        "counted exactly",
    ),
    "beyond floating point": (
        {"schedule": {"name": "power", "size": 10, "exponent": 900.0}},
        "counted exactly",
    ),
    "beyond integers": ({"schedule": 10**30}, "must be less than or equal to 9223372036854775807"),
    "keep of a small D_0": (
        {"source": {"name": "normal", "size": 5}, "policy": "keep", "schedule": 100},
        r"asks for 40 rows of D_0, which has 5",
    ),
    "points beyond memory": (
        {"source": "mixture", "schedule": 10**12},
        r"points of this run take about .* GB, but .* GB of memory are free",
    ),
    "a pool beyond memory": (
        {"policy": "subsample", "schedule": 10**9, "generations": 1_000},
        "GB of memory are free",
    ),
    "a pool beyond counting": (
        {"source": "zipf", "engine": "discrete", "policy": "subsample", "schedule": 10**9},
        "without replacement from 2,000,000,000 counted samples",
    ),
    "a kept part beyond counting": (
        {"source": "zipf", "engine": "discrete", "policy": "keep", "schedule": 2 * 10**9},
        "without replacement from 2,000,000,000 counted samples",
    ),
    "negative seed": ({"seed": -1}, "seed"),
    "negative seed later": ({"interventions": [{"at": 2, "set": {"seed": -5}}]}, "seed"),
    "shares above one": (
        {"policy": {"name": "mix", "fresh": 0.7, "previous": 0.7}},
        "must not exceed 1",
    ),
    "singular covariance": (
        {
            "source": {
                "name": "normal-nd",
                "mean": [0.0, 0.0],
                "covariance": [[1.0, 1.0], [1.0, 1.0]],
            }
        },
        "positive definite",
    ),
    "no mass": (
        {"source": {"name": "categorical", "probabilities": [0.5, 0.4]}, "engine": "discrete"},
        "must sum to 1",
    ),
    "zero bandwidth": ({"engine": {"name": "kde", "bandwidth": 0.0}}, "bandwidth"),
    "nan bandwidth": ({"engine": {"name": "kde", "bandwidth": float("nan")}}, "bandwidth"),
    "no metric": ({"metrics": []}, "metrics.names is empty"),
    "metric of states": (
        {"metrics": ["heterozygosity"]},
        "not defined for numbers, only for states and words",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_the_start_in_one_sentence(experiment: MakeExperiment, case: str) -> None:
    settings, sentence = REFUSED[case]
    with pytest.raises(InvalidExperimentError, match=sentence) as caught:
        experiment(**settings)
    assert "\n" not in str(caught.value)


def last_event(built: Experiment) -> Any:
    """Return the last event of a run."""
    return deque(run(built), maxlen=1)[0]


@pytest.mark.slow
@pytest.mark.filterwarnings(
    "ignore:overflow encountered in (accumulate|multiply|add)"
)  # theory: 3^n
@pytest.mark.parametrize(
    ("source", "policy", "generations"),
    [
        ("normal", "replace", 1_300),
        ("mixture", "replace", 100),
        ("normal", "subsample", 200),
        ("normal-nd", "replace", 200),
    ],
)
def test_a_law_that_collapses_beyond_precision_goes_on(
    experiment: MakeExperiment, all_metrics: Any, source: str, policy: str, generations: int
) -> None:
    """All metrics at the smallest M, until the sd underflows: finite or flagged, no warning."""
    size = 4 if source == "normal-nd" else 2
    names = [
        name
        for name in all_metrics(source, "gaussian")
        if not name.startswith(("energy_s", "mmd", "js", "tv", "w2"))
    ]
    built = experiment(
        source, "gaussian", policy, size, generations=generations, replicates=2, metrics=names
    )
    found: list[Generation] = []
    for event in run(built):
        assert not isinstance(event, Failed), event
        if isinstance(event, Generation):
            found.append(event)
    for record in found:
        for name, values in record.metrics.items():
            assert np.isfinite(values).all() or name in record.flags, name


@pytest.mark.parametrize("engine", ["kde", "kde-scott"])
def test_a_sample_of_equal_numbers(experiment: MakeExperiment, tmp_path: Path, engine: str) -> None:
    """Rows of a file may all be drawn alike: a fixed bandwidth goes on, a rule cannot."""
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{x}\n" for x in [1.0] * 60 + [2.0]))
    source = {"name": "file", "path": str(path), "size": 4}
    event = last_event(experiment(source, engine, schedule=6, generations=2, replicates=1))
    if engine == "kde":
        assert isinstance(event, Finished)
        return
    assert isinstance(event, Failed)
    assert event.generation == 1
    assert "training points are all equal" in event.reason


def test_a_sample_of_equal_numbers_fits_a_point_mass(
    experiment: MakeExperiment, records: Records, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{x}\n" for x in [1.0] * 60 + [2.0]))
    source = {"name": "file", "path": str(path), "size": 4}
    names = ["log_sigma", "w1", "w2_squared", "energy", "mmd", "tail_mass", "kl_as_published"]
    found = records(experiment(source, schedule=6, generations=2, replicates=1, metrics=names))
    assert found[1].flags == {"log_sigma": "infinite in 1 of 1"}
    # W1 of δ_1 to the file: 1/61 of the mass lies 1 away.
    assert float(found[1].metrics["w1"][0]) == pytest.approx(1 / 61)
    assert found[1].stage == {"late": 1}


def test_one_state_left_is_for_ever(experiment: MakeExperiment, records: Records) -> None:
    names = ["heterozygosity", "support_alive", "log_sigma", "skewness", "kl_reverse", "kl", "w1"]
    built = experiment("categorical", "discrete", schedule=2, generations=60, metrics=names)
    last = records(built)[-1]
    assert last.metrics["support_alive"].tolist() == [1, 1, 1]
    assert last.metrics["heterozygosity"].tolist() == [0, 0, 0]
    assert last.flags["kl_reverse"] == "infinite in 3 of 3"
    assert last.flags["skewness"] == "undefined in 3 of 3"
    assert last.flags["log_sigma"] == "infinite in 3 of 3"
    assert np.isfinite(last.metrics["kl"]).all()
    assert last.stage == {"late": 3}


SOURCE = MixtureLaw(
    np.array([3 / 8, 3 / 8, 1 / 4]),
    (NormalShape(-2, 0.5), NormalShape(3, 1), UniformShape(-4, -3)),
)


@pytest.mark.parametrize("sd", [0.0, 5e-324, 1e-300, 1e-20, 1e-16, 1e-12, 1e-8])
def test_distances_of_a_collapsed_normal_law(sd: float) -> None:
    """Within 1e-3 source sd of a point mass; KL grows by ln(1 / sd) until sd is 0."""
    law = NormalLaw(np.array([1.0, -3.5]), np.full(2, sd))
    x = np.linspace(-12.0, 12.0, 240_001)
    for r, centre in enumerate((1.0, -3.5)):
        cdf = SOURCE.cdf(x)[0]
        step = (x >= centre).astype(float)
        w1 = float(np.trapezoid(np.abs(step - cdf), x))
        energy = float(2 * np.trapezoid((step - cdf) ** 2, x))
        assert quadrature.w1(law, SOURCE)[r] == pytest.approx(w1, abs=2e-3)
        assert quadrature.energy(law, SOURCE)[r] == pytest.approx(energy, abs=2e-3)
        assert quadrature.tv(law, SOURCE)[r] == pytest.approx(1.0, abs=1e-3)
        assert quadrature.js(law, SOURCE)[r] == pytest.approx(np.log(2), abs=1e-3)
        square = float(SOURCE.variance()[0] + (SOURCE.mean()[0] - centre) ** 2)
        assert quantiles.w2_squared(law, SOURCE)[r] == pytest.approx(square, rel=1e-3)
        divergence = quadrature.kl(law, SOURCE)[r]
        if sd < 2.3e-308:
            assert np.isinf(divergence) or divergence > 600
        else:
            log_source = float(SOURCE.log_density(np.array([centre]))[0, 0])
            expected = -np.log(sd) - 0.5 * np.log(2 * np.pi * np.e) - log_source
            assert divergence == pytest.approx(expected, abs=1e-3)
        assert quadrature.kl(SOURCE, law)[r] > 1e10


@pytest.mark.parametrize("sd", [0.0, 1e-300, 1e-160])
def test_closed_forms_of_a_collapsed_normal_law(sd: float) -> None:
    law, source = NormalLaw(np.array([1.0]), np.array([sd])), NormalLaw(np.zeros(1), np.ones(1))
    assert normal_pairs.w2_squared(law, source)[0] == pytest.approx(2.0)
    assert normal_pairs.w1(law, source)[0] == pytest.approx(1.1666306, abs=1e-6)
    assert normal_pairs.energy(law, source)[0] == pytest.approx(1.2050, abs=1e-3)
    expected = np.inf if sd == 0 else -np.log(sd)
    assert normal_pairs.kl(law, source)[0] == pytest.approx(expected)
    assert np.isinf(normal_pairs.kl(source, law)[0])


def test_singular_covariances() -> None:
    flat = NormalNDLaw(np.zeros((1, 2)), np.diag([1.0, 0.0])[None])
    source = NormalNDLaw(np.zeros((1, 2)), np.eye(2)[None])
    assert normal_pairs.w2_squared_nd(flat, source)[0] == pytest.approx(1.0)
    assert np.isinf(normal_pairs.kl_nd(flat, source)[0])
    assert np.isinf(normal_pairs.kl_nd(source, flat)[0])
    assert np.isneginf(normal_pairs.log_det_ratio(flat, source)[0])
