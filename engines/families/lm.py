"""The language model engine: a causal transformer, trained on what the one before it wrote.

Each generation starts from the same pretrained weights, or from random weights of its own. The
next data are continuations of the real text: after each block of D_0, as many new tokens.

References
----------
.. [1] I. Shumailov, Z. Shumaylov, Y. Zhao, Y. Gal, N. Papernot, R. Anderson, "The Curse of
   Recursion: Training on Generated Data Makes Models Forget", 2023, arXiv:2305.17493, section 5,
   Figs 10, 11, 14 and 15 (OPT-125m on wikitext-2).
.. [2] Y. Guo et al., "The Curious Decline of Linguistic Diversity", 2023, arXiv:2311.09807.
.. [3] S. Zhang et al., "OPT: Open Pre-trained Transformer Language Models", 2022,
   arXiv:2205.01068.
"""

from collections.abc import Generator
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import Arrays, IntArray
from engines.base import Context
from engines.config import Phrase, Positive, Real, Share, Size, Words, plural
from engines.cost import PRODUCT, Cost, Load
from engines.data import Blocks, Data, Form
from engines.external.hub import Download, model_download
from engines.families.lm_jobs import TrainingJob, WritingJob, choose_prompts
from engines.families.network import (
    WHEN_DIVERGED,
    NetworkConfig,
    OnDivergence,
    collect_weights,
)
from engines.laws.blocks import BlocksLaw
from engines.laws.language import LanguageLaw
from engines.laws.law import Law
from engines.neural.lm.architecture import Architecture, OwnArchitecture, PretrainedArchitecture
from engines.neural.lm.decoding import Decoding
from engines.neural.lm.placement import CPU_CHUNK, largest_chunk
from engines.neural.lm.scoring import SCORED_AT_ONCE
from engines.neural.lm.training import LanguagePlan
from engines.neural.weights import Weights
from engines.runtime.step import Step, map_steps
from engines.situation import Situation
from engines.sources.blocks import BlocksSource
from engines.sources.text import TextSource
from engines.sources.tokenizers import BYTES, NewTokenizer, PretrainedTokenizer

LAYER_SECONDS = 1e-3
"""For estimates of time: what a layer takes, however few blocks it reads at once."""
OWN = ("hidden", "layers", "heads", "vocabulary")
"""Keys that size a network without pretrained weights."""


