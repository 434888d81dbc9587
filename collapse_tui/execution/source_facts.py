"""What theory may know of a source."""

from typing import Any

import numpy as np

from engines.laws.discrete import DiscreteLaw
from engines.laws.law import NumberLaw, Part
from engines.laws.linear import LinearLaw
from engines.laws.real_nd import RealNDLaw
from engines.theory.case import SourceFacts


def source_facts(source: Any) -> SourceFacts:
    """Return what theory may know of a source."""
    law, kind, fixed = source.law(), source.kind, False
    mean = covariance = probabilities = values = np.empty(0)
    if isinstance(law, RealNDLaw):
        mean, covariance = law.mean()[0], law.covariance()[0]
    elif isinstance(law, LinearLaw):
        mean, covariance = law.weights[0], np.eye(law.weights.shape[1])
    elif isinstance(law, DiscreteLaw):
        kind, probabilities, values = "states", law.probabilities[0], law.values
        mean, covariance = law.mean(), law.variance()[:, None]
    elif isinstance(law, NumberLaw):
        mean, covariance = law.mean(), law.variance()[:, None]
        fixed = getattr(source, "counts", "iid") == "fixed"
    normal = Part.NORMAL in law.parts
    rows = source.natural_size
    return SourceFacts(kind, normal, mean, covariance, probabilities, values, law, rows, fixed)
