"""Base classes of engines and sources: the methods to implement."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from engines.arrays import Arrays, BoolArray, IntArray, equal_sizes
from engines.config import Config, Phrase
from engines.cost import CALL, DRAW, MATRIX, PRODUCT, TOUCH, Cost, Load
from engines.data import Data, Form
from engines.laws.law import Law
from engines.runtime.step import Step
from engines.situation import Situation
from engines.streams import Streams

__all__ = ["Context", "EngineConfig", "Source", "Step"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a fit or a draw may use besides its data or its model.

    Attributes
    ----------
    streams : Streams
        Random streams of the model's generation.
    previous : object
        The model before this one, for fits with a warm start; None for the first model and
        for draws.
    real : Data
        D_0, for engines that need its prompts or design.
    partial : mapping of str to ndarray, or None
        The last `Step.partial` of this computation if it was killed before its end.
    source : Law or None
        p_0, for engines that need its tokenizer or its validation part.
    """

    streams: Streams
    previous: Any
    real: Data
    partial: Arrays | None = None
    source: Law | None = None

    @property
    def begun(self) -> Arrays | None:
        """`partial`, under the name that engines written for version 0.1 use."""
        return self.partial


class EngineConfig(Config):
    """A model family: a frozen configuration with methods to fit, sample and describe models.

    A model is a NamedTuple of arrays, for R replicates side by side, whose class is the class
    attribute ``model``; an engine of networks returns `engines.neural.weights.Weights` instead.
    An engine may also define ``law_parts``, a frozenset of the optional parts that its laws have
    (`engines.laws.law.Part`), and ``theory_name``, the name of the engine whose laws hold here too.

    Attributes
    ----------
    name : str
        Name in presets and files.
    kinds : tuple of str
        Kinds of data it fits: ``"real"``, ``"real-nd"``, ``"states"``, ``"tokens"`` (text), …
    fits : Form
        The form of data that `fit` takes.
    draws : tuple of Form
        The forms that `sample` returns, the cheapest first (they may depend on its keys).
    changeable : frozenset of str
        Keys that an intervention may set.
    keeps_model : bool
        Whether checkpoints keep model n, for a warm start of the next fit or for users.
    keeps_reference : bool
        Whether checkpoints keep model 1, by which metrics describe later data.
    devices : tuple of str
        Kinds of devices that it runs on: ``"cpu"``, ``"cuda"``, ``"mps"``.
    keeps_all : bool
        Whether the checkpoints of all generations are kept by default (``state.keep``), as for
        models that take long to train.
    held_by_real_data : bool
        Whether theory shows that a share of fresh real data in each generation ends the drift.
    libraries : tuple of str
        Packages beyond numpy and scipy whose version may change its numbers.
    default_metrics : mapping of str to tuple of str
        Kind of data → metrics measured where the preset names none.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    fits: ClassVar[Form]
    draws: ClassVar[tuple[Form, ...]]
    changeable: ClassVar[frozenset[str]] = frozenset()
    keeps_model: ClassVar[bool] = False
    keeps_reference: ClassVar[bool] = False
    devices: ClassVar[tuple[str, ...]] = ("cpu",)
    keeps_all: ClassVar[bool] = False
    held_by_real_data: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ()
    default_metrics: ClassVar[Mapping[str, tuple[str, ...]]]

    def minimum(self, dimension: int) -> int:
        """Return the size of the smallest data set that can be fitted."""
        return 1

    @abstractmethod
    def fit(self, data: Any, context: Context) -> Any:
        """Return the model fitted to `data`, or a generator of `Step` that returns it."""

    @abstractmethod
    def sample(self, model: Any, sizes: IntArray, form: Form, context: Context) -> Any:
        """Return `sizes` points of each replicate's model, or a generator of `Step`."""

    @abstractmethod
    def law(self, model: Any, source: Any) -> Law:
        """Return the law of the model, on the space of the source's law."""

    def refusal(self, source: Any) -> str | None:
        """Return why a source of the right kind cannot be fitted, or None if it can."""
        del source

    def policy_refusal(self, policy: Any, sizes: IntArray) -> str | None:
        """Return why the engine cannot run under a policy with these sizes, or None if it can."""
        del policy, sizes

    def adapt_source(self, source: Any) -> Any:
        """Return the source as this engine needs it: itself, or wrapped in another source."""
        return source

    def initial_law(self, source: Law) -> Law:
        """Return the law of record 0: the source's, or that of a pretrained model."""
        return source

    def remarks(self, model: Any) -> dict[str, str]:
        """Return flags of the fit for the record; no key is the name of a metric."""
        return {}

    def drift(self, situation: Situation) -> str:
        """Return what each refit does to the law, with the numbers of this run, as a clause.

        It stands behind the diagnosis: "each refit adds the kernel's variance h² = 0.25".
        """
        del situation
        return ""

    def account(self, situation: Situation, *, replaces: bool) -> str:
        """Return how the present value comes about in numbers, empty where no sum says it.

        Parameters
        ----------
        situation : Situation
        replaces : bool
            Whether every generation so far has replaced the one before it, with these settings.
        """
        del situation, replaces
        return ""

    @property
    def stops_when_diverged(self) -> bool:
        """Whether a run ends at a generation in which a training diverged."""
        return False

    def divergence(self, model: Any) -> BoolArray | None:
        """Return the replicates whose training met numbers that are not finite; None: in none."""
        return None

    def weight_bytes(self, source: Any) -> int:
        """Return the bytes of one replicate's network in a checkpoint; 0 without networks."""
        return 0

    def cost(self, source: Any, load: Load) -> Cost:
        """Return what the models of all replicates take, with the copies of a step and a record.

        By default those of a law with a covariance, or with a probability for each state.
        """
        dimension, states = float(source.dimension), source.state_count
        numbers = 16 + 6 * (dimension**2 + states)
        work = DRAW * dimension**2 + TOUCH * 8 * states + 4 * PRODUCT * dimension**3
        work += MATRIX if dimension > 1 else 0.0
        return Cost(
            "the models of this run",
            8.0 * numbers * load.replicates,
            f"replicates or {source.cost.keys}",
            5 * CALL + load.replicates * work,
        )

    def model_size(self, source: Any, fitted: float) -> float:
        """Return how many numbers of one replicate's model are kept, where models are.

        Parameters
        ----------
        source : Source
        fitted : float
            Points of T_n.
        """
        del fitted
        return 2.0 + source.dimension**2 + source.dimension + source.state_count

    def law_size(self, source: Any) -> float:
        """Return at how many points the metrics look at one replicate's law: states, or nodes."""
        return source.state_count

    def device_settings(self, device: str) -> dict[str, Any]:
        """Return the keys, with values, that this device fixes before a run begins."""
        return {}

    def on_device(self, device: str) -> Self:
        """Return the engine that computes on a device."""
        return self

    def with_chunk_of(self, other: Any) -> Self:
        """Return the engine with the chunk size of another engine of its family."""
        return self

    def same_fit_as(self, other: Any) -> bool:
        """Return whether its fits equal those of an engine with other chunks to the last bit."""
        return True


