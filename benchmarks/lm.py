"""A generation of OPT-125m against transformers called in the plain way.

The architecture at its published size with random weights: speed does not depend on them. On a
GPU, 37,000 blocks of 64 tokens are trained on for 5 epochs and continued with 5 beams; on a CPU
a small network and few blocks, which shows that the benchmark runs and no more.

The plain way: `generate` on batches of 8 prompts, one after another, in float32. It is timed on
a part of the blocks and scaled to all.

`python -m benchmarks.lm --write` adds a row to docs/performance.md.
"""

import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figure import Figure
from engines.base import Context
from engines.data import Blocks
from engines.external.libraries import torch, transformers
from engines.families.lm import LanguageModel
from engines.laws.blocks import BlocksLaw, Tokenizer
from engines.neural.devices import accelerators
from engines.neural.lm.architecture import OwnArchitecture
from engines.runtime.step import Step
from engines.streams import Purpose, Streams

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PLAIN_BATCH = 8
EXPECTED = 5.0
"""How many times faster than the plain way the draw should be on a GPU."""


@dataclass(frozen=True)
class Size:
    """A workload.

    Attributes
    ----------
    vocabulary, hidden, layers, heads : int
    blocks : int
        Of D_0 and of the next data.
    plain : int
        Of them, those that the plain way is timed on.
    """

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    blocks: int
    plain: int


PUBLISHED = Size(50_272, 768, 12, 12, 37_000, 256)
SMALL = Size(2_000, 64, 2, 4, 128, 32)


@dataclass(frozen=True)
class GenerationTiming:
    """Seconds and memory of one generation.

    Attributes
    ----------
    training, writing, plain : float
        Seconds; the plain way scaled to all blocks.
    training_tokens, writing_tokens : float
        Tokens a second.
    peak : float
        GB of the device; of a CPU NaN.
    chunk : int
    """

    training: float
    writing: float
    plain: float
    training_tokens: float
    writing_tokens: float
    peak: float
    chunk: int


def measure(size: Size, device: str, epochs: int = 5, beams: int = 5) -> GenerationTiming:
    """Return the timing of one generation, after a small one to warm up."""
    engine = _engine(size, device, epochs, beams)
    text = _text(size)
    data = Blocks(text.blocks, np.array([len(text.blocks)]))
    few = Blocks(text.blocks[:64], np.array([64]))
    model, _ = _timed(engine.fit(few, Context(Streams(1, 1), None, few, None, text)), device)
    _timed(_drawn(engine, model, few, text), device)
    _reset(device)
    model, training = _timed(
        engine.fit(data, Context(Streams(1, 1), None, data, None, text)), device
    )
    _, writing = _timed(_drawn(engine, model, data, text), device)
    peak = _peak(device)
    plain = _plain(engine, model, text, size, beams)
    tokens = text.blocks.size
    return GenerationTiming(
        training, writing, plain, epochs * tokens / training, tokens / writing, peak,
        engine.chunk or 0,
    )  # fmt: skip


def _engine(size: Size, device: str, epochs: int, beams: int) -> LanguageModel:
    engine = LanguageModel(
        hidden=size.hidden, layers=size.layers, heads=size.heads, vocabulary=size.vocabulary,
        epochs=epochs, batch=128, decoding="beam", beams=beams, best=False, dropout=0.1,
    )  # fmt: skip
    return LanguageModel(**{**engine.model_dump(), **engine.device_settings(device)}).on_device(
        device
    )


def _text(size: Size) -> BlocksLaw:
    tokens = Streams(1, 0).of(Purpose.POINT).integers(3, size.vocabulary, (size.blocks, 64))
    # Nobody reads these blocks: the tokenizer has a size and an end, and no text.
    tokenizer = Tokenizer(size.vocabulary, 2, lambda _: [], str)
    return BlocksLaw(tokens, tokens[:0], tokens[:1], tokenizer)


def _drawn(
    engine: LanguageModel, model: Any, data: Blocks, text: BlocksLaw
) -> Generator[Step, None, Any]:
    return engine.sample(
        model, data.sizes, Blocks.form, Context(Streams(1, 1), None, data, None, text)
    )


