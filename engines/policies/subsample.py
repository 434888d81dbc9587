"""Train on as many points as one generation has, drawn from all data so far.

References
----------
.. [1] J. Kazdan et al., "Collapse or Thrive? Perils and Promises of Synthetic Data in a
   Self-Generating World", 2024, arXiv:2410.16713 (accumulate-subsample).
.. [2] I. Shumailov et al., 2023, arXiv:2305.17493, Fig. 5.
"""

from typing import ClassVar

from pydantic import Field
from typing_extensions import override

from engines.config import Phrase, Words
from engines.data import Data
from engines.policies.base import Needs, Policy, PolicyContext
from engines.streams import Purpose


class Subsample(Policy):
    """T_n = M_n points of D_0 ∪ … ∪ D_n."""

    name: ClassVar[str] = "subsample"

    setting_words: ClassVar = {
        "replacement": Words("", "replacement", "drawn with replacement", 3),
    }

    replacement: bool = Field(
        default=False, description="draw with replacement, for which an exact law is known"
    )

    @property
    @override
    def phrase(self) -> Phrase:
        returned = "with" if self.replacement else "without"
        return Phrase("a part of all data", f"a sample of all data so far, {returned} replacement")

    @property
    @override
    def pull(self) -> str:
        return "earlier data, the real ones too, are drawn again, which slows it down"

    @property
    @override
    def needs(self) -> Needs:
        return Needs(subsets=True, pool=True)

    @override
    def train(self, context: PolicyContext, drawn: Data) -> Data:
        if context.pool is None:
            raise LookupError("policy 'subsample' needs all points so far, which were not kept")
        generator = context.streams.of(Purpose.SUBSET)
        return context.pool.subset(context.size, generator, replacement=self.replacement)
