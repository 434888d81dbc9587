"""What a policy is given, and what it answers."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from engines.arrays import Arrays, IntArray, equal_sizes
from engines.base import Context, Engine, Source
from engines.config import Config
from engines.data import FORMS, Data, Form
from engines.data.pool import Pool
from engines.laws.law import Law
from engines.runtime.journal import Journal
from engines.runtime.step import Step
from engines.streams import REAL, Streams


@dataclass(frozen=True, slots=True)
class Needs:
    """What a policy must find besides the model.

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
        """Return what either needs."""
        return Needs(
            self.subsets or other.subsets,
            self.union or other.union,
            self.pool or other.pool,
            self.past or other.past,
        )

    def covers(self, other: "Needs") -> bool:
        """Return whether what is kept for this suffices for the other."""
        return self | other == self


@dataclass(frozen=True, slots=True)
class PastLaw:
    """p_i = α p_model + β p_{i-1} + γ p_0 of an earlier generation.

    Attributes
    ----------
    generation : int
    engine : Engine
        The configuration in force then.
    model : object
    policy : object
        The policy in force then, which gives the shares.
    """

    generation: int
    engine: Engine
    model: Any
    policy: "Policy"


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """What is at hand when T_n is formed.

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
    engine : Engine
    source : Source
    law : Law
        p_0.
    model : object
        Model n.
    streams : Streams
        Streams of generation n under the seed in force.
    real : Data
        D_0 as drawn.
    past : tuple of PastLaw
        p_1 … p_{n-1}, oldest first, where the policy needs them.
    journal : Journal
        What of this step was finished before a kill.
    """

    generation: int
    size: int
    replicates: int
    form: Form
    engine: Engine
    source: Source
    law: Law
    model: Any
    streams: Streams
    real: Data
    past: tuple[PastLaw, ...] = ()
    journal: Journal = field(default_factory=Journal)

    def full(self, *, but: int = 0) -> IntArray:
        """Return M_n for each replicate, less what comes from elsewhere, shape (R,)."""
        return equal_sizes(self.size - but, self.replicates)

    def from_model(self, sizes: IntArray) -> Generator[Step, None, Data]:
        """Draw from model n."""
        return (yield from self._drawn(self.engine, self.model, self.generation, sizes))

    def from_past(self, law: PastLaw, sizes: IntArray) -> Generator[Step, None, Data]:
        """Draw from an earlier model."""
        engine = law.engine.with_chunk_of(self.engine)
        return (yield from self._drawn(engine, law.model, law.generation, sizes))

    def _drawn(
        self, engine: Engine, model: Any, part: int, sizes: IntArray
    ) -> Generator[Step, None, Data]:
        streams = self.streams.of_part(part)

        def begin(begun: Arrays | None) -> Any:
            context = Context(streams, None, self.real, begun, self.law)
            return engine.sample(model, sizes, self.form, context)

        form = FORMS[self.form]
        return (yield from self.journal.run(f"draw/{part}", begin, form.arrays, form.restore))

    def from_real(self, sizes: IntArray) -> Data:
        """Draw fresh real data from the source."""
        return self.source.sample(sizes, self.form, self.streams.of_part(REAL))


class Policy(Protocol):
    """A rule for T_n: a frozen configuration and two verbs."""

    name: ClassVar[str]

    @property
    def needs(self) -> Needs:
        """What must be kept for it."""
        ...

    @property
    def shares(self) -> tuple[float, float, float]:
        """(α, β, γ) of p_n = α p_model + β p_{n-1} + γ p_0."""
        ...

    def engine_refusal(self, engine: Engine) -> str | None:
        """Return why the policy cannot serve an engine, or None."""
        ...

    def refusal(self, size: int, real_size: int) -> str | None:
        """Return why D_n of `size` points cannot be formed with M_0 real ones, or None."""
        ...

    def draw(self, context: PolicyContext) -> Generator[Step, None, Data]:
        """Return D_n."""
        ...

    def train(
        self, context: PolicyContext, drawn: Data, union: Data | None, pool: Pool | None
    ) -> Data:
        """Return T_n; `union` and `pool` hold D_n already."""
        ...


class PolicyConfig(Config):
    """Base of the policies: what most of them answer alike."""

    def engine_refusal(self, engine: Engine) -> str | None:
        """Return None: every engine will do."""
        del engine

    def refusal(self, size: int, real_size: int) -> str | None:
        """Return None: any sizes can be joined."""
        del size, real_size
