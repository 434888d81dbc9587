"""The Gaussian mixture engine: K normal components with full covariances, fitted by EM.

Shumailov et al. refit a mixture of two normals on its own samples: after some hundred
generations the two components coincide, and after two thousand the mixture is almost a
point. Whatever EM does with the components, the mixture as a whole keeps the mean and the
covariance of the points (ddof 0), so these follow the laws of the maximum-likelihood
Gaussian exactly.

References
----------
.. [1] I. Shumailov, Z. Shumaylov, Y. Zhao, Y. Gal, N. Papernot, R. Anderson, "The Curse
   of Recursion: Training on Generated Data Makes Models Forget", 2023,
   arXiv:2305.17493, Fig. 7 and 13.
"""

import warnings
from collections import deque
from collections.abc import Callable, Generator
from itertools import islice
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.base import Context, EngineConfig
from engines.config import Phrase, Positive, Real, Size, Words, percent, plural
from engines.cost import FUNCTION, TOUCH, Cost, Load
from engines.data import Data, Form, Points
from engines.errors import GenerationError
from engines.laws.law import Law, NumberLaw, Part, narrow
from engines.laws.normal_mixture import NormalMixtureLaw
from engines.laws.real_nd import NormalMixtureNDLaw, RealNDLaw
from engines.numerics.em import NormalMixture, align_components, initial_mixture, iterate_em
from engines.numerics.threads import one_thread
from engines.runtime.step import Step
from engines.sampling.mixture import sample_mixture
from engines.situation import Situation
from engines.streams import Purpose

WORK = 1 << 18
"""Densities evaluated between two reports of progress: some milliseconds."""
TYPICAL_ITERATIONS, START_SECONDS = 10, 1.5e-3
"""For estimates of time: iterations of a fit, and what k-means takes of the fewest points."""
SINGULAR = 2.0
"""A component is singular where its smallest variance is below so many times `reg_covar`."""


class MixtureModel(NamedTuple):
    """Fitted mixtures of K normal components.

    Attributes
    ----------
    weights : ndarray, shape (R, K)
        Positive, sum 1.
    means : ndarray, shape (R, K, d)
        Component k is the one nearest to component k of the previous model; those of the
        first model are in ascending order.
    covariances : ndarray, shape (R, K, d, d)
    converged : ndarray of int, shape (R,)
        1 where EM met its tolerance.
    """

    weights: FloatArray
    means: FloatArray
    covariances: FloatArray
    converged: IntArray

    @property
    def factors(self) -> FloatArray:
        """Cholesky factors of the covariances, shape (R, K, d, d)."""
        return np.asarray(np.linalg.cholesky(self.covariances), dtype=np.float64)

    def estimate(self, replicate: int) -> NormalMixture:
        """Return the mixture of one replicate."""
        return NormalMixture(*(field[replicate] for field in self[:3]))