def _timed(steps: Generator[Step, None, Any], device: str) -> tuple[Any, float]:
    started = time.perf_counter()
    try:
        while True:
            next(steps)
    except StopIteration as stop:
        if device != "cpu":
            torch().cuda.synchronize()
        return stop.value, time.perf_counter() - started


def _plain(engine: LanguageModel, model: Any, text: BlocksLaw, size: Size, beams: int) -> float:
    """Return the seconds that `generate` called plainly would take for all blocks."""
    module, device = engine.law(model, text).module(0)
    assert isinstance(engine.transformer(size.vocabulary), OwnArchitecture)  # noqa: S101 - as `_engine` made it
    module.generation_config = transformers().GenerationConfig(pad_token_id=2)
    started = time.perf_counter()
    for begin in range(0, size.plain, PLAIN_BATCH):
        rows = torch().from_numpy(text.blocks[begin : begin + PLAIN_BATCH]).to(device)
        module.generate(
            rows, attention_mask=torch().ones_like(rows), num_beams=beams, max_new_tokens=64,
            min_new_tokens=64, do_sample=False,
        ).cpu()  # fmt: skip
    return (time.perf_counter() - started) * size.blocks / size.plain


def _reset(device: str) -> None:
    if device != "cpu":
        torch().cuda.reset_peak_memory_stats()


def _peak(device: str) -> float:
    return float("nan") if device == "cpu" else torch().cuda.max_memory_allocated() / 1e9


def lines() -> tuple[GenerationTiming, Size, str]:
    """Return the timing on the fastest device that is there, the workload and the device."""
    device = "cuda:0" if "cuda:0" in accelerators() else "cpu"
    size = SMALL if device == "cpu" else PUBLISHED
    return measure(size, device), size, device


def report() -> list[Figure]:
    """Return the figures of the benchmark."""
    found, size, device = lines()
    ratio = found.plain / found.writing
    expected = f" (expected: {EXPECTED:.0f} or more)" if device != "cpu" else ""
    texts = [
        f"lm, {size.blocks:,} blocks, hidden {size.hidden}, {size.layers} layers, {_where(device)}",
        f"lm training    {found.training:8.1f} s  {found.training_tokens:10,.0f} tokens/s",
        f"lm writing     {found.writing:8.1f} s  {found.writing_tokens:10,.0f} tokens/s",
        f"lm memory      {_gigabytes(found.peak)} at its peak, {found.chunk} blocks at once",
        f"lm plain       {found.plain:8.1f} s  {ratio:.1f} times as long{expected}",
    ]
    return [Figure(text) for text in texts[:-1]] + [
        Figure(texts[-1], device == "cpu" or ratio > EXPECTED / 2)
    ]


def _gigabytes(peak: float) -> str:
    return "–" if isnan(peak) else f"{peak:.1f} GB"


def _where(device: str) -> str:
    if device == "cpu":
        return f"CPU, {torch().get_num_threads()} threads"
    return str(torch().cuda.get_device_name(device))


HEAD = """# Performance

Measured figures, with their day and hardware; `python -m benchmarks.lm --write` adds a row.

## One generation of a language model

Training for 5 epochs, writing with 5 beams, 64 new tokens after each block of 64. "Plain" is
`generate` of transformers on batches of 8 in float32. A row of a CPU is a small network and shows
no more than that all of it runs; the published size is measured where there is a GPU.

| day | device | network | blocks | training | writing | tokens/s written | peak memory | plain |
|---|---|---|---|---|---|---|---|---|
"""


def write() -> None:
    """Add a row to the page of measured figures."""
    found, size, device = lines()
    network = f"OPT, hidden {size.hidden}, {size.layers} layers, V {size.vocabulary:,}"
    row = (
        f"| {datetime.now(UTC):%Y-%m-%d} | {_where(device)} | {network} | {size.blocks:,} |"
        f" {found.training:.1f} s | {found.writing:.1f} s | {found.writing_tokens:,.0f} |"
        f" {_gigabytes(found.peak)} |"
        f" {found.plain:.1f} s ({found.plain / found.writing:.1f} ×) |\n"
    )
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    PAGE.write_text(text + row, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        for line in report():
            print(line)
