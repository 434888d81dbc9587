"""The base of the policies: what a policy receives and what it defines."""

from abc import abstractmethod
from collections.abc import Generator
from dataclasses import astuple, dataclass, field
from typing import Any, ClassVar

from engines.arrays import Arrays, IntArray, equal_sizes
from engines.base import Context, EngineConfig, Source
from engines.config import Config
from engines.data import FORMS, Data, Form
from engines.data.pool import Pool
from engines.laws.law import Law
from engines.runtime.journal import Journal
from engines.runtime.step import Step
from engines.streams import REAL, Streams

Shares = tuple[float, float, float]
"""(α, β, γ) of p_n = α p_model + β p_{n-1} + γ p_0, sum 1."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a policy needs besides the model.

    Attributes
    ----------
    subsets : bool
        Data from which points can be drawn again: points or counts, not moments.
    union : bool
        D_0 ∪ … ∪ D_n as the fit takes it.
    pool : bool
        D_0 … D_n as drawn.
    past : bool
        The earlier models and their shares.
    """

    subsets: bool = False
    union: bool = False
    pool: bool = False
    past: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        """Return what either of the two needs."""
        return Needs(*(a or b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def covers(self, other: "Needs") -> bool:
        """Return whether this includes everything that `other` needs."""
        return self | other == self


@dataclass(frozen=True, slots=True)
class PastLaw:
    """The law p_i of an earlier generation, from which points can be drawn again.

    Attributes
    ----------
    generation : int
        i.
    engine : EngineConfig
        The configuration in force at generation i.
    model : object
        Model i.
    policy : Policy
        The policy in force at generation i, which gives the shares.
    """

    generation: int
    engine: EngineConfig
    model: Any
    policy: "Policy"


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """What a policy may use to form D_n and T_n.

    Attributes
    ----------
    generation : int
        n.
    size : int
        M_n.
    replicates : int
        R.
    form : Form
        Form of D_n.
    engine : EngineConfig
    source : Source
    law : Law
        p_0.
    model : object
        Model n.
    streams : Streams
        Random streams of generation n under the seed in force.
    real : Data
        D_0 as drawn.
    past : tuple of PastLaw
        p_1 … p_{n-1}, oldest first, where the policy needs them.
    journal : Journal
        The parts of this step that were finished before the process was killed.
    union, pool : Data and Pool, or None
        All data so far, D_n included: set for `Policy.train` where the policy needs them.
    """

    generation: int
    size: int
    replicates: int
    form: Form
    engine: EngineConfig
    source: Source
    law: Law
    model: Any
    streams: Streams
    real: Data
    past: tuple[PastLaw, ...] = ()
    journal: Journal = field(default_factory=Journal)
    union: Data | None = None
    pool: Pool | None = None

    def sizes(self, *, without: int = 0) -> IntArray:
        """Return M_n - `without` for each replicate, shape (R,)."""
        return equal_sizes(self.size - without, self.replicates)

    def draw_from_model(self, sizes: IntArray) -> Generator[Step, None, Data]:
        """Return `sizes` points of model n."""
        return (yield from self._draw(self.engine, self.model, self.generation, sizes))

    def draw_from_past(self, law: PastLaw, sizes: IntArray) -> Generator[Step, None, Data]:
        """Return `sizes` points of an earlier model."""
        engine = law.engine.with_chunk_of(self.engine)
        return (yield from self._draw(engine, law.model, law.generation, sizes))

    def draw_from_source(self, sizes: IntArray) -> Data:
        """Return `sizes` fresh points of p_0."""
        return self.source.sample(sizes, self.form, self.streams.of_part(REAL))

    def _draw(
        self, engine: EngineConfig, model: Any, part: int, sizes: IntArray
    ) -> Generator[Step, None, Data]:
        streams = self.streams.of_part(part)

        def sample(partial: Arrays | None) -> Any:
            context = Context(streams, None, self.real, partial, self.law)
            return engine.sample(model, sizes, self.form, context)

        form = FORMS[self.form]
        return (yield from self.journal.run(f"draw/{part}", sample, form.arrays, form.restore))


class Policy(Config):
    """A rule for the next training set T_n: a frozen configuration with `draw` and `train`."""

    name: ClassVar[str]

    @property
    def needs(self) -> Needs:
        """What must be kept for it from step to step."""
        return Needs()

    @property
    def shares(self) -> Shares:
        """(α, β, γ): the shares of D_n that come from the model, p_{n-1} and p_0."""
        return 1.0, 0.0, 0.0

    @property
    def pull(self) -> str:
        """What keeps the law near the real data, as a clause; empty where nothing does."""
        return ""

    @property
    def remedy(self) -> str:
        """Which keys add real data to each generation; empty where that is not possible."""
        return ""

    def engine_refusal(self, engine: EngineConfig) -> str | None:
        """Return why the policy cannot be used with an engine, or None if it can."""
        del engine

    def refusal(self, size: int, real_size: int) -> str | None:
        """Return why D_n of `size` points cannot be formed with M_0 = `real_size`, or None."""
        del size, real_size

    def draw(self, context: PolicyContext) -> Generator[Step, None, Data]:
        """Return D_n: by default M_n points of model n."""
        return (yield from context.draw_from_model(context.sizes()))

    @abstractmethod
    def train(self, context: PolicyContext, drawn: Data) -> Data:
        """Return T_n, where `drawn` is D_n."""