class MixtureOfNormals(EngineConfig):
    """Fit a mixture of normal laws by EM, with the numbers of scikit-learn's."""

    name = "gmm"
    kinds = ("real", "real-nd")
    fits = Form.POINTS
    draws = (Form.POINTS,)
    changeable = frozenset({"tolerance", "iterations", "warm_start", "reg_covar"})
    keeps_model = True
    held_by_real_data = True
    model: ClassVar = MixtureModel
    law_parts: ClassVar = frozenset({Part.COMPONENTS})
    default_metrics: ClassVar = {
        "real": ("l2_squared", "w1", "log_sigma", "variance", "mean", "modes", "tail_mass"),
        "real-nd": ("l2_squared", "trace_ratio", "log_det_ratio", "mean_error", "log_condition"),
    }

    setting_words: ClassVar = {
        "warm_start": Words("", "warm start", "start EM from the last model", 3),
        "reg_covar": Words("ε", "added var", "added to each covariance", 4),
        "tolerance": Words("", "tolerance", "gain at which EM stops", 6),
        "iterations": Words("", "EM steps", "EM steps at most", 7),
    }

    components: Size = Field(default=2, description="number of normal components")
    tolerance: Real = Field(
        default=1e-3, description="EM stops where the mean ln density gains less", ge=0
    )
    iterations: Size = Field(default=100, description="EM iterations at most")
    warm_start: bool = Field(
        default=False, description="start EM from the previous model instead of k-means"
    )
    reg_covar: Positive = Field(
        default=1e-6, description="added to the diagonal of every covariance"
    )

    @property
    @override
    def phrase(self) -> Phrase:
        start = "started from the last model" if self.warm_start else "started by k-means"
        mixture = f"mixture of {plural(self.components, 'Gaussian')}"
        return Phrase(f"{self.components}-Gaussian mixture", f"{mixture} by EM, {start}")

    @override
    def drift(self, situation: Situation) -> str:
        loss = percent(1 / situation.size)
        return f"EM keeps the variance of {situation.size:,} points over n: {loss} less each time"

    def minimum(self, dimension: int) -> int:
        """Return the smallest data set: a point for each component, and two at least."""
        return max(2, self.components)

    def cost(self, source: Any, load: Load) -> Cost:
        """Return what EM takes of one replicate's points, and what compares all components."""
        count, dimension = float(self.components), float(source.dimension)
        pairs = 2 * (count + 2) ** 2 * (dimension**2 + 2)
        steps = min(self.iterations, TYPICAL_ITERATIONS)
        each = load.fitted * count * (FUNCTION * (1 + steps) + 4 * steps * TOUCH * dimension**2)
        return Cost(
            "the components of this run",
            8.0 * (8 * load.fitted * (2 * count + dimension) + pairs * load.replicates),
            "engine.components, schedule.size or replicates",
            load.replicates * (START_SECONDS + each + FUNCTION * pairs),
        )

    def model_size(self, source: Any, fitted: float) -> float:
        """Return the numbers of one mixture."""
        return self.components * (2.0 + source.dimension + source.dimension**2)

    def law_size(self, source: Any) -> float:
        """Return the nodes of all components."""
        return 513.0 * self.components if source.dimension == 1 else self.components

    def fit(self, data: Points, context: Context) -> Generator[Step, None, MixtureModel]:
        """Return the mixtures, fitted one replicate after the other.

        Yields
        ------
        Step
            Between replicates and within long fits.

        Raises
        ------
        GenerationError
            If rounding leaves a covariance that is not positive definite.
        """
        parts = data.by_replicate
        fits: list[tuple[NormalMixture, bool]] = []
        for replicate, part in enumerate(parts):

            def step(share: float, index: int = replicate) -> Step:
                message = f"fitting replicate {index + 1:,} of {len(parts):,}"
                return Step((index + share) / len(parts), message)

            if replicate:
                yield step(0.0)
            try:
                fits.append((yield from self._fit_replicate(part, context, replicate, step)))
            except np.linalg.LinAlgError:
                raise GenerationError(
                    f"a covariance of replicate {replicate} is singular in rounding: raise"
                    f" engine.reg_covar, which is {self.reg_covar:g}"
                ) from None
        weights, means, covariances = zip(*(estimate for estimate, _ in fits), strict=True)
        converged = np.array([done for _, done in fits], dtype=np.int64)
        return MixtureModel(np.array(weights), np.array(means), np.array(covariances), converged)

    def _fit_replicate(
        self, part: FloatArray, context: Context, replicate: int, step: Callable[[float], Step]
    ) -> Generator[Step, None, tuple[NormalMixture, bool]]:
        points = part[:, None] if part.ndim == 1 else part
        rows = np.ascontiguousarray(points.T)
        model: MixtureModel | None = context.previous
        previous = None if model is None else model.estimate(replicate)
        if self.warm_start and previous is not None:
            start = previous
        else:
            seed = int(context.streams.of(Purpose.START, replicate).integers(1 << 32))
            labels = k_means_labels(points, self.components, seed)
            start = initial_mixture(rows, labels, self.components, self.reg_covar)
        steps = iterate_em(rows, start, self.reg_covar, self.tolerance, self.iterations)
        stretch = max(1, WORK // (self.components * points.size))
        for done in range(stretch, self.iterations + stretch, stretch):
            with one_thread():
                estimate, converged = deque(islice(steps, stretch), maxlen=1)[0]
            if converged or done >= self.iterations:
                return align_components(estimate, previous), converged
            yield step(done / self.iterations)
        raise AssertionError("EM ends with its last iteration")

    def refusal(self, source: Law) -> str | None:
        """Return why the source cannot be fitted: its variance is below the floor of ours."""
        if isinstance(source, NumberLaw):
            variance = float(source.variance()[0])
        else:
            variance = float(np.diagonal(narrow(source, RealNDLaw).covariance()[0]).mean())
        if not 0 < variance < self.reg_covar:
            return None
        return (
            f"adds engine.reg_covar = {self.reg_covar:g} to every variance, but the source's is"
            f" {variance:.3g}; 1e-6 times that is usual, {1e-6 * variance:.1g}"
        )

    def remarks(self, model: MixtureModel) -> dict[str, str]:
        """Return flags for singular components and for fits without convergence."""
        total = len(model.weights)
        smallest = np.linalg.eigvalsh(model.covariances)[..., 0].min(axis=1)
        singular = int((smallest < SINGULAR * self.reg_covar).sum())
        unfinished = total - int(model.converged.sum())
        flags: dict[str, str] = {}
        if singular:
            flags["components"] = f"singular in {singular} of {total}"
        if unfinished:
            flags["iterations"] = f"{self.iterations} did not suffice in {unfinished} of {total}"
        return flags

    def sample(self, model: MixtureModel, sizes: IntArray, form: Form, context: Context) -> Data:
        """Return `sizes` points of each replicate's mixture."""
        return sample_mixture(model.weights, model.means, model.factors, sizes, context.streams)

    def law(self, model: MixtureModel, source: Law) -> NormalMixtureLaw | NormalMixtureNDLaw:
        """Return the law of the model."""
        weights, means, factors = model.weights, model.means, model.factors
        if means.shape[2] > 1:
            return NormalMixtureNDLaw(weights, means, factors)
        return NormalMixtureLaw(weights, means[:, :, 0], factors[:, :, 0, 0])


def k_means_labels(points: FloatArray, components: int, seed: int) -> IntArray:
    """Return the cluster of each point by k-means, from which EM starts.

    Parameters
    ----------
    points : ndarray, shape (n, d)
    components : int
        With fewer distinct points some clusters stay empty, and their components become
        singular.
    seed : int
        Of scikit-learn's random state.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    import sklearn.cluster  # pyright: ignore[reportUnusedImport] - used as `library`, which is untyped

    library: Any = sklearn
    with (
        one_thread(),
        library.config_context(assume_finite=True, skip_parameter_validation=True),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        means = library.cluster.KMeans(components, n_init=1, random_state=seed).fit(points)
    return np.asarray(means.labels_, dtype=np.int64)
