"""Metrics of laws in several dimensions, by their means and covariances.

Of a law that is not normal they look at the normal law with the same mean and covariance.
"""

import numpy as np

from engines.arrays import FloatArray
from engines.laws.real_nd import NormalNDLaw, RealNDLaw
from engines.metrics import normal_pairs
from engines.metrics.observation import Observation


def _normal_laws(observation: Observation) -> tuple[NormalNDLaw, NormalNDLaw]:
    law, source = observation.laws(RealNDLaw)
    return law.matching_normal(), source.matching_normal()


def trace_ratio(observation: Observation) -> FloatArray:
    """Return tr Σ_n / tr Σ_0, shape (R,)."""
    law, source = _normal_laws(observation)
    return (law.factors**2).sum(axis=(1, 2)) / (source.factors**2).sum()


def log_det_ratio(observation: Observation) -> FloatArray:
    """Return ln(det Σ_n / det Σ_0), shape (R,)."""
    return normal_pairs.log_det_ratio(*_normal_laws(observation))


def mean_error(observation: Observation) -> FloatArray:
    """Return ‖μ_n - μ_0‖², shape (R,)."""
    law, source = _normal_laws(observation)
    return ((law.means - source.means) ** 2).sum(axis=1)


def log_condition(observation: Observation) -> FloatArray:
    """Return ln of the ratio of extreme eigenvalues of Σ_n where Σ_0 is the identity, (R,)."""
    law, source = _normal_laws(observation)
    # The covariance of the law in the coordinates that make the source's the identity is W Wᵀ.
    whitened = np.linalg.solve(source.factors, law.factors)
    values = np.linalg.svd(whitened, compute_uv=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2.0 * (np.log(values[:, 0]) - np.log(values[:, -1]))