class Source(ABC):
    """Where real data come from: it stands in the place of model 0.

    Attributes
    ----------
    name : str
    kind : str
        Kind of data: ``"real"``, ``"real-nd"``, ``"states"``, ``"tokens"``, …
    draws : tuple of Form
        The forms that it can draw, the cheapest first.
    """

    name: ClassVar[str]
    kind: ClassVar[str]
    draws: ClassVar[tuple[Form, ...]]

    @property
    def phrase(self) -> Phrase:
        """What the real data are, in words."""
        return Phrase(self.name, self.name)

    @property
    def dimension(self) -> int:
        """Dimension of a point (1 for states)."""
        return 1

    @property
    def state_count(self) -> int:
        """Number of states K; 1 for data that are no states."""
        return 1

    @property
    def cost(self) -> Cost:
        """What its law takes, asked before the law is made."""
        numbers = self.state_count + self.dimension
        return Cost("the states of this run", 64.0 * numbers, "the size of the source")

    @property
    def natural_size(self) -> int | None:
        """Size of D_0 that the source itself determines (a file), or None."""
        return None

    @property
    def files(self) -> tuple[Path, ...]:
        """The user's own files that it reads."""
        return ()

    @property
    def content(self) -> str:
        """What was read of them, as a phrase; empty where nothing is."""
        return ""

    @property
    @abstractmethod
    def redraws(self) -> bool:
        """Whether each replicate has its own D_0."""

    @abstractmethod
    def law(self) -> Law:
        """Return the law p_0, with one replicate."""

    @abstractmethod
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return fresh points of p_0, `sizes` for each replicate."""

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0: one draw for each replicate, or one that all share.

        Parameters
        ----------
        size : int
            M_0.
        replicates : int
            R.
        form : Form
        streams : Streams
            Streams of generation 0.
        """
        drawn = replicates if self.redraws else 1
        data = self.draw_real(equal_sizes(size, drawn), form, streams)
        return data if self.redraws else data.repeat(replicates)

    def draw_real(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return D_0 of each replicate, all of one size: by default fresh points."""
        return self.sample(sizes, form, streams)
