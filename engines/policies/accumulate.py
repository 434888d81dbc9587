"""Train on all data so far: D_0 ∪ … ∪ D_n.

References
----------
.. [1] M. Gerstgrasser et al., "Is Model Collapse Inevitable? Breaking the Curse of
   Recursion by Accumulating Real and Synthetic Data", 2024, arXiv:2404.01413.
.. [2] I. Shumailov et al., 2023, arXiv:2305.17493, Fig. 6.
"""

from typing import ClassVar

from typing_extensions import override

from engines.config import Phrase
from engines.data import Data
from engines.policies.base import Needs, Policy, PolicyContext


class Accumulate(Policy):
    """T_n = D_0 ∪ … ∪ D_n."""

    name: ClassVar[str] = "accumulate"

    @property
    @override
    def phrase(self) -> Phrase:
        return Phrase("all data so far kept", "all data so far, the real data too")

    @property
    @override
    def pull(self) -> str:
        return "all data so far stay, so that each refit moves it less"

    @property
    @override
    def needs(self) -> Needs:
        return Needs(union=True)

    @override
    def train(self, context: PolicyContext, drawn: Data) -> Data:
        if context.union is None:
            raise LookupError("policy 'accumulate' needs the union of all data, which was not kept")
        return context.union
