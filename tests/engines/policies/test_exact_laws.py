"""Mixtures, accumulation and subsampling against their exact laws: docs/theory.md §2."""

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from collapse_tui.experiment.experiment import Experiment

MakeExperiment = Callable[..., Experiment]
Pair = tuple[Any, Any]


def last_model(outcomes: Any, built: Experiment) -> Pair:
    """Return means² and variances of the last model."""
    _, outcome = deque(outcomes(built), maxlen=1)[0]
    return outcome.law.means**2, outcome.law.sds**2


def run_fits(
    experiment: MakeExperiment,
    outcomes: Any,
    policy: dict[str, Any],
    estimator: str,
    size: int,
    fits: int,
    replicates: int,
) -> Pair:
    """Return means² and variances of model `fits` from N(0, 1)."""
    built = experiment(
        {"name": "normal"},
        {"name": "gaussian", "estimator": estimator},
        policy,
        size,
        generations=fits,
        replicates=replicates,
    )
    return last_model(outcomes, built)


def mixed(
    shares: tuple[float, float, float], estimator: str, size: int, n: int
) -> tuple[float, float]:
    """Return (e_n, u_n) of the mixture law p_n (docs/theory.md §2.1)."""
    alpha, beta, gamma = shares
    s, phi = alpha + beta, 1.0 if estimator == "unbiased" else 1 - 1 / size
    e, u = 0.0, 1.0
    for _ in range(n):
        e, u = (
            s**2 * e + alpha**2 * u / size,
            (alpha * phi + beta) * u + gamma + gamma * s * e + alpha * (1 - alpha) * u / size,
        )
    return e, u


MIXTURES: dict[tuple[tuple[float, float, float], int, int, str], tuple[float, float]] = {
    ((0.9, 0.0, 0.1), 100, 60, "unbiased"): (0.0447296, 1.04946),
    ((0.6, 0.3, 0.1), 20, 40, "unbiased"): (0.116957, 1.24385),
    ((0.9, 0.0, 0.1), 100, 60, "mle"): (0.0408884, 1 - 0.0408884),
    ((0.6, 0.3, 0.1), 20, 40, "mle"): (0.0865308, 0.913469),
    ((0.5, 0.5, 0.0), 20, 20, "mle"): (0.222425, 0.777575),
}


@pytest.mark.parametrize(("shares", "size", "n", "estimator"), MIXTURES)
def test_mixture_of_model_previous_law_and_real_data(
    experiment: MakeExperiment,
    outcomes: Any,
    mean: Any,
    shares: tuple[float, float, float],
    size: int,
    n: int,
    estimator: str,
) -> None:
    """The oracle is of p_n; model n + 1 has E mu² = e_n + u_n / M, E sigma² = phi u_n."""
    published = MIXTURES[shares, size, n, estimator]
    e, u = mixed(shares, estimator, size, n)
    np.testing.assert_allclose((e, u), published, rtol=2e-5)
    policy = {"name": "mix", "previous": shares[1], "fresh": shares[2]}
    found = run_fits(experiment, outcomes, policy, estimator, size, n + 1, 4_000)
    phi = 1.0 if estimator == "unbiased" else 1 - 1 / size
    assert mean.agrees(found[0], e + u / size)
    assert mean.agrees(found[1], phi * u)


@pytest.mark.parametrize(
    "wrong", [{"fresh": 0.2, "previous": 0.3}, {"fresh": 0.1}, {"fresh": 0.1, "previous": 0.6}]
)
def test_other_shares_fail(
    experiment: MakeExperiment, outcomes: Any, mean: Any, wrong: dict[str, float]
) -> None:
    """Negative control: neither γ nor β nor their exchange goes unnoticed."""
    e, u = mixed((0.6, 0.3, 0.1), "mle", 20, 20)
    found = run_fits(experiment, outcomes, {"name": "mix", **wrong}, "mle", 20, 21, 8_000)
    assert mean.differs(found[0], e + u / 20)


