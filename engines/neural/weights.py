"""Networks as plain arrays, as a run folder stores them.

The tensors have the names that their library gives them, so that a stored model can be read
by it without this program. Names below ``weights/`` stand for themselves wherever they are
used: a model that is also a reference or an earlier law is stored once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engines.arrays import Arrays, FloatArray
from engines.runtime.array_names import ABSOLUTE, select_prefix


@dataclass(frozen=True, eq=False)
class Weights:
    """The networks of R replicates.

    Attributes
    ----------
    generation : int
        n, where they are model n: with the replicate it names their file.
    tensors : tuple of dict of str to ndarray
        Of each replicate, by name.
    facts : dict of str to ndarray, shape (R,)
        Numbers of the fit for the record, such as its last loss.
    modules : dict
        Modules made from the tensors, by device and replicate; never stored.
    """

    generation: int
    tensors: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, FloatArray] = field(default_factory=dict[str, FloatArray])
    modules: dict[Any, Any] = field(default_factory=dict[Any, Any], repr=False)

    def module(self, replicate: int, device: str, build: Callable[[Mapping[str, Any]], Any]) -> Any:
        """Return a replicate's module on a device; it is built of its tensors on the first call.

        Parameters
        ----------
        replicate : int
        device : str
            A single one.
        build : callable
            Tensors by name → module.
        """
        if (device, replicate) not in self.modules:
            self.modules[device, replicate] = build(self.tensors[replicate])
        return self.modules[device, replicate]

    def arrays(self) -> Arrays:
        """Return all arrays by name, each tensor as ``weights/<generation>-<replicate>/<name>``."""
        found: Arrays = {
            f"{ABSOLUTE}{self.generation:06d}-{replicate}/{name}": array
            for replicate, tensors in enumerate(self.tensors)
            for name, array in tensors.items()
        }
        shape = np.array([self.generation, len(self.tensors)], dtype=np.int64)
        return found | {"networks": shape} | dict(self.facts)

    @classmethod
    def restore(cls, arrays: Mapping[str, Any]) -> "Weights":
        """Return the networks whose arrays these are."""
        facts = {name: a for name, a in arrays.items() if not name.startswith(ABSOLUTE)}
        generation, replicates = (int(number) for number in facts.pop("networks"))
        tensors = tuple(
            select_prefix(f"{ABSOLUTE}{generation:06d}-{replicate}", arrays)
            for replicate in range(replicates)
        )
        return cls(generation, tensors, facts)


def model_arrays(model: Any) -> Arrays:
    """Return the arrays that a checkpoint stores of a model: networks, or a NamedTuple."""
    return model.arrays() if isinstance(model, Weights) else model._asdict()


def model_of(engine: Any, arrays: Mapping[str, Any]) -> Any:
    """Return the model whose arrays these are."""
    if "networks" in arrays:
        return Weights.restore(arrays)
    own = {name: a for name, a in arrays.items() if not name.startswith(ABSOLUTE)}
    return engine.model(**own)
