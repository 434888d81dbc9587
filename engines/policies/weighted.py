"""Fit real and synthetic data with a weight of their own.

Each generation pools fresh real data with samples of the newest model and gives the real
part the weight ω whatever its share of the points. For equal sizes the best weight for the
mean is the golden ratio's inverse, (√5 - 1) / 2 ≈ 0.618.

References
----------
.. [1] H. He, S. Xu, G. Cheng, "Golden Ratio Weighting Prevents Model Collapse", 2025,
   arXiv:2502.18049.
"""

from collections.abc import Generator
from typing import ClassVar, Self

from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import IntArray, equal_sizes
from engines.base import EngineConfig
from engines.config import Phrase, Share, Words, percent
from engines.data import FORMS, Data
from engines.policies.base import Policy, PolicyContext, Shares
from engines.runtime.step import Step, run_to_end


class Weighted(Policy):
    """T_n = fresh real data with weight ω and samples of model n with weight 1 - ω."""

    name: ClassVar[str] = "weighted"

    setting_words: ClassVar = {
        "weight": Words("ω", "weight", "weight of the real data", 1),
        "fresh": Words("λ", "real data", "share of points that are real", 2),
    }

    weight: Share = Field(description="ω: weight of the real data in the fit")
    fresh: Share = Field(
        default=0.5, gt=0, lt=1, description="λ: share of the points that is new real data"
    )

    @model_validator(mode="after")
    def _require_a_weight(self) -> Self:
        if self.weight == 0:
            raise ValueError("weight must be above 0: with 0, use policy 'replace'")
        return self

    @property
    @override
    def phrase(self) -> Phrase:
        fresh = f"{percent(self.fresh)} real data"
        return Phrase(fresh, f"{fresh}, weight {self.weight:.3g}")

    @property
    @override
    def pull(self) -> str:
        return f"real data weigh {percent(self.weight)} in each fit and pull it back"

    @property
    @override
    def shares(self) -> Shares:
        return 1 - self.fresh, 0.0, self.fresh

    @override
    def refusal(self, size: int, real_size: int) -> str | None:
        real = round(self.fresh * size)
        if 0 < real < size:
            return None
        return f"policy.fresh = {self.fresh} of {size} samples leaves one of the two parts empty"

    @override
    def engine_refusal(self, engine: EngineConfig) -> str | None:
        if hasattr(FORMS[engine.fits], "combine_weighted"):
            return None
        return f"takes no weights for the {engine.fits.value} that it fits: use mix"

    def _part_sizes(self, context: PolicyContext) -> tuple[IntArray, IntArray]:
        real = round(self.fresh * context.size)
        return context.sizes(without=real), equal_sizes(real, context.replicates)

    @override
    def draw(self, context: PolicyContext) -> Generator[Step, None, Data]:
        """Return D_n: samples of model n and fresh real data, in fixed shares."""
        own, real = self._part_sizes(context)
        model = yield from context.draw_from_model(own)
        return type(model).combine([model, context.draw_from_source(real)])

    @override
    def train(self, context: PolicyContext, drawn: Data) -> Data:
        """Return the weighted union of the two parts of D_n.

        They are drawn again from the same streams, which gives the same points.
        """
        own, real = self._part_sizes(context)
        form = FORMS[context.engine.fits]
        model = form.of(run_to_end(context.draw_from_model(own)))
        fresh = form.of(context.draw_from_source(real))
        combine = getattr(form, "combine_weighted")  # noqa: B009 - not every form, see engine_refusal
        return combine([model, fresh], [1 - self.weight, self.weight])
