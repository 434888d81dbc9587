"""p_{n+1} = α p_model + β p_n + γ p_0, and replace as its special case.

References
----------
.. [1] I. Shumailov et al., "AI models collapse when trained on recursively generated
   data", Nature 631 (2024) 755, doi:10.1038/s41586-024-07566-y (the mixing rule; the
   real share kept of Fig. 10b).
.. [2] V. S. Borkar, "A theoretical basis for model collapse in recursive training", 2025,
   arXiv:2506.09401 (the fresh share).
"""

from collections.abc import Generator
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import IntArray
from engines.config import Config, Phrase, Share, Words, percent
from engines.data import Data
from engines.numerics.shares import largest_remainders
from engines.policies.base import Needs, PastLaw, Policy, PolicyContext, Shares
from engines.runtime.step import Step
from engines.streams import Purpose, Streams


class Detector(Config):
    """A watermark or classifier that drops points before they are trained on.

    What it drops is drawn again, so the set keeps its size and the shares shift: synthetic
    points pass with probability 1 - recall, real ones with 1 - false_positive.
    """

    recall: Share = Field(description="share of the synthetic points that it drops")
    false_positive: Share = Field(default=0.0, description="share of the real points it drops")


class Mix(Policy):
    """Train on the newest samples only, mixed with earlier laws and real data.

    ``previous`` (β) is the share of the whole previous law p_n, not of its data set: it
    cascades by binomial splits over the earlier models. All three at 0 is *replace*.
    """

    name: ClassVar[str] = "mix"

    setting_words: ClassVar = {
        "fresh": Words("λ", "real data", "real data in each generation", 1),
        "previous": Words("β", "model before", "share of the model before", 4),
        "keep": Words("", "real rows", "rows of the real data set", 5),
        "counts": Words("", "counts", "counts of the parts", 8),
        "detector": Words("", "detector", "detector of synthetic points", 9),
    }

    fresh: Share = Field(
        default=0.0,
        description="λ: share of new real data in each generation, Borkar's persistent excitation",
    )
    previous: Share = Field(
        default=0.0, description="β: share that is drawn from the model before the newest one"
    )
    keep: Share = Field(
        default=0.0,
        description="share of rows of the real data set, chosen anew each generation; λ draws new"
        " real data instead",
    )
    counts: Literal["iid", "fixed"] = Field(
        default="iid", description="component counts: drawn, or in fixed shares"
    )

    detector: Detector | None = Field(
        default=None, description="what drops synthetic points: {recall, false_positive}"
    )

    @model_validator(mode="after")
    def _check_shares(self) -> Self:
        if self.fresh + self.previous > 1:
            raise ValueError(
                f"fresh + previous must not exceed 1, got {self.fresh} + {self.previous}"
            )
        if self.detector is None:
            return self
        if self.previous > 0:
            raise ValueError("a detector works on the newest model and fresh data: previous = 0")
        passing = (1 - self.fresh) * (1 - self.detector.recall)
        passing += self.fresh * (1 - self.detector.false_positive)
        if passing == 0:
            raise ValueError(
                "the detector drops everything: without fresh data its recall must be below 1"
            )
        return self

    @property
    @override
    def phrase(self) -> Phrase:
        parts = [
            f"{percent(share)} {words}"
            for share, words in (
                (self.fresh, "real data"),
                (self.keep, "real rows"),
                (self.previous, "from the model before"),
            )
            if share
        ]
        if not parts:
            return Phrase("0 % real data", "replace, 0 % real")
        if self.detector is not None:
            parts.append(f"a detector drops {percent(self.detector.recall)} of the samples")
        return Phrase(parts[0], ", ".join(parts))

    @property
    @override
    def needs(self) -> Needs:
        return Needs(subsets=self.keep > 0, past=self.previous > 0)

    @property
    @override
    def pull(self) -> str:
        share = self.shares[2]
        if share > 0:
            return f"{percent(share)} real data in each generation pull it back"
        if self.keep:
            return f"{percent(self.keep)} real rows in each generation pull it back"
        if self.previous:
            return f"{percent(self.previous)} from the model before slow it down"
        return ""

    @property
    @override
    def remedy(self) -> str:
        return "" if self.fresh or self.keep or self.previous else "+ + +"

    @property
    @override
    def shares(self) -> Shares:
        """(α, β, γ), after what a detector drops."""
        model = max(0.0, 1 - self.previous - self.fresh)
        if self.detector is None:
            return model, self.previous, self.fresh
        model *= 1 - self.detector.recall
        fresh = self.fresh * (1 - self.detector.false_positive)
        return model / (model + fresh), 0.0, fresh / (model + fresh)

    @override
    def refusal(self, size: int, real_size: int) -> str | None:
        kept = round(self.keep * size)
        if kept <= real_size:
            return None
        return (
            f"policy.keep = {self.keep} of {size:,} samples asks for {kept:,} rows of D_0,"
            f" which has {real_size:,}"
        )

    @override
    def draw(self, context: PolicyContext) -> Generator[Step, None, Data]:
        """Return D_n: kept rows of D_0, then points of model n, of earlier models and of p_0."""
        kept = round(self.keep * context.size)
        parts: list[Data] = []
        if kept:
            rows = np.full(context.replicates, kept, dtype=np.int64)
            generator = context.streams.of(Purpose.KEEP)
            parts.append(context.real.subset(rows, generator, replacement=False))
        rest = context.sizes(without=kept)
        if self.previous > 0 or self.fresh > 0:
            parts += yield from self._draw_mixture(context, rest)
        elif kept < context.size:
            parts.append((yield from context.draw_from_model(rest)))
        return type(parts[0]).combine(parts)

    def _draw_mixture(
        self, context: PolicyContext, sizes: IntArray
    ) -> Generator[Step, None, list[Data]]:
        model, past, source = self._split_sizes(context, sizes)
        parts: list[Data] = []
        if model.any():
            parts.append((yield from context.draw_from_model(model)))
        for law, counts in past:
            parts.append((yield from context.draw_from_past(law, counts)))
        if source.any():
            parts.append(context.draw_from_source(source))
        return parts

    def _split_sizes(
        self, context: PolicyContext, sizes: IntArray
    ) -> tuple[IntArray, list[tuple[PastLaw, IntArray]], IntArray]:
        """Return the points that come from model n, from each earlier model and from p_0."""
        model, previous, source = _split(self, sizes, context.streams, 0)
        past: list[tuple[PastLaw, IntArray]] = []
        for level, law in enumerate(reversed(context.past), start=1):
            if not previous.any():
                break
            count, previous, fresh = _split(law.policy, previous, context.streams, level)
            if count.any():
                past.append((law, count))
            source = source + fresh
        return model, past, source + previous

    @override
    def train(self, context: PolicyContext, drawn: Data) -> Data:
        return drawn


def _split(
    policy: Policy, sizes: IntArray, streams: Streams, level: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Return how many of `sizes` points come from the model, the previous law and the source.

    The counts are multinomial, or in fixed shares (largest remainders) where the policy says so;
    the variance of the next model differs. Each level, the number of generations back, has its
    own random stream.
    """
    probabilities = np.array(policy.shares) / sum(policy.shares)
    if isinstance(policy, Mix) and policy.counts == "fixed":
        # Computed once for each different size; mostly there is only one.
        different, place = np.unique(sizes, return_inverse=True)
        splits = [largest_remainders(probabilities, int(size)) for size in different]
        counts = np.array(splits)[place]
    else:
        counts = streams.of(Purpose.SPLIT, level).multinomial(sizes, probabilities)
    return counts[:, 0], counts[:, 1], counts[:, 2]
