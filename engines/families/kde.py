"""The kernel density engine: resample a training point, add kernel noise.

Borji refits a Gaussian kernel estimate on its own samples. Each generation adds the
kernel's variance, so the law disperses; with a fixed bandwidth and infinitely many
points, model n is exactly p_0 convolved with N(0, n h²).

References
----------
.. [1] A. Borji, "A Note on Shumailov et al. (2024): AI Models Collapse When Trained on
   Recursively Generated Data", 2024, arXiv:2410.12954, listings 1-4.
.. [2] D. W. Scott, "Multivariate Density Estimation", 1992; B. W. Silverman, "Density
   Estimation for Statistics and Data Analysis", 1986: the two bandwidth rules.
"""

import math
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.base import Context, EngineConfig
from engines.config import Phrase, Positive, Words
from engines.data import Data, Form, Points
from engines.data.points import uniform_indices
from engines.errors import GenerationError
from engines.laws.kernel import kernel_law
from engines.laws.kernel_table import MOST_NODES, NODES, widest_step
from engines.laws.law import Law
from engines.laws.real import RealLaw, StackedLaw
from engines.numerics.kernels import KERNELS
from engines.situation import Situation, digits
from engines.streams import Purpose

KernelName = Literal["gaussian", "tophat", "epanechnikov", "exponential", "linear", "cosine"]
BandwidthRule = Literal["scott", "silverman", "scott-sklearn", "silverman-sklearn"]


def rule_factor(rule: str, size: int) -> float:
    """Return what a rule multiplies the sd by: n^(-1/5), or (4/3)^(1/5) times that."""
    factor = size**-0.2
    if rule.startswith("silverman"):
        factor *= (4.0 / 3.0) ** 0.2
    return factor


class KernelModel(NamedTuple):
    """Kernel density estimates.

    Attributes
    ----------
    points : ndarray, shape (R, n)
        Training points, ascending.
    bandwidth : ndarray, shape (R,)
    """

    points: FloatArray
    bandwidth: FloatArray