def test_fixed_counts_differ_from_multinomial_ones(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """docs/theory.md §2.4: n_r = 20 fresh and n_s = 80 synthetic points at M = 100, MLE.

    Var mu = 1 / (n (1 - w²) + w) with w = 0.8, stationary: 0.0271739; multinomial counts
    give e* of §2.1 plus u* / M.
    """
    policy = {"name": "mix", "fresh": 0.2, "counts": "fixed"}
    found = run_fits(experiment, outcomes, policy, "mle", 100, 25, 4_000)
    assert abs(1 / (100 * (1 - 0.8**2) + 0.8) - 0.0271739) < 1e-7
    assert mean.agrees(found[0], 0.0271739)
    assert mean.agrees(found[1], 1 - 0.0271739)
    drawn = run_fits(experiment, outcomes, {"name": "mix", "fresh": 0.2}, "mle", 100, 25, 12_000)
    e, u = mixed((0.8, 0.0, 0.2), "mle", 100, 24)
    assert mean.agrees(drawn[0], e + u / 100)


ACCUMULATED = {
    ("mle", 10): (0.845108, 0.154892),
    ("mle", 100): (0.983826, 0.0161736),
    ("unbiased", 10): (0.936996, 0.160927),
}


@pytest.mark.parametrize(("estimator", "size"), ACCUMULATED)
def test_accumulating_all_data(
    experiment: MakeExperiment, outcomes: Any, mean: Any, estimator: str, size: int
) -> None:
    """Fifty fits, docs/theory.md §2.2."""
    variance, squared = ACCUMULATED[estimator, size]
    policy = {"name": "accumulate"}
    found = run_fits(experiment, outcomes, policy, estimator, size, 50, 20_000)
    assert mean.agrees(found[0], squared)
    assert mean.agrees(found[1], variance)


def test_accumulating_with_the_other_estimator_fails(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    variance, _ = ACCUMULATED["unbiased", 10]
    found = run_fits(experiment, outcomes, {"name": "accumulate"}, "mle", 10, 50, 20_000)
    assert mean.differs(found[1], variance)


def test_accumulating_is_bounded_where_replacing_is_not(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    variance, squared = ACCUMULATED["mle", 10]
    found = run_fits(experiment, outcomes, {"name": "replace"}, "mle", 10, 50, 20_000)
    assert mean.differs(found[0], squared)
    assert mean.differs(found[1], variance)


RESAMPLED = {1: (0.81, 0.19), 5: (0.740597, 0.259403), 20: (0.722153, 0.277847)}


@pytest.mark.parametrize("fit", RESAMPLED)
def test_subsampling_with_replacement(
    experiment: MakeExperiment, outcomes: Any, mean: Any, fit: int
) -> None:
    """M = 10, MLE, docs/theory.md §2.3, whose first fit is on a bootstrap of D_0.

    Here model 1 fits D_0 itself (T_0 = D_0): the same recursion from another start.
    """
    pool = pool_moments(10, fit + 1)
    policy = {"name": "subsample", "replacement": True}
    found = run_fits(experiment, outcomes, policy, "mle", 10, fit + 1, 8_000)
    assert mean.agrees(found[1], pool[0])
    assert mean.agrees(found[0], pool[1])


def pool_moments(size: int, fits: int) -> tuple[float, float]:
    """Return (E sigma², E mu²) of fit `fits`, whose first fit takes D_0 itself.

    The pool of k M points has mean A_k and variance V_k (ddof 0). A model fitted on M
    draws with replacement has E[sigma² | pool] = (1 - 1/M) V and mean A + noise of
    variance V / M; joining M points of it keeps E V + E A² = 1 in expectation.
    """
    shrink = 1 - 1 / size
    pool_variance, sigma, between = shrink, shrink, 0.0
    for k in range(1, fits):
        # between: E (mu - A)², the model's mean against its pool's; 0 where it fits D_0.
        drawn_variance = sigma * shrink
        gap = between + sigma / size
        pool_variance = (k * pool_variance + drawn_variance + k / (k + 1) * gap) / (k + 1)
        sigma, between = shrink * pool_variance, pool_variance / size
    return sigma, 1 - pool_variance + between


def test_the_pool_recursion_is_theorys_where_the_first_fit_bootstraps() -> None:
    """Its first step set to a bootstrap, the recursion gives docs/theory.md's digits."""
    size, shrink = 10, 0.9
    pool_variance = shrink
    for k in range(1, 20):
        if k in RESAMPLED:
            variance, squared = RESAMPLED[k]
            np.testing.assert_allclose(shrink * pool_variance, variance, atol=6e-7)
            np.testing.assert_allclose(1 - pool_variance + pool_variance / size, squared, atol=6e-7)
        sigma, between = shrink * pool_variance, pool_variance / size
        gap = between + sigma / size
        pool_variance = (k * pool_variance + sigma * shrink + k / (k + 1) * gap) / (k + 1)


@pytest.mark.slow
def test_subsampling_without_replacement(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """M = 10, MLE: the second fit is exact, the twentieth known by Monte Carlo.

    10 of 20 points without replacement have E variance (ddof 1) = the pool's with ddof 1,
    so that E sigma² is 20/19 of what it is with replacement. Fit 20: 0.742 ± 0.005 and
    0.250 ± 0.003 (docs/theory.md §2.3).
    """
    policy = {"name": "subsample"}
    second = run_fits(experiment, outcomes, policy, "mle", 10, 2, 20_000)
    assert mean.agrees(second[1], pool_moments(10, 2)[0] * 20 / 19)
    assert mean.differs(second[1], pool_moments(10, 2)[0])
    found = run_fits(experiment, outcomes, policy, "mle", 10, 20, 6_000)
    for values, simulated, error in ((found[1], 0.742, 0.005), (found[0], 0.250, 0.003)):
        own = values.std() / np.sqrt(len(values))
        assert abs(values.mean() - simulated) < 4 * np.hypot(own, error)


def test_a_kept_part_of_the_real_data_holds_the_recursion(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    """keep = 1 trains every model on D_0 itself: the same model for ever."""
    built = experiment(
        {"name": "normal"}, "gaussian", {"name": "mix", "keep": 1.0}, 10, generations=3
    )
    laws = [outcome.law for _, outcome in outcomes(built)][1:]
    for law in laws[1:]:
        np.testing.assert_allclose(law.means, laws[0].means, rtol=1e-13)
        np.testing.assert_allclose(law.sds, laws[0].sds, rtol=1e-13)
