"""Stand-ins for configurations, cases of theory, and comparison to the digits of an oracle."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engines.laws.normal import NormalLaw
from engines.theory.case import Case, SourceFacts

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]


def engine(name: str = "gaussian", **settings: Any) -> SimpleNamespace:
    """Return a stand-in for an engine configuration."""
    defaults = {"estimator": "unbiased", "kernel": "gaussian", "bandwidth": 0.5}
    return SimpleNamespace(name=name, **{**defaults, **settings})


def policy(name: str = "mix", **settings: Any) -> SimpleNamespace:
    """Return a stand-in for a policy configuration, with the shares (α, β, γ) of a mixture."""
    defaults = {"fresh": 0.0, "previous": 0.0, "keep": 0.0, "counts": "iid", "detector": None}
    made = SimpleNamespace(name=name, **{**defaults, "replacement": False, **settings})
    model, fresh = 1 - made.fresh - made.previous, made.fresh
    if made.detector is not None:
        model *= 1 - made.detector.recall
        fresh *= 1 - made.detector.false_positive
    total = model + made.previous + fresh if made.detector else 1.0
    made.shares = (model / total, made.previous / total, fresh / total)
    return made


def normal(mean: float = 0.0, variance: float = 1.0) -> SourceFacts:
    """Return the facts of a 1-D normal source."""
    law = NormalLaw(np.array([mean]), np.array([np.sqrt(variance)]))
    return real(law, is_normal=True)


def real(
    law: Any, *, is_normal: bool = False, rows: int | None = None, fixed: bool = False
) -> SourceFacts:
    """Return the facts of a 1-D source with the given law."""
    none = np.zeros(0)
    return SourceFacts(
        "real", is_normal, law.mean(), law.variance()[:, None], none, none, law, rows, fixed
    )


def states(probabilities: Sequence[float], values: Sequence[float]) -> SourceFacts:
    """Return the facts of a source of states."""
    p, f = np.array(probabilities), np.array(values, dtype=np.float64)
    mean = np.array([p @ f])
    variance = np.array([[p @ f**2 - mean[0] ** 2]])
    return SourceFacts(
        "states", normal=False, mean=mean, covariance=variance, probabilities=p, values=f, law=None
    )


def normal_nd(covariance: Sequence[Sequence[float]]) -> SourceFacts:
    """Return the facts of a d-dimensional normal source with mean 0."""
    matrix, none = np.array(covariance), np.zeros(0)
    return SourceFacts(
        "real-nd",
        normal=True,
        mean=np.zeros(len(matrix)),
        covariance=matrix,
        probabilities=none,
        values=none,
        law=None,
    )


@pytest.fixture
def make_case() -> MakeCase:
    """Return a builder of cases: one engine, one policy, unless lists are given."""

    def build(
        sizes: Sequence[int] | int,
        generations: int | None = None,
        *,
        source: SourceFacts | None = None,
        engines: Any = None,
        policies: Any = None,
        redraw: bool = True,
    ) -> Case:
        if generations is not None:
            sizes = [int(sizes)] * (generations + 1)  # pyright: ignore[reportArgumentType]
        numbers = np.array(sizes)
        first, second = engines or engine(), policies or policy()
        return Case(
            tuple(first) if isinstance(first, list) else (first,) * len(numbers),
            tuple(second) if isinstance(second, list) else (second,) * len(numbers),
            numbers,
            source or normal(),
            redraw,
        )

    return build


@pytest.fixture
def agrees() -> Agrees:
    """Return a comparison: equal to every digit that the oracle gives."""

    def check(value: float, oracle: str) -> bool:
        digits = len(oracle.partition(".")[2])
        return abs(float(value) - float(oracle)) <= 0.5000001 * 10.0**-digits

    return check


@pytest.fixture
def make() -> SimpleNamespace:
    """Return the builders of stand-ins by name."""
    return SimpleNamespace(
        engine=engine, policy=policy, normal=normal, real=real, states=states, nd=normal_nd
    )
