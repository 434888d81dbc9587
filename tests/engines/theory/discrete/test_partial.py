"""Oracles of docs/theory.md §10: real data kept beside synthetic data, and texts as they stand."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from engines.theory import registry
from engines.theory.case import Case, SourceFacts
from engines.theory.discrete import partial
from engines.theory.discrete import wright_fisher as discrete
from engines.theory.second_moments.base import SecondMoments
from engines.theory.second_moments.mixture import mixture_moments

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]

P1 = np.array([0.4, 0.3, 0.2, 0.1])
H1 = float(1 - P1 @ P1)


@pytest.mark.parametrize(("steps", "oracle"), [(1, "1.55556"), (5, "2.74168"), (39, "2.78884")])
def test_distance_to_the_first_model(agrees: Agrees, steps: int, oracle: str) -> None:
    found = 1000 * partial.distance(H1, 100, 200, 39)
    assert found[0] == 0
    assert agrees(found[steps], oracle)
    assert not agrees(1000 * partial.distance(H1, 200, 100, 39)[steps], oracle)


def test_the_distance_is_bounded_for_any_amount_of_synthetic_data(agrees: Agrees) -> None:
    bound = partial.largest_distance(H1, 100)
    assert agrees(1000 * bound, "3.48259")
    many = [partial.distance(H1, 100, 10**k, 5_000)[-1] for k in range(1, 6)]
    assert np.all(np.diff(many) > 0)
    assert many[-1] < bound
    assert many[-1] == pytest.approx(bound, rel=1e-3)


def test_it_is_the_mix_policy_that_keeps_the_whole_of_d_0(
    make: SimpleNamespace, make_case: MakeCase
) -> None:
    """Given p^(1), so from a start that is not random: M = N + n, keep = N / M."""

    def moments(keep: float) -> SecondMoments:
        case = make_case(
            [100] + [300] * 40,
            source=text(P1.tolist(), 100),
            engines=make.engine("discrete"),
            policies=make.policy(keep=keep),
        )
        return mixture_moments(case, 1.0)

    found = moments(100 / 300)
    exact = partial.distance(H1, 100, 200, 39)
    assert H1 * found.var_of_mean[1:] == pytest.approx(exact)
    assert H1 * found.mean_of_var[1:] == pytest.approx(H1 - exact)
    assert H1 * moments(50 / 300).var_of_mean[40] > 1.5 * exact[39]


def curves(case: Case, metric: str) -> dict[str, np.ndarray]:
    found, _ = registry.curves_for(case, [metric])
    return {overlay.name: values for overlay, values, _ in found}


def test_overlays_of_partial_synthesis(make: SimpleNamespace, make_case: MakeCase) -> None:
    case = make_case(
        [100] + [300] * 40,
        source=make.states(P1, [0, 1, 2, 3]),
        engines=make.engine("discrete"),
        policies=make.policy(keep=1 / 3),
    )
    found = curves(case, "l2_squared")
    first = H1 / 100
    exact = first + partial.distance(H1 * 0.99, 100, 200, 39)
    assert found["discrete.mixture.l2_squared.mean"][1:] == pytest.approx(exact)
    bound = found["seddik.bound.l2_squared.mean"]
    assert np.all(bound[1:] > exact)
    assert bound[40] == pytest.approx(first + H1 * 0.99 / 201)
    for policy in (make.policy(keep=0.2), make.policy(keep=1 / 3, fresh=0.1), make.policy()):
        other = make_case(
            [100] + [300] * 40,
            source=make.states(P1, [0, 1, 2, 3]),
            engines=make.engine("discrete"),
            policies=policy,
        )
        assert "seddik.bound.l2_squared.mean" not in curves(other, "l2_squared")


def text(p: list[float], rows: int) -> SourceFacts:
    """Return the facts of a text of `rows` words."""
    shares = np.array(p)
    ranks = np.arange(len(p), dtype=np.float64)
    mean, none = np.array([shares @ ranks]), np.zeros((1, 1))
    return SourceFacts("states", False, mean, none, shares, ranks, None, rows)


@pytest.mark.parametrize("metric", ["support_alive", "vocabulary_alive"])
def test_where_d_0_is_the_text_itself_words_die_one_generation_later(
    make: SimpleNamespace, make_case: MakeCase, metric: str
) -> None:
    unigram = make.engine("ngram", theory_name="discrete")
    sizes = [10] + [20] * 5
    p = [0.5, 0.3, 0.1, 0.1]
    found = curves(make_case(sizes, source=text(p, 10), engines=unigram), metric)
    values = found[f"discrete.replace.{metric}.mean"]
    assert values[:2] == pytest.approx([4, 4])
    assert values[1:] == pytest.approx(discrete.survivors(np.array(p), 20, 4))
    large = curves(make_case([10] + [5000] * 5, source=text(p, 10), engines=unigram), metric)
    branching = large[f"discrete.branching.{metric}.mean"]
    assert branching[1:] == pytest.approx(
        discrete.survivors_branching(np.array(p), np.full(4, 5000))
    )
    part = make_case(sizes, source=text(p, 30), engines=unigram)
    assert not curves(part, metric)


def test_longer_contexts_have_no_such_law(make: SimpleNamespace, make_case: MakeCase) -> None:
    case = make_case([10] + [20] * 5, source=text([0.5, 0.5], 10), engines=make.engine("ngram"))
    found, absent = registry.curves_for(case, ["vocabulary_alive", "l2_squared"])
    assert not found
    reason = absent["discrete.replace.l2_squared.mean"]
    assert reason == "holds only for the discrete engine, not for ngram"
