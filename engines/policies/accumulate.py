"""Train on all data so far: D_0 ∪ … ∪ D_n.

References
----------
.. [1] M. Gerstgrasser et al., "Is Model Collapse Inevitable? Breaking the Curse of
   Recursion by Accumulating Real and Synthetic Data", 2024, arXiv:2404.01413.
.. [2] I. Shumailov et al., 2023, arXiv:2305.17493, Fig. 6.
"""

from collections.abc import Generator
from typing import ClassVar

from engines.data import Data
from engines.data.pool import Pool
from engines.policies.base import Needs, PolicyConfig, PolicyContext
from engines.runtime.step import Step


class Accumulate(PolicyConfig):
    """T_n = D_0 ∪ … ∪ D_n."""

    name: ClassVar[str] = "accumulate"

    @property
    def needs(self) -> Needs:
        """What must be kept for it: the union."""
        return Needs(union=True)

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
        """Return the union.

        Raises
        ------
        LookupError
            If the union was not kept.
        """
        del context, drawn, pool
        if union is None:
            raise LookupError("accumulate needs the union of all data so far")
        return union