class KernelDensity(EngineConfig):
    """Fit a one-dimensional kernel density estimate."""

    name = "kde"
    kinds = ("real",)
    fits = Form.POINTS
    draws = (Form.POINTS,)
    changeable = frozenset({"bandwidth", "kernel"})
    held_by_real_data = True
    model: ClassVar = KernelModel
    default_metrics: ClassVar = {
        "real": (
            "w1", "w1_sample", "kl_as_published", "kl_shared_bins", "variance", "variance_sample",
            "mean", "mean_sample", "tail_mass",
        ),
    }  # fmt: skip

    setting_words: ClassVar = {
        "bandwidth": Words("h", "bandwidth", "kernel bandwidth", 3),
        "kernel": Words("K", "kernel", "shape of the kernel", 6),
    }

    kernel: KernelName = Field(default="gaussian", description="kernel, as in scikit-learn")
    bandwidth: Positive | BandwidthRule = Field(
        default=0.5,
        description="scale of the kernel; scott and silverman are scaled by the sd of the data,"
        " their -sklearn forms are not",
    )

    @property
    @override
    def phrase(self) -> Phrase:
        kernel = self.kernel.replace("gaussian", "Gaussian")
        fixed = not isinstance(self.bandwidth, str)
        width = f"{self.bandwidth:g}" if fixed else str(self.bandwidth)
        return Phrase(f"KDE, h {width}", f"KDE, {kernel} kernel, h = {width}")

    @override
    def drift(self, situation: Situation) -> str:
        if isinstance(self.bandwidth, str):
            part = digits(rule_factor(self.bandwidth, situation.size) ** 2 * self._kernel_variance)
            scaled = not self.bandwidth.endswith("-sklearn")
            own = f"{part} times its own variance" if scaled else f"the variance {part}"
            return f"each refit adds {own}, the kernel's, to the law"
        if self._kernel_variance == 1:
            return f"each refit adds the kernel's variance h² = {digits(self.bandwidth**2)}"
        added = digits(self._kernel_variance * self.bandwidth**2)
        return f"each refit adds the kernel's variance {added}"

    @override
    def account(self, situation: Situation, *, replaces: bool) -> str:
        now, real = situation.value("variance"), situation.real_value("variance")
        if not replaces or isinstance(self.bandwidth, str) or not math.isfinite(now + real):
            return ""
        added = digits(self._kernel_variance * self.bandwidth**2)
        steps = f"{digits(real)} (real) + {situation.generation:,} × {added}"
        return f"now {digits(now)} = {steps} + chance of sampling"

    @property
    def _kernel_variance(self) -> float:
        return KERNELS[self.kernel].variance

    def minimum(self, dimension: int) -> int:
        """Return the smallest data set: one point, or two where its sd sets the bandwidth."""
        return 2 if self.bandwidth in {"scott", "silverman"} else 1

    def model_size(self, source: Any, fitted: float) -> float:
        """Return the numbers of one estimate: its points."""
        return fitted + 1

    def law_size(self, source: Any) -> float:
        """Return the nodes of one table: some a bandwidth, where that is a number."""
        if isinstance(self.bandwidth, str):
            return NODES
        step = widest_step(0.0, self.bandwidth, KERNELS[self.kernel])
        spread = 16 * float(source.law().sd()[0]) / step
        return min(float(MOST_NODES), max(float(NODES), spread))

    def fit(self, data: Points, context: Context) -> KernelModel:
        """Return the estimate: the points in order and their bandwidth."""
        return KernelModel(data.sorted_rows, self.bandwidths(data.sorted_rows))

    def bandwidths(self, points: FloatArray) -> FloatArray:
        """Return the bandwidth of each replicate, shape (R,).

        Scott's rule is sd n^(-1/5), Silverman's (4/3)^(1/5) times that, with the sd of the
        data (ddof 1) as in scipy; scikit-learn's rules of the same names leave the sd out.

        Parameters
        ----------
        points : ndarray, shape (R, n)

        Raises
        ------
        GenerationError
            If a rule meets points that are all equal.
        """
        replicates, size = len(points), int(points.shape[1])
        if not isinstance(self.bandwidth, str):
            return np.full(replicates, self.bandwidth)
        factor = rule_factor(self.bandwidth, size)
        if self.bandwidth.endswith("-sklearn"):
            return np.full(replicates, factor)
        bandwidths = factor * points.std(axis=1, ddof=1)
        if not bandwidths.all():
            raise GenerationError(
                f"engine.bandwidth = {self.bandwidth!r} is 0 in replicate"
                f" {int(np.argmin(bandwidths))}, whose {size} training points are all equal"
            )
        return bandwidths

    def sample(self, model: KernelModel, sizes: IntArray, form: Form, context: Context) -> Data:
        """Return `sizes` points of each replicate: a training point plus kernel noise."""
        replicates, size = model.points.shape
        pools = np.full(replicates, size, dtype=np.int64)
        indices = uniform_indices(pools, sizes, context.streams.of(Purpose.INDEX))
        centres = Points(model.points.reshape(-1), pools).take(indices, sizes).values
        noise = KERNELS[self.kernel].draw(len(centres), context.streams.of(Purpose.NOISE))
        if replicates == 1:
            noise *= model.bandwidth[0]
        else:
            noise *= np.repeat(model.bandwidth, sizes)
        noise += centres
        return Points(noise, sizes)

    def law(self, model: KernelModel, source: Law) -> RealLaw:
        """Return the law of the model, tabulated (see `engines.laws.kernel`)."""
        laws = tuple(
            kernel_law(points, float(bandwidth), KERNELS[self.kernel])
            for points, bandwidth in zip(model.points, model.bandwidth, strict=True)
        )
        return laws[0] if len(laws) == 1 else StackedLaw(laws)
