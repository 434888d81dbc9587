"""The Gaussian recursion against its exact laws: docs/theory.md §1 and §3.

Every comparison: within 4 standard errors of the replicates' own mean, fixed seed. The
estimators are tested at n <= M, before rare runs carry the moments.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import psi

from collapse_tui.experiment.experiment import Experiment
from engines.arrays import FloatArray
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalNDLaw
from engines.metrics.normal_pairs import kl, w2_squared

MakeExperiment = Callable[..., Experiment]


def last_law(outcomes: Any, built: Experiment) -> Any:
    """Return the laws of the last model."""
    return deque(outcomes(built), maxlen=1)[0][1].law


def gaussian(
    experiment: MakeExperiment,
    outcomes: Any,
    estimator: str,
    size: int,
    fits: int,
    replicates: int = 40_000,
    **settings: Any,
) -> NormalLaw:
    """Return the laws of model `fits` from N(0, 1)."""
    built = experiment(
        {"name": "normal"},
        {"name": "gaussian", "estimator": estimator},
        schedule=settings.pop("schedule", size),
        generations=fits,
        replicates=replicates,
        **settings,
    )
    return last_law(outcomes, built)


def quantities(law: NormalLaw) -> dict[str, FloatArray]:
    """Return one number a replicate for each quantity of docs/theory.md §1."""
    truth = NormalLaw(np.zeros(1), np.ones(1))
    return {
        "variance": law.sds**2,
        "mean squared": law.means**2,
        "variance of X": law.sds**2 + law.means**2,
        "sd": law.sds,
        "log variance": 2 * np.log(law.sds),
        "risk": w2_squared(law, truth),
        "kl": kl(law, truth),
        "kl reverse": kl(truth, law),
    }


# (estimator, M, n): what docs/theory.md §1 gives exactly
EXACT: dict[tuple[str, int, int], dict[str, float]] = {
    ("unbiased", 20, 10): {
        "variance": 1.0,
        "mean squared": 0.5,
        "variance of X": 1.5,
        "sd": 0.876763,
        "log variance": -0.535539,
        "risk": 0.746474,
    },
    ("mle", 20, 10): {
        "variance": 0.598737,
        "mean squared": 0.401263,
        "variance of X": 1.0,
        "log variance": -1.048472,
        "risk": 0.643155,
    },
    ("unbiased", 20, 5): {"kl": 0.258885, "kl reverse": 0.414747},
    ("mle", 20, 5): {"kl": 0.262118, "kl reverse": 0.573714},
    ("unbiased", 100, 1): {"risk": 0.015044},
    ("unbiased", 100, 10): {"risk": 0.149872, "kl": 0.100675, "kl reverse": 0.118564},
    ("unbiased", 100, 100): {"risk": 1.446320, "sd": 0.776840},
    ("mle", 100, 100): {"risk": 1.060014, "sd": 0.469993, "variance": 0.366032},
}


@pytest.mark.parametrize(("estimator", "size", "fits"), EXACT)
def test_moments_of_the_exact_law(
    experiment: MakeExperiment, outcomes: Any, mean: Any, estimator: str, size: int, fits: int
) -> None:
    found = quantities(gaussian(experiment, outcomes, estimator, size, fits))
    for name, expected in EXACT[estimator, size, fits].items():
        assert mean.agrees(found[name], expected), name


@pytest.mark.parametrize(("fits", "expected"), [(1, 0.000251), (10, 0.028825)])
def test_variance_of_the_risk_is_the_corrected_one(
    experiment: MakeExperiment, outcomes: Any, mean: Any, squares: Any, fits: int, expected: float
) -> None:
    """docs/theory.md E2: the published (5) is 1.5 / M² instead of 2.5 / M² for one fit."""
    risk = quantities(gaussian(experiment, outcomes, "unbiased", 100, fits))["risk"]
    if fits == 1:
        # the oracle has three digits
        assert abs(squares(risk).mean() - expected) < 4 * squares(risk).std() / 200 + 5e-7
        assert mean.differs(squares(risk), 1.5e-4)
    else:
        assert mean.agrees(squares(risk), expected)


def test_points_instead_of_statistics_have_the_same_law(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """policy.keep asks for points; with nothing kept (0.02 of 20 rounds to 0) it is replace."""
    found = quantities(
        gaussian(
            experiment,
            outcomes,
            "unbiased",
            20,
            10,
            10_000,
            policy={"name": "mix", "keep": 0.02},
        )
    )
    for name, expected in EXACT["unbiased", 20, 10].items():
        assert mean.agrees(found[name], expected), name


def test_the_other_estimator_fails(experiment: MakeExperiment, outcomes: Any, mean: Any) -> None:
    """Negative control: maximum likelihood where the unbiased law is expected."""
    found = quantities(gaussian(experiment, outcomes, "mle", 20, 10))
    for name, expected in EXACT["unbiased", 20, 10].items():
        if name != "sd":
            assert mean.differs(found[name], expected), name


def test_one_fit_more_fails(experiment: MakeExperiment, outcomes: Any, mean: Any) -> None:
    """Negative control of the indexing (trap 4): n fits, not n + 1."""
    found = quantities(gaussian(experiment, outcomes, "unbiased", 20, 11))
    for name in ("mean squared", "log variance", "risk"):
        assert mean.differs(found[name], EXACT["unbiased", 20, 10][name]), name


def test_log_variance_is_a_sum_of_log_chi_squares(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    """The whole law, not only moments: three fits at M = 5 against direct draws."""
    law = gaussian(experiment, outcomes, "unbiased", 5, 3, 20_000)
    direct = stats.chi2(4).rvs((20_000, 3), random_state=np.random.default_rng(6)) / 4
    ours, expected = 2 * np.log(law.sds), np.log(direct).sum(axis=1)
    assert stats.ks_2samp(ours, expected).pvalue > 1e-3
    assert stats.ks_2samp(ours, expected + 0.1).pvalue < 1e-6


@pytest.mark.parametrize(
    ("schedule", "fits", "name", "expected"),
    [
        ({"name": "power", "size": 20, "exponent": 2.0}, 30, "risk", 0.121887),
        ({"name": "linear", "size": 20}, 100, "sd", 0.936228),
        ({"name": "linear", "size": 20}, 10, "risk", 0.2203),
        ({"name": "power", "size": 20, "exponent": 1.5}, 10, "risk", 0.1503),
        ({"name": "power", "size": 20, "exponent": 2.0}, 10, "risk", 0.1172),
    ],
)
def test_schedules(
    experiment: MakeExperiment,
    outcomes: Any,
    schedule: dict[str, Any],
    fits: int,
    name: str,
    expected: float,
) -> None:
    law = gaussian(experiment, outcomes, "unbiased", 0, fits, 20_000, schedule=schedule)
    values = quantities(law)[name]
    error = values.std() / np.sqrt(len(values))
    rounding = 5e-5 if len(str(expected)) < 8 else 5e-7
    assert abs(values.mean() - expected) < 4 * error + rounding
    constant = gaussian(experiment, outcomes, "unbiased", 20, fits, 20_000)
    assert abs(quantities(constant)[name].mean() - expected) > 8 * error


def test_mean_freezes_where_the_perpetuity_says(experiment: MakeExperiment, outcomes: Any) -> None:
    """M = 100, n = 20 M: |mu| has the quantiles of t_2 (unbiased) and t_4 / √2 (MLE).

    KS against the limit law: its finite-M bias is 0.0035 at M = 100 and 0.0065 at M = 10
    (docs/theory.md §1); here M = 10 and 2,000 replicates, noise 1.63 / √2,000 = 0.036.
    """
    for estimator, law in (
        ("unbiased", stats.t(2)),
        ("mle", stats.t(4, scale=1 / np.sqrt(2))),
    ):
        means = gaussian(experiment, outcomes, estimator, 10, 400, 2_000).means
        assert stats.kstest(means, law.cdf).statistic < 0.036 + 0.0065
        assert stats.kstest(1.3 * means, law.cdf).statistic > 0.036 + 0.0065


COVARIANCE = [[2.0, 0.8, 0.2], [0.8, 1.0, -0.3], [0.2, -0.3, 0.5]]


def several(experiment: MakeExperiment, outcomes: Any, estimator: str = "unbiased") -> NormalNDLaw:
    """Return the laws of model 8 at M = 20 in three dimensions."""
    built = experiment(
        {"name": "normal-nd", "mean": [0.0, 0.0, 0.0], "covariance": COVARIANCE},
        {"name": "gaussian", "estimator": estimator},
        schedule=20,
        generations=8,
        replicates=20_000,
    )
    return last_law(outcomes, built)


def nd_quantities(law: NormalNDLaw) -> dict[str, FloatArray]:
    """Return the quantities of docs/theory.md §3."""
    direction = np.array([1.0, -2.0, 0.5])
    own = law.covariance()
    start = np.array(COVARIANCE)
    return {
        "trace": np.trace(own, axis1=1, axis2=2),
        "mean squared": (law.means**2).sum(axis=1),
        "log det": np.linalg.slogdet(own)[1] - np.linalg.slogdet(start)[1],
        "projection": np.log(
            np.einsum("rij,i,j->r", own, direction, direction) / (direction @ start @ direction)
        ),
    }


ND_EXACT = {"trace": 3.5, "mean squared": 1.4, "log det": -2.68324, "projection": -0.428431}


def test_several_dimensions(experiment: MakeExperiment, outcomes: Any, mean: Any) -> None:
    """docs/theory.md §3; the projection is the one-dimensional process."""
    found = nd_quantities(several(experiment, outcomes))
    for name, expected in ND_EXACT.items():
        assert mean.agrees(found[name], expected), name


def test_several_dimensions_with_the_other_estimator_fail(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    found = nd_quantities(several(experiment, outcomes, "mle"))
    for name, expected in ND_EXACT.items():
        assert mean.differs(found[name], expected), name


def test_lyapunov_exponents(experiment: MakeExperiment, outcomes: Any, mean: Any) -> None:
    """M = 10, d = 3: ln of the diagonal of the factor falls by psi((M - k) / 2) - ln((M - 1) / 2).

    The factor is a product of lower triangular ones, so each diagonal entry is a product
    of independent chi variables: exact at every n.
    """
    built = experiment(
        {"name": "normal-nd", "mean": [0.0] * 3, "covariance": np.eye(3).tolist()},
        schedule=10,
        generations=20,
        replicates=5_000,
    )
    law = last_law(outcomes, built)
    slopes = 2 * np.log(np.abs(np.diagonal(law.factors, axis1=1, axis2=2))) / 20
    for k, published in ((1, -0.115206), (2, -0.247960), (3, -0.400921)):
        exact = psi((10 - k) / 2) - np.log(4.5)
        assert abs(exact - published) < 1e-6
        assert mean.agrees(slopes[:, k - 1], exact), k
        assert mean.differs(slopes[:, k - 1], psi((11 - k) / 2) - np.log(4.5)), k
