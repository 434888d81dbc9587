"""The protocols of engines and sources: what a new one must define."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from engines.arrays import Arrays, IntArray
from engines.config import Config
from engines.data import Data, Form
from engines.laws.law import Law
from engines.runtime.step import Step
from engines.streams import Streams

__all__ = ["Context", "Engine", "EngineConfig", "Source", "Step"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a fit or a draw may use besides its data or its model.

    Attributes
    ----------
    streams : Streams
        Streams of the generation of the model.
    previous : object
        The model before, for fits with a warm start; None for the first, and for draws.
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


class Engine(Protocol):
    """A model family: a frozen configuration and three verbs over plain-data models.

    One more it may have: ``law_parts``, a frozenset of what its laws have beyond their kind
    (`engines.laws.Part`).

    Attributes
    ----------
    name : str
        Name in presets and files.
    kinds : tuple of str
        Kinds of data it fits: ``"real"``, ``"real-nd"``, ``"states"``, ``"tokens"`` (text), …
    fits : Form
        The form of data that `fit` takes.
    draws : tuple of Form
        The forms that `sample` gives, the cheapest first (they may depend on its keys).
    changeable : frozenset of str
        Keys that an intervention may set.
    keeps_model : bool
        Whether a checkpoint keeps model n: the next fit needs it (warm start), or users do.
    keeps_reference : bool
        Whether model 1 is kept throughout: metrics look at later data by it.
    devices : tuple of str
        Kinds of devices that it runs on: ``"cpu"``, ``"cuda"``, ``"mps"``.
    keeps_all : bool
        Whether the checkpoints of all generations stay unless ``state.keep`` says otherwise:
        models that took long to train.
    libraries : tuple of str
        Packages beyond numpy and scipy whose version may change its numbers.
    default_metrics : mapping of str to tuple of str
        Kind of data → metrics measured where the preset names none.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    fits: ClassVar[Form]
    draws: ClassVar[tuple[Form, ...]]
    changeable: ClassVar[frozenset[str]]
    keeps_model: ClassVar[bool]
    keeps_reference: ClassVar[bool]
    devices: ClassVar[tuple[str, ...]]
    keeps_all: ClassVar[bool]
    libraries: ClassVar[tuple[str, ...]]
    default_metrics: ClassVar[Mapping[str, tuple[str, ...]]]

    def refusal(self, source: Law) -> str | None:
        """Return why a source of the right kind cannot be fitted, or None."""
        ...

    def policy_refusal(self, policy: Any, sizes: IntArray) -> str | None:
        """Return why the engine cannot run under a policy with these sizes, or None."""
        ...

    def minimum(self, dimension: int) -> int:
        """Return the smallest data set that can be fitted."""
        ...

    def adapt_source(self, source: Any) -> Any:
        """Return the source as this engine reads it: the source itself, or a wrapped one."""
        ...

    def device_settings(self, device: str) -> dict[str, Any]:
        """Return keys of its own to fix before a run on this device begins."""
        ...

    def weight_bytes(self, source: Any) -> int:
        """Return what one replicate's network takes in a checkpoint; 0 where there is none."""
        ...

    def on_device(self, device: str) -> Self:
        """Return the engine that computes on a device."""
        ...

    def with_chunk_of(self, other: Any) -> Self:
        """Return the engine with as much computed at once as by another of its family."""
        ...

    def same_fit_as(self, other: Any) -> bool:
        """Return whether it fits to the last digit as it did in another's chunks."""
        ...

    def fit(self, data: Any, context: Context) -> Any:
        """Return the model fitted on `data` (or a generator of `Step` that returns it)."""
        ...

    def sample(self, model: Any, sizes: IntArray, form: Form, context: Context) -> Any:
        """Return `sizes` points of each replicate's model (or a generator of `Step`)."""
        ...

    def law(self, model: Any, source: Law) -> Law:
        """Return the law of the model, on the space of the source's law."""
        ...

    def remarks(self, model: Any) -> dict[str, str]:
        """Return events of the fit for the record's flags; no key is a metric's name."""
        ...

    def initial_law(self, source: Law) -> Law:
        """Return the law that record 0 describes: the source's, or that of a pretrained model."""
        ...


class Source(Protocol):
    """What is real: it stands where model 0 would.

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
    def dimension(self) -> int:
        """Dimension of a point (1 for states)."""
        ...

    @property
    def natural_size(self) -> int | None:
        """Size of D_0 where the source has one of its own (a file)."""
        ...

    @property
    def redraws(self) -> bool:
        """Whether each replicate has a D_0 of its own."""
        ...

    def law(self) -> Law:
        """Return the law p_0, with one replicate."""
        ...

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0 for `replicates`, shared or not."""
        ...

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return fresh points of p_0, `sizes` for each replicate."""
        ...


class EngineConfig(Config):
    """Base of the engines: what most of them answer alike."""

    keeps_reference: ClassVar[bool] = False
    devices: ClassVar[tuple[str, ...]] = ("cpu",)
    keeps_all: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ()

    def adapt_source(self, source: Any) -> Any:
        """Return the source as it is."""
        return source

    def device_settings(self, device: str) -> dict[str, Any]:
        """Return nothing: no key depends on the device."""
        del device
        return {}

    def weight_bytes(self, source: Any) -> int:
        """Return 0: its models are small."""
        del source
        return 0

    def on_device(self, device: str) -> Self:
        """Return the engine itself: it computes on the CPU."""
        del device
        return self

    def remarks(self, model: Any) -> dict[str, str]:
        """Return nothing: the fit was as any other."""
        del model
        return {}

    def with_chunk_of(self, other: Any) -> Self:
        """Return the engine itself: the memory of a device is no matter to it."""
        del other
        return self

    def same_fit_as(self, other: Any) -> bool:
        """Return True: it fits without chunks."""
        del other
        return True

    def initial_law(self, source: Law) -> Law:
        """Return the source's law: before the first fit there is no model."""
        return source

    def refusal(self, source: Law) -> str | None:
        """Return None: any source of its kinds can be fitted."""
        del source

    def policy_refusal(self, policy: Any, sizes: IntArray) -> str | None:
        """Return None: every policy will do."""
        del policy, sizes
