"""Train on as many points as one generation has, drawn from all data so far.

References
----------
.. [1] J. Kazdan et al., "Collapse or Thrive? Perils and Promises of Synthetic Data in a
   Self-Generating World", 2024, arXiv:2410.16713 (accumulate-subsample).
.. [2] I. Shumailov et al., 2023, arXiv:2305.17493, Fig. 5.
"""

from collections.abc import Generator
from typing import ClassVar

from pydantic import Field

from engines.data import Data
from engines.data.pool import Pool
from engines.policies.base import Needs, PolicyConfig, PolicyContext
from engines.runtime.step import Step
from engines.streams import Purpose


class Subsample(PolicyConfig):
    """T_n = M_n points of D_0 ∪ … ∪ D_n."""

    name: ClassVar[str] = "subsample"

    replacement: bool = Field(
        default=False, description="draw with replacement, for which an exact law is known"
    )

    @property
    def needs(self) -> Needs:
        """What must be kept for it: every point."""
        return Needs(subsets=True, pool=True)

    @property
    def shares(self) -> tuple[float, float, float]:
        """D_n comes from the model alone."""
        return 1.0, 0.0, 0.0

    def draw(self, context: PolicyContext) -> Generator[Step, None, Data]:
        """Return D_n, drawn from model n."""
        return (yield from context.from_model(context.full()))

    def train(
        self, context: PolicyContext, drawn: Data, union: Data | None, pool: Pool | None
    ) -> Data:
        """Return M_n points of the pool.

        Raises
        ------
        LookupError
            If the pool was not kept.
        """
        del drawn, union
        if pool is None:
            raise LookupError("subsample needs every point drawn so far")
        generator = context.streams.of(Purpose.SUBSET)
        return pool.subset(context.size, generator, replacement=self.replacement)