class LanguageModel(NetworkConfig):
    """Train a causal language model on blocks of tokens, replicate after replicate."""

    name = "lm"
    kinds = ("text",)
    fits = Form.BLOCKS
    draws = (Form.BLOCKS,)
    changeable = frozenset(
        {
            "batch", "beams", "best", "chunk", "decoding", "dropout", "epochs", "learning_rate",
            "on_divergence", "repetition_penalty", "temperature", "top_k", "top_p", "weight_decay",
        }
    )  # fmt: skip
    keeps_all = True
    libraries = ("torch", "transformers", "tokenizers")
    default_metrics: ClassVar = {
        "text": (
            "perplexity", "perplexity_as_published", "reference_perplexity", "reference_tail",
            "ttr", "distinct_n", "self_bleu", "repetition_rate", "vocabulary_alive",
        ),
    }  # fmt: skip

    setting_words: ClassVar = {
        "temperature": Words("T", "temperature", "temperature of sampling", 3),
        "decoding": Words("", "decoding", "how the next data are written", 4),
        "top_p": Words("p", "top-p", "probability drawn among", 5),
        "top_k": Words("k", "top-k", "tokens drawn among, 0 all", 6),
        "repetition_penalty": Words("", "repetition", "penalty of repeated tokens", 7),
        "beams": Words("", "beams", "beams of beam search", 8),
        "epochs": Words("", "epochs", "passes through the data", 9),
        "learning_rate": Words("η", "learning rate", "learning rate of AdamW", 10),
        "batch": Words("B", "batch", "blocks of a training step", 11),
        "dropout": Words("", "dropout", "activations dropped", 12),
        "weight_decay": Words("", "weight decay", "weight decay of AdamW", 13),
        "best": Words("", "best epoch", "keep the epoch of least loss", 14),
        "chunk": Words("", "chunk", "blocks computed at once", 20),
        "on_divergence": Words("", "divergence", "when training diverges", 21),
    }

    model: str | None = Field(
        default=None,
        description="a pretrained causal model: owner/name in the Hugging Face cache, or the path"
        " of a folder; default: OPT's architecture from random weights",
    )
    gguf: str | None = Field(default=None, description="name of the model's GGUF file")
    architecture: Literal["opt"] = Field(default="opt", description="of a model of its own")
    hidden: Size = Field(default=64, le=16_384, description="width of a model of its own")
    layers: Size = Field(default=2, le=256, description="layers of a model of its own")
    heads: Size = Field(default=4, description="attention heads of a model of its own")
    vocabulary: Size = Field(
        default=512, gt=BYTES, description="most tokens of a tokenizer of its own"
    )
    block: Size = Field(default=64, ge=2, description="tokens of a block")
    epochs: Size = Field(default=5, description="times that training goes through the data")
    batch: Size = Field(default=16, description="blocks of a training step")
    learning_rate: Positive = Field(default=2e-5, description="of AdamW")
    weight_decay: Real = Field(default=0.0, ge=0, description="of AdamW")
    dropout: Share = Field(default=0.0, lt=1, description="share of activations dropped")
    best: bool = Field(
        default=True,
        description="keep the epoch of least loss on the validation part, where there is one",
    )
    decoding: Literal["beam", "greedy", "sample"] = Field(
        default="sample", description="how the next data are written"
    )
    beams: Size = Field(default=5, le=64, description="beams of decoding 'beam'")
    temperature: Positive = Field(default=1.0, description="of decoding 'sample'")
    top_k: int = Field(default=0, ge=0, description="tokens drawn among; 0: all")
    top_p: Share = Field(default=1.0, gt=0, description="probability drawn among; 1: all")
    repetition_penalty: Positive = Field(
        default=1.0, description="divides the scores of tokens that occurred; 1: none"
    )
    chunk: Size | None = Field(
        default=None, description="blocks computed at once; default: what the device holds"
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto", description="of large products; auto: bfloat16 on CUDA"
    )
    on_divergence: OnDivergence = Field(default="stop", description=WHEN_DIVERGED)

    @model_validator(mode="after")
    def _is_one_network(self) -> Self:
        if self.model is None:
            if self.gguf is not None:
                raise ValueError("gguf names a file of a model's folder: give model too")
            if self.hidden % self.heads:
                raise ValueError(
                    f"hidden must be a multiple of heads, got {self.hidden} and {self.heads}"
                )
            return self
        for key in OWN:
            if getattr(self, key) != type(self).model_fields[key].default:
                raise ValueError(
                    f"{key} sizes a model without pretrained weights: leave out either it or model"
                )
        return self

    @property
    @override
    def phrase(self) -> Phrase:
        epochs = plural(self.epochs, "epoch")
        if self.model is None:
            width = f"{plural(self.layers, 'layer')} of {self.hidden}"
            return Phrase("small OPT", f"OPT from scratch, {width}, {epochs}")
        name = self.model.rstrip("/").rpartition("/")[2]
        return Phrase(name[:24], f"{name}, fine-tuned, {epochs}")

    @override
    def drift(self, situation: Situation) -> str:
        del situation
        if self.decoding == "beam":
            return f"decoding with {self.beams} beams writes what is most probable"
        if self.decoding == "greedy":
            return "greedy decoding writes the most probable word each time"
        if self.temperature < 1 or self.top_k > 0 or self.top_p < 1:
            return "decoding prefers probable words, so that rare ones are seldom written"
        return "each model is trained on what the one before it has written"

    @property
    def downloads(self) -> tuple[Download, ...]:
        """Downloads that it needs."""
        local = self.model is None or self.model.startswith(("/", ".", "~"))
        return () if self.model is None or local else (model_download(self.model),)

    @override
    def adapt_source(self, source: Any) -> Any:
        if not isinstance(source, TextSource):
            return source
        if self.model is None:
            return BlocksSource(source, NewTokenizer(self.vocabulary), self.block)
        return BlocksSource(source, PretrainedTokenizer(self.model, self.gguf), self.block)

    def transformer(self, vocabulary: int, end: int | None = None) -> Architecture:
        """Return the network for so many tokens; a pretrained model has its own.

        Parameters
        ----------
        vocabulary : int
        end : int or None
            Token that ends a text.
        """
        if self.model is not None:
            return PretrainedArchitecture(self.model, self.gguf, self.dropout)
        sizes = (self.hidden, self.layers, self.heads)
        return OwnArchitecture(vocabulary, *sizes, 2 * self.block, end, self.dropout)

    @override
    def device_settings(self, device: str) -> dict[str, Any]:
        if self.chunk is not None:
            return {}
        network = self.transformer(self.vocabulary)
        beams = self.decoding_rule.width
        return {"chunk": largest_chunk(network, self.block, beams, self.batch, device)}

    @override
    def weight_bytes(self, source: Any) -> int:
        return 4 * self.transformer(source.law().vocabulary).parameters

    @override
    def cost(self, source: Any, load: Load) -> Cost:
        """Return what the networks take, one of them in training, and one block at once.

        More blocks at once are what the device has room for.
        """
        vocabulary = source.law().vocabulary
        network, length = self.transformer(vocabulary), float(self.block)
        # a pretrained network is counted by its sizes too: to build it takes seconds
        weights = network.hidden * (12.0 * network.layers * network.hidden + vocabulary + length)
        scores = getattr(network, "heads", 1) * network.layers * length**2
        activations = length * (6 * vocabulary + 40 * network.layers * network.hidden) + scores
        beams = self.decoding_rule.width
        held = beams * (8 * length * network.layers * network.hidden + 6 * vocabulary)
        batches = self.epochs * -(-load.fitted // self.batch)
        chunks = -(-load.drawn // (self.chunk or CPU_CHUNK))
        tokens = length * (3 * self.epochs * load.fitted + (1 + beams) * load.drawn)
        calls = network.layers * (3 * batches + length * chunks)
        return Cost(
            "the networks of this run",
            4 * (weights * (3.0 * load.replicates + 5) + max(activations, held)),
            "engine.hidden, engine.layers, engine.block, engine.beams or replicates",
            load.replicates * (PRODUCT * weights * tokens + LAYER_SECONDS * calls),
        )

    @override
    def model_size(self, source: Any, fitted: float) -> float:
        return self.weight_bytes(source) / 8

    @override
    def refusal(self, source: BlocksLaw) -> str | None:
        network = self.transformer(source.vocabulary)
        if network.positions < 2 * self.block:
            return (
                f"reads a block and writes another, {2 * self.block} tokens, but the model"
                f" {self.model!r} reads at most {network.positions}: lower engine.block"
            )
        if network.vocabulary < source.vocabulary:
            return (
                f"knows {network.vocabulary:,} tokens, fewer than the {source.vocabulary:,} of its"
                " tokenizer: the model's folder mixes two models"
            )
        return None

    @property
    def decoding_rule(self) -> Decoding:
        """Settings of its decoding."""
        warping = (self.temperature, self.top_k, self.top_p, self.repetition_penalty)
        return Decoding(self.decoding, self.beams, *warping)

    @property
    def plan(self) -> LanguagePlan:
        """Settings of its training."""
        keys = {"epochs", "batch", "learning_rate", "weight_decay", "best", "precision"}
        chunks: dict[str, Any] = {"chunk": self.training_chunk, "scoring_chunk": self.scoring_chunk}
        return LanguagePlan(**self.model_dump(include=keys), **chunks)

    @property
    @override
    def training_chunk(self) -> int:
        return min(self.chunk or CPU_CHUNK, self.batch)

    @property
    def scoring_chunk(self) -> int:
        """Most blocks whose probabilities are computed at once."""
        return min(self.chunk or CPU_CHUNK, SCORED_AT_ONCE)

    @override
    def same_fit_as(self, other: Any) -> bool:
        # The best epoch is found by scores.
        return super().same_fit_as(other) and self.scoring_chunk == other.scoring_chunk

    def fit(self, data: Blocks, context: Context) -> Generator[Step, None, Weights]:
        """Return the networks, trained one replicate after the other on each device.

        Yields
        ------
        Step
            After each step of the optimizer; after an epoch with its `partial`: the replicates
            that are done, and weights and moments of those in training.
        """
        text: Any = context.source
        network = self.transformer(text.vocabulary, text.tokenizer.end)
        modules: dict[Any, Any] = {}
        jobs = [
            TrainingJob(network, self.plan, blocks, text.validation, context.streams, r, modules)
            for r, blocks in enumerate(data.by_replicate)
        ]
        trained = yield from _scale(self.run_replicates(jobs, context), 0.0)
        names = ("loss", "best_epoch", "validation_loss")
        weights = collect_weights(context.streams.generation, trained, "score", names)
        return replace(weights, modules=modules)

    @override
    def remarks(self, model: Weights) -> dict[str, str]:
        epochs = model.facts["best_epoch"]
        early = int(((epochs > 0) & (epochs < self.epochs)).sum())
        if not early:
            return super().remarks(model)
        return super().remarks(model) | {
            "training": f"an epoch before the last was best in {early} of {len(epochs)}"
        }

    def sample(
        self, model: Weights, sizes: IntArray, form: Form, context: Context
    ) -> Generator[Step, None, Data]:
        """Return the continuations that each replicate's model writes of so many blocks of D_0.

        The prompts are all blocks of D_0 in turn, or evenly spaced ones if fewer are needed.

        Yields
        ------
        Step
            After each chunk, with its `partial`: the blocks so far.
        """
        text: Any = context.source
        law = self.law(model, text)
        jobs = [
            WritingJob(law, prompts, self.chunk or CPU_CHUNK, context.streams, replicate)
            for replicate, prompts in enumerate(choose_prompts(context.real, sizes))
        ]
        written = yield from _scale(self.run_replicates(jobs, context), 0.5)
        return Blocks(np.concatenate([one["values"] for one in written]), sizes)

    def law(self, model: Weights, source: BlocksLaw) -> LanguageLaw:
        """Return the law of the model: the probabilities of blocks."""
        network = self.transformer(source.vocabulary, source.tokenizer.end)
        computing = (self.batch, self.scoring_chunk, self.precision, self._device)
        return LanguageLaw(model, network, source, self.decoding_rule, *computing)

    @override
    def initial_law(self, source: Any) -> Law:
        if self.model is None:
            return source
        start = PretrainedArchitecture(self.model, self.gguf, self.dropout).start()
        return self.law(Weights(0, (start,)), source)


def _scale(
    steps: Generator[Step, None, list[Arrays]], first: float
) -> Generator[Step, None, list[Arrays]]:
    """Yield steps as half of a generation that begins at the fraction `first`."""
    return (
        yield from map_steps(steps, lambda step: replace(step, fraction=first + step.fraction / 2))
    )
