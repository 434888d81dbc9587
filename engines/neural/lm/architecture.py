"""Which network a language model is: one of its own, or one that comes with weights.

An architecture is small and hashable. The tensors of its module have the names that `transformers`
gives them, so that the library can read a stored model.

References
----------
.. [1] S. Zhang et al., "OPT: Open Pre-trained Transformer Language Models", 2022,
   arXiv:2205.01068 (the architecture; normal weights of sd 0.02, biases 0).
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any, Protocol

import numpy as np

from engines.arrays import Arrays
from engines.external.hub import read_model
from engines.external.libraries import torch, transformers

WEIGHT_SD = 0.02
"""Sd of the weights that training starts with [1]."""
RESIDUAL = ("dropout", "hidden_dropout", "hidden_dropout_prob", "resid_pdrop", "embd_pdrop")
"""Names that configurations have for the dropout of what a layer adds; all others are put to 0."""


class Architecture(Protocol):
    """A causal language model."""

    @property
    def hidden(self) -> int:
        """Numbers that stand for a token within the network."""
        ...

    @property
    def layers(self) -> int:
        """Layers of attention."""
        ...

    @property
    def vocabulary(self) -> int:
        """Tokens that it can write."""
        ...

    @property
    def positions(self) -> int:
        """Most tokens that it reads at once."""
        ...

    @property
    def parameters(self) -> int:
        """Numbers of its weights."""
        ...

    def module(self) -> Any:
        """Return a module on the CPU, in evaluation mode; its weights are to be filled in."""
        ...

    def start(self, generator: np.random.Generator) -> Arrays:
        """Return the weights that training starts from, by name, float32."""
        ...


@dataclass(frozen=True)
class OwnArchitecture:
    """OPT's architecture with random weights.

    Attributes
    ----------
    vocabulary, hidden, layers, heads, positions : int
    end : int or None
        Token that ends a text.
    dropout : float
    """

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    positions: int
    end: int | None
    dropout: float

    @property
    def parameters(self) -> int:
        """Numbers of its weights: embeddings (shared with the output), layers, last norm."""
        tokens = (self.vocabulary + self.positions + 2) * self.hidden
        layer = 12 * self.hidden**2 + 13 * self.hidden
        return tokens + self.layers * layer + 2 * self.hidden

    def module(self) -> Any:
        """Return a module on the CPU, in evaluation mode; its weights are to be filled in."""
        config = transformers().OPTConfig(
            vocab_size=self.vocabulary,
            hidden_size=self.hidden,
            word_embed_proj_dim=self.hidden,
            ffn_dim=4 * self.hidden,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            max_position_embeddings=self.positions,
            dropout=self.dropout,
            attention_dropout=0.0,
            # Its row of the embedding would never be trained.
            pad_token_id=None,
            bos_token_id=None,
            eos_token_id=self.end,
        )
        # On "meta" nothing is drawn: the library would use the process's own generator.
        with torch().device("meta"):
            module = transformers().OPTForCausalLM(config)
        module = module.to_empty(device="cpu")
        module.tie_weights()
        return module.eval()

    def start(self, generator: np.random.Generator) -> Arrays:
        """Return random weights: normal of sd 0.02, norms 1, biases 0."""
        shapes = {
            name: tuple(tensor.shape) for name, tensor in self.module().named_parameters()
        }  # fmt: skip
        found: Arrays = {}
        for name, shape in shapes.items():
            if name.endswith("bias"):
                found[name] = np.zeros(shape, dtype=np.float32)
            elif "layer_norm" in name:
                found[name] = np.ones(shape, dtype=np.float32)
            else:
                drawn = generator.standard_normal(shape, dtype=np.float32)
                found[name] = drawn * np.float32(WEIGHT_SD)
        return found


@dataclass(frozen=True)
class PretrainedArchitecture:
    """A model on this machine, any causal one that `transformers` reads.

    Attributes
    ----------
    name : str
        Path of a folder, or ``owner/name`` in the Hugging Face cache.
    gguf : str or None
        Name of the GGUF file in that folder, where it is one.
    dropout : float
    """

    name: str
    gguf: str | None
    dropout: float

    @property
    def _config(self) -> Any:
        return _config(self.name, self.gguf)

    @property
    def hidden(self) -> int:
        """Numbers that stand for a token within the network."""
        return int(self._config.hidden_size)

    @property
    def layers(self) -> int:
        """Layers of attention."""
        return int(self._config.num_hidden_layers)

    @property
    def vocabulary(self) -> int:
        """Tokens that it can write."""
        return int(self._config.vocab_size)

    @property
    def positions(self) -> int:
        """Most tokens that it reads at once."""
        return int(getattr(self._config, "max_position_embeddings", 1 << 30))

    @property
    def parameters(self) -> int:
        """Numbers of its weights."""
        return _counted(self.name, self.gguf)

    def module(self) -> Any:
        """Return a module on the CPU, in evaluation mode, with the weights that it comes with."""
        return deepcopy(_read(self))

    def start(self, generator: np.random.Generator) -> Arrays:
        """Return the weights that it comes with; nothing is drawn."""
        del generator
        return self.pretrained_weights()

    def pretrained_weights(self) -> Arrays:
        """Return the weights that it comes with, by name, float32."""
        return weight_arrays(_read(self))


def weight_arrays(module: Any) -> Arrays:
    """Return copies of a module's weights by name; shared ones once."""
    return {
        name: tensor.detach().float().cpu().numpy().copy()
        for name, tensor in module.named_parameters()
    }


def load_weights(module: Any, tensors: Arrays) -> None:
    """Write weights into a module."""
    library = torch()
    with library.no_grad():
        for name, tensor in module.named_parameters():
            tensor.copy_(library.from_numpy(np.ascontiguousarray(tensors[name])))


@lru_cache(maxsize=4)
def _config(name: str, gguf: str | None) -> Any:
    more = {} if gguf is None else {"gguf_file": gguf}
    return read_model(
        name,
        f"the model {name!r}",
        lambda folder: transformers().AutoConfig.from_pretrained(
            folder, local_files_only=True, **more
        ),
    )


@lru_cache(maxsize=4)
def _counted(name: str, gguf: str | None) -> int:
    with torch().device("meta"):
        module = transformers().AutoModelForCausalLM.from_config(deepcopy(_config(name, gguf)))
    return sum(prod(tensor.shape) for tensor in module.parameters())


@lru_cache(maxsize=1)
def _read(stored: PretrainedArchitecture) -> Any:
    """Return the model as it comes; reading takes seconds, so the last one is kept."""
    config = deepcopy(_config(stored.name, stored.gguf))
    for key, value in config.to_dict().items():
        if ("drop" in key) and isinstance(value, float | int) and not isinstance(value, bool):
            setattr(config, key, stored.dropout if key in RESIDUAL else 0.0)
    more = {} if stored.gguf is None else {"gguf_file": stored.gguf}
    return read_model(
        stored.name,
        f"the model {stored.name!r}",
        lambda folder: transformers().AutoModelForCausalLM.from_pretrained(
            folder, config=config, dtype=torch().float32, local_files_only=True, **more
        ),
    ).eval()
