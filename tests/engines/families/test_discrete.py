"""The discrete recursion against Wright-Fisher and Borkar: docs/theory.md §4 and §5."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from collapse_tui.experiment.experiment import Experiment
from engines.arrays import FloatArray
from engines.laws.discrete import DiscreteLaw

MakeExperiment = Callable[..., Experiment]

FOUR = {"name": "categorical", "probabilities": [0.5, 0.25, 0.15, 0.1]}
BORKAR = {
    "name": "categorical",
    "probabilities": [0.4, 0.3, 0.2, 0.1],
    "values": [0.0, 1.0, 2.0, 5.0],
}


def models(
    experiment: MakeExperiment,
    outcomes: Any,
    source: dict[str, Any],
    size: int,
    fits: int,
    replicates: int = 10_000,
    **policy: Any,
) -> list[DiscreteLaw]:
    """Return the laws of models 1 … `fits`."""
    built = experiment(
        source,
        "discrete",
        {"name": "mix", **policy},
        size,
        generations=fits,
        replicates=replicates,
    )
    return [outcome.law for _, outcome in outcomes(built)][1:]


def test_diversity_survivors_and_fixation(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """p = (.5, .25, .15, .1), M = 20."""
    laws = models(experiment, outcomes, FOUR, 20, 200)
    for fit, expected in ((1, 0.62225), (10, 0.392173), (40, 0.0841755)):
        assert mean.agrees(laws[fit - 1].heterozygosity(), expected), fit
        assert mean.differs(laws[2 * fit].heterozygosity(), expected), fit
    assert mean.agrees(laws[0].support_alive(), 3.8365)
    for fit, simulated, error in ((10, 2.326, 0.002), (40, 1.236, 0.001)):
        alive = laws[fit - 1].support_alive()
        own = alive.std() / np.sqrt(len(alive))
        assert abs(alive.mean() - simulated) < 4 * np.hypot(own, error)
    final = laws[-1].probabilities
    for state, probability in enumerate(FOUR["probabilities"]):
        assert mean.agrees(final[:, state], probability), state


def test_covariance_of_the_frequencies(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """Cov p_n = (1 - q^n) (diag p - p pᵀ), here n = 10, M = 20."""
    law = models(experiment, outcomes, FOUR, 20, 10)[-1]
    p = np.array(FOUR["probabilities"])
    deviations = law.probabilities - p
    exact = (1 - 0.95**10) * (np.diag(p) - np.outer(p, p))
    for i in range(4):
        for j in range(i + 1):
            assert mean.agrees(deviations[:, i] * deviations[:, j], exact[i, j]), (i, j)


def test_one_generation_loses_a_state_of_mass_one_in_m_with_37_percent(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """(1 - q)^M = 0.366 at q = 0.01, M = 100; not 1 - q as published (docs/theory.md E5)."""
    source = {"name": "categorical", "probabilities": [0.01, 0.99]}
    lost = models(experiment, outcomes, source, 100, 1)[0].probabilities[:, 0] == 0
    assert mean.agrees(lost, 0.99**100)
    assert mean.differs(lost, 0.99)


ABSORPTION = {(10, 0.5): 12.591, (10, 0.1): 5.753, (20, 0.5): 26.229, (20, 0.1): 11.981}


@pytest.mark.parametrize(("size", "probability"), ABSORPTION)
def test_time_to_absorption_of_two_states(
    experiment: MakeExperiment, outcomes: Any, mean: Any, size: int, probability: float
) -> None:
    """Exact by (I - Q) t = 1, not the diffusion's (2 M ln 2 = 13.86 at M = 10, p = 1/2)."""
    counts = np.arange(1, size)
    chain = stats.binom.pmf(counts[None], size, counts[:, None] / size)
    times = np.linalg.solve(np.eye(size - 1) - chain, np.ones(size - 1))
    exact = times[round(size * probability) - 1]
    assert abs(exact - ABSORPTION[size, probability]) < 6e-4
    # D_0 of p itself, M p points of the first state: one step earlier than the source's draw
    start = {"name": "categorical", "probabilities": [probability, 1 - probability]}
    laws = models(experiment, outcomes, start, size, 12 * size, 8_000)
    alive = np.array([law.heterozygosity() > 0 for law in laws])
    # absorbed at fit T: T counts the draws from p, as the exact time does
    found = alive.sum(axis=0) + 1
    assert mean.agrees(found, exact)
    assert mean.differs(found, exact + 2.0)


BORKAR_EXACT = {
    (50, 0.1): (0.209505, 0.632105),
    (50, 0.02): (0.734594, 0.461937),
    (200, 0.01): (0.435475, 0.558874),
}


@pytest.mark.parametrize(("size", "fresh"), BORKAR_EXACT)
def test_persistent_excitation_is_stationary(
    experiment: MakeExperiment, outcomes: Any, mean: Any, size: int, fresh: float
) -> None:
    """docs/theory.md §5: Var mu_n(f) = (V / D) (1 - r^n), E H = H (1 - …), V = 2.16."""
    variance, diversity = BORKAR_EXACT[size, fresh]
    fits = round(5 / fresh)
    law = models(experiment, outcomes, BORKAR, size, min(fits, 300), 2_500, fresh=fresh)[-1]
    rest = ((1 - fresh) ** 2 * (1 - 1 / size)) ** min(fits, 300)
    squared = (law.mean() - 1.2) ** 2
    assert abs(2.16 / (1 + (size - 1) * fresh * (2 - fresh)) - variance) < 1e-6
    assert mean.agrees(squared, variance * (1 - rest))
    assert mean.agrees(law.heterozygosity(), 0.7 - (0.7 - diversity) * (1 - rest))


def test_persistent_excitation_on_the_way(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """n = 5, N = 50, λ = 0.1: 0.143474; with another share, or none, it is not."""
    law = models(experiment, outcomes, BORKAR, 50, 5, 20_000, fresh=0.1)[-1]
    assert mean.agrees((law.mean() - 1.2) ** 2, 0.143474)
    for wrong in (0.0, 0.2):
        law = models(experiment, outcomes, BORKAR, 50, 5, 20_000, fresh=wrong)[-1]
        assert mean.differs((law.mean() - 1.2) ** 2, 0.143474)


def test_distinct_atoms_die_out(experiment: MakeExperiment, outcomes: Any, mean: Any) -> None:
    """N = 20 distinct atoms: 37.26 ± 0.15 generations to the last one (Monte Carlo)."""
    atoms = {"name": "categorical", "probabilities": [0.05] * 20}
    laws = models(experiment, outcomes, atoms, 20, 250, 4_000)
    alive: FloatArray = np.array([law.support_alive() for law in laws])
    assert mean.agrees(alive[0], 20 * (1 - 0.95**20))
    times = (alive > 1).sum(axis=0) + 1
    own = times.std() / np.sqrt(len(times))
    assert abs(times.mean() - 37.26) < 4 * np.hypot(own, 0.15)


def test_accumulated_counts_keep_their_states(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """E H falls like Π (1 - 1/(M k²)) where all data so far are fitted (docs/theory.md §2.2)."""
    built = experiment(FOUR, "discrete", "accumulate", 20, generations=20, replicates=10_000)
    law = [outcome.law for _, outcome in outcomes(built)][-1]
    start = 1 - np.square(FOUR["probabilities"]).sum()
    expected = start * np.prod(1 - 1 / (20 * np.arange(1, 21) ** 2.0))
    assert mean.agrees(law.heterozygosity(), float(expected))
    assert mean.differs(law.heterozygosity(), float(start * 0.95**20))
