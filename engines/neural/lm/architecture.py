"""The network of a language model: one with random weights of its own, or a pretrained one.

The tensors of its module have the names that `transformers` gives them, so that the library can
read a stored model.

References
----------
.. [1] S. Zhang et al., "OPT: Open Pre-trained Transformer Language Models", 2022,
   arXiv:2205.01068 (the architecture; normal weights of sd 0.02, biases 0).
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from engines.arrays import Arrays
from engines.external.hub import read_pretrained
from engines.external.libraries import torch, transformers
from engines.neural.memory import to_array

WEIGHT_SD = 0.02
"""Sd of the weights that training starts with [1]."""
RESIDUAL = ("dropout", "hidden_dropout", "hidden_dropout_prob", "resid_pdrop", "embd_pdrop")
"""Keys of configurations for the dropout after a layer; other dropout is set to 0."""


@dataclass(frozen=True)
class OwnArchitecture:
    """OPT's architecture with random weights.

    Attributes
    ----------
    vocabulary, hidden, layers, heads, positions : int
        `hidden` is the width, `positions` the most tokens that it reads at once.
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
        """Number of weights: embeddings (shared with the output), layers, last norm."""
        tokens = (self.vocabulary + self.positions + 2) * self.hidden
        layer = 12 * self.hidden**2 + 13 * self.hidden
        return tokens + self.layers * layer + 2 * self.hidden

    def module(self) -> Any:
        """Return a module on the CPU, in evaluation mode; its weights are not set yet."""
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
            # A padding token's row of the embedding would never be trained.
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
        """Return the weights that training starts from: normal of sd 0.02, norms 1, biases 0."""
        weights: Arrays = {}
        for name, shape in _shapes(self):
            if name.endswith("bias"):
                weights[name] = np.zeros(shape, dtype=np.float32)
            elif "layer_norm" in name:
                weights[name] = np.ones(shape, dtype=np.float32)
            else:
                normals = generator.standard_normal(shape, dtype=np.float32)
                weights[name] = normals * np.float32(WEIGHT_SD)
        return weights


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
        return _read_config(self.name, self.gguf)

    @property
    def hidden(self) -> int:
        """Width of the network."""
        return int(self._config.hidden_size)

    @property
    def layers(self) -> int:
        """Number of attention layers."""
        return int(self._config.num_hidden_layers)

    @property
    def vocabulary(self) -> int:
        """Number of tokens that it can write."""
        return int(self._config.vocab_size)

    @property
    def positions(self) -> int:
        """Most tokens that it reads at once."""
        return int(getattr(self._config, "max_position_embeddings", 1 << 30))

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return _parameter_count(self.name, self.gguf)

    def module(self) -> Any:
        """Return a module on the CPU, in evaluation mode, with the pretrained weights."""
        return deepcopy(_read(self))

    def start(self, generator: np.random.Generator | None = None) -> Arrays:
        """Return the weights that training starts from: the pretrained ones, by name, float32."""
        del generator
        return weight_arrays(_read(self))


Architecture = OwnArchitecture | PretrainedArchitecture
"""A causal language model: small and hashable, its module is built where it is needed."""


def weight_arrays(module: Any) -> Arrays:
    """Return copies of a module's weights by name; shared ones once."""
    return {name: to_array(tensor.float()) for name, tensor in module.named_parameters()}


def load_weights(module: Any, tensors: Arrays) -> None:
    """Copy weights into a module."""
    library = torch()
    with library.no_grad():
        for name, tensor in module.named_parameters():
            tensor.copy_(library.from_numpy(np.ascontiguousarray(tensors[name])))


@lru_cache(maxsize=4)
def _shapes(architecture: OwnArchitecture) -> list[tuple[str, tuple[int, ...]]]:
    """Return the names and shapes of the weights; every fit asks, and building a module is slow."""
    return [(name, tuple(it.shape)) for name, it in architecture.module().named_parameters()]


@lru_cache(maxsize=4)
def _read_config(name: str, gguf: str | None) -> Any:
    return read_pretrained("AutoConfig", name, gguf, "the model")


@lru_cache(maxsize=4)
def _parameter_count(name: str, gguf: str | None) -> int:
    with torch().device("meta"):
        module = transformers().AutoModelForCausalLM.from_config(deepcopy(_read_config(name, gguf)))
    return sum(prod(tensor.shape) for tensor in module.parameters())


@lru_cache(maxsize=1)
def _read(model: PretrainedArchitecture) -> Any:
    """Return the pretrained module; reading takes seconds, so the last one is cached."""
    config = deepcopy(_read_config(model.name, model.gguf))
    for key, value in config.to_dict().items():
        if ("drop" in key) and isinstance(value, float | int) and not isinstance(value, bool):
            setattr(config, key, model.dropout if key in RESIDUAL else 0.0)
    settings = {"config": config, "dtype": torch().float32}
    return read_pretrained(
        "AutoModelForCausalLM", model.name, model.gguf, "the model", **settings
    ).eval()
