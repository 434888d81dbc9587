"""The language model engine: what it draws, what it scores, and going on after a kill."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest
import scipy.stats
import torch
import transformers

import engines.families.lm_jobs
import engines.families.network
import engines.neural.lm.decoding
from collapse_tui.events import Finished, Intervened
from collapse_tui.execution.runner import run
from engines.base import Context
from engines.data import Blocks
from engines.errors import DeviceMemoryError, GenerationError, InvalidExperimentError
from engines.families.lm import LanguageModel
from engines.neural.lm.architecture import OwnArchitecture, PretrainedArchitecture, load_weights
from engines.neural.lm.decoding import Decoding, generate
from engines.neural.lm.scoring import negative_logs
from engines.neural.lm.training import LanguagePlan, Training
from engines.runtime.parallel import run_jobs
from engines.runtime.step import Step
from engines.streams import Streams

NETWORK = OwnArchitecture(
    vocabulary=12, hidden=16, layers=2, heads=2, positions=8, end=None, dropout=0.0
)
SAMPLE = Decoding("sample", 1, 1.0, 0, 1.0, 1.0)
TINY = LanguageModel(
    hidden=16, heads=2, vocabulary=270, block=4, epochs=3, batch=8, learning_rate=1e-2, chunk=5
)


@pytest.fixture(scope="module")
def module() -> Any:
    """Give a network of 12 tokens that are far from equally likely."""
    built = NETWORK.module()
    start = NETWORK.start(np.random.default_rng(0))
    load_weights(built, {n: a if "norm" in n else a * np.float32(20.0) for n, a in start.items()})
    return built


@pytest.fixture
def text(text_file: Path) -> Any:
    """Give the law of a short text in blocks of 4 tokens, a validation part among them."""
    from engines.sources.text import TextSource

    return TINY.adapt_source(TextSource(path=str(text_file), validation=0.2)).law()


def context(data: Any, text: Any, generation: int = 1, begun: Any = None) -> Context:
    return Context(Streams(1, generation), None, data, begun, text)


def blocks(text: Any, replicates: int = 1) -> Blocks:
    sizes = np.array([len(text.blocks)])
    return Blocks(text.blocks, sizes).repeat(replicates)


def ended(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def probabilities(module: Any, prompt: Any) -> Any:
    with torch.no_grad():
        return module(input_ids=torch.tensor(prompt)[None]).logits[0, -1].softmax(0).numpy()


def warped(p: Any, decoding: Decoding) -> Any:
    """Return the probabilities by temperature, top-k and top-p, plainly."""
    p = p ** (1 / decoding.temperature) / (p ** (1 / decoding.temperature)).sum()
    order = np.argsort(-p)
    kept = np.zeros(len(p), dtype=bool)
    kept[order[: decoding.top_k or len(p)]] = True
    p = np.where(kept, p, 0) / p[kept].sum()
    before = np.cumsum(p[order]) - p[order]
    kept = np.zeros(len(p), dtype=bool)
    kept[order[before < decoding.top_p]] = True
    return np.where(kept, p, 0) / p[kept].sum()


@pytest.mark.parametrize(
    "decoding",
    [
        SAMPLE,
        replace(SAMPLE, temperature=0.7),
        replace(SAMPLE, top_k=4),
        replace(SAMPLE, top_p=0.8),
        replace(SAMPLE, temperature=1.5, top_k=6, top_p=0.9),
    ],
)
def test_draws_have_the_probabilities_of_the_model(module: Any, decoding: Decoding) -> None:
    count, prompt = 4_000, [3, 7]
    drawn = generate(module, np.tile(prompt, (count, 1)), decoding, None, seed=1)
    assert drawn.shape == (count, 2)
    for tokens, given in (
        (drawn[:, 0], prompt),
        (drawn[drawn[:, 0] == (t := drawn[0, 0])][:, 1], [*prompt, t]),
    ):
        p = warped(probabilities(module, given).astype(float), decoding)
        seen = np.bincount(tokens, minlength=12)
        assert not seen[p == 0].any()
        assert scipy.stats.chisquare(seen[p > 0], len(tokens) * p[p > 0]).pvalue > 1e-3 / 10


def test_another_temperature_is_told_apart(module: Any) -> None:
    drawn = generate(module, np.tile([3, 7], (4_000, 1)), SAMPLE, None, seed=1)
    p = warped(probabilities(module, [3, 7]).astype(float), replace(SAMPLE, temperature=1.2))
    seen = np.bincount(drawn[:, 0], minlength=12)
    assert scipy.stats.chisquare(seen, 4_000 * p).pvalue < 1e-6


@pytest.mark.parametrize(("beams", "penalty", "end"), [(1, 1.0, None), (3, 1.0, 2), (4, 2.0, 2)])
def test_beams_are_those_of_the_library(
    module: Any, beams: int, penalty: float, end: int | None
) -> None:
    """With float64: batches of other shapes must not turn a near tie of scores over."""
    module = copy.deepcopy(module).double()
    prompts = np.random.default_rng(1).integers(0, 12, (6, 4))
    rule = Decoding("beam" if beams > 1 else "greedy", beams, 1.0, 0, 1.0, penalty)
    ours = generate(module, prompts, rule, end, seed=0)
    rows = torch.tensor(prompts)
    plain = module.generate(
        rows, attention_mask=torch.ones_like(rows), do_sample=False, num_beams=beams,
        repetition_penalty=penalty, max_new_tokens=4, min_new_tokens=4, eos_token_id=end,
        pad_token_id=0,
    )  # fmt: skip
    assert (ours == plain[:, 4:].numpy()).all()
    assert (generate(module, prompts[:2], rule, end, seed=0) == ours[:2]).all()


def test_the_score_of_a_block_is_that_of_a_plain_loop(module: Any) -> None:
    rows = np.random.default_rng(2).integers(0, 12, (70, 5))
    ours = negative_logs(NETWORK, module, rows, "cpu", "auto")
    for row, value in zip(rows[::23], ours[::23], strict=True):
        logs = [np.log(probabilities(module, row[:t])[row[t]]) for t in range(1, 5)]
        assert value == pytest.approx(-np.mean(logs), abs=2e-6)


def partials(steps: Any) -> tuple[list[Any], Any]:
    """Return all that a computation tells to go on from, and its result."""
    told: list[Any] = []
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            return told, stop.value
        if step.partial is not None:
            told.append({name: array.copy() for name, array in step.partial.items()})


def test_a_killed_fit_goes_on_bit_for_bit(text: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(engines.families.network, "STORE_AFTER_WORK", 0)
    engine, data = TINY.model_copy(update={"dropout": 0.2}), blocks(text, 2)
    before = torch.get_rng_state()
    told, whole = partials(engine.fit(data, context(data, text)))
    assert torch.equal(before, torch.get_rng_state())
    assert len(told) == 5
    for begun in told:
        again = ended(engine.fit(data, context(data, text, begun=begun)))
        for left, right in zip(whole.tensors, again.tensors, strict=True):
            assert list(left) == list(right)
            assert all(left[name].tobytes() == right[name].tobytes() for name in left)
        assert all((whole.facts[name] == again.facts[name]).all() for name in whole.facts)
    assert {1, 2, 3} >= set(whole.facts["best_epoch"].tolist())


def test_a_killed_draw_goes_on_bit_for_bit(text: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(engines.families.lm_jobs, "STORE_AFTER_WORK", 0)
    data, sizes = blocks(text, 2), np.array([13, 11])
    model = ended(TINY.fit(data, context(data, text)))
    told, whole = partials(TINY.sample(model, sizes, Blocks.form, context(data, text)))
    assert len(told) == 5
    assert (whole.sizes == sizes).all()
    for begun in told:
        again = ended(TINY.sample(model, sizes, Blocks.form, context(data, text, begun=begun)))
        assert (again.values == whole.values).all()


def test_a_replicate_does_not_depend_on_those_beside_it(text: Any) -> None:
    drawn: list[Any] = []
    for replicates in (1, 3):
        data = blocks(text, replicates)
        model = ended(TINY.fit(data, context(data, text)))
        sizes = np.full(replicates, 7)
        drawn.append(ended(TINY.sample(model, sizes, Blocks.form, context(data, text))))
    assert (drawn[0].values == drawn[1].values[:7]).all()
    assert not (drawn[1].values[:7] == drawn[1].values[7:14]).all()


def test_two_devices_give_what_one_gives(text: Any, monkeypatch: Any) -> None:
    data, sizes = blocks(text, 3), np.array([4, 4, 4])

    def both() -> tuple[Any, Any]:
        model = ended(TINY.fit(data, context(data, text)))
        return model, ended(TINY.sample(model, sizes, Blocks.form, context(data, text)))

    model, drawn = both()
    for name in (
        "engines.families.network.single_devices",
        "engines.neural.devices.single_devices",
    ):
        monkeypatch.setattr(name, lambda device: (device, device))
    other, drawn_other = both()
    assert all(
        (left[name] == right[name]).all()
        for left, right in zip(model.tensors, other.tensors, strict=True)
        for name in left
    )
    assert (drawn.values == drawn_other.values).all()


def test_what_fails_on_one_device_is_raised_and_ends_the_others() -> None:
    def job(number: int) -> Callable[..., Any]:
        def steps(device: str, begun: Any) -> Any:
            del begun
            for share in range(50):
                if number == 2 and share == 3:
                    raise GenerationError(f"job {number} on {device}")
                yield Step(share / 50, "on its way")
            return {"values": np.array([number])}

        return steps

    good = run_jobs([job(0), job(1), job(3)], ("a", "b"), None)
    assert [int(one["values"][0]) for one in ended(good)] == [0, 1, 3]
    with pytest.raises(GenerationError, match="job 2 on a"):
        ended(run_jobs([job(0), job(1), job(2)], ("a", "b"), None))
    halted = run_jobs([job(0), job(1)], ("a", "b"), None)
    next(halted)
    halted.close()


def test_small_chunks_train_as_large_ones() -> None:
    rows = np.random.default_rng(3).integers(0, 12, (8, 4))
    found: list[Any] = []
    for chunk in (8, 3):
        plan = LanguagePlan(1, 8, chunk, 1e-2, 0.1, 64, best=False, precision="auto")
        training = Training(NETWORK, plan, NETWORK.start(np.random.default_rng(0)), "cpu")
        found.append([training.step(rows, 0) for _ in range(3)])
    assert found[0] == pytest.approx(found[1], rel=1e-4)


def test_too_little_memory_halves_the_chunk_and_is_recorded(
    experiment: Any, monkeypatch: Any
) -> None:
    plain = generate

    def scarce(module: Any, prompts: Any, *more: Any) -> Any:
        if len(prompts) > 3:
            raise torch.OutOfMemoryError
        return plain(module, prompts, *more)

    monkeypatch.setattr(engines.families.lm_jobs, "generate", scarce)
    built = experiment("text", {**LM, "chunk": 12}, generations=2, replicates=1)
    events = [
        event for event in run(built, device="cpu") if isinstance(event, Intervened | Finished)
    ]
    assert [dict(event.settings) for event in events[:-1]] == [
        {"engine.chunk": 6},
        {"engine.chunk": 3},
    ]
    assert events[-1].generation == 2


def test_without_memory_for_one_block_it_says_so() -> None:
    with (
        pytest.raises(DeviceMemoryError, match="going on with 2"),
        engines.neural.lm.placement.memory_for_blocks("cuda", 5),
    ):
        raise torch.OutOfMemoryError
    with (
        pytest.raises(GenerationError, match="single block"),
        engines.neural.lm.placement.memory_for_blocks("cuda", 1),
    ):
        raise torch.OutOfMemoryError


LM = {"name": "lm", "hidden": 8, "layers": 1, "heads": 2, "vocabulary": 270, "block": 4}
LM |= {"epochs": 1, "batch": 16}


@pytest.mark.parametrize(
    ("source", "engine", "sentence"),
    [
        ({}, {"hidden": 9}, "hidden must be a multiple of heads, got 9 and 2"),
        ({}, {"gguf": "a.gguf"}, "gguf names a file of a model's folder"),
        ({}, {"vocabulary": 256}, "engine.vocabulary must be greater than 256, got 256"),
        ({}, {"decoding": "beams"}, "engine.decoding must be 'beam', 'greedy' or 'sample'"),
        ({}, {"block": 1}, "engine.block must be greater than or equal to 2"),
        ({}, {"block": 300}, "lower engine.block"),
        ({}, {"model": "nobody/nothing"}, "hidden sizes a model without pretrained weights"),
        ({"words": False}, {}, "has a tokenizer of its own"),
        (
            {"name": "normal"},
            {},
            "engine 'lm' fits blocks of text, but source 'normal' gives numbers",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    experiment: Any, source: Any, engine: Any, sentence: str
) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence) as raised:
        experiment({"name": "text", **source}, {**LM, **engine})
    assert "\n" not in str(raised.value)


def test_a_missing_model_is_said_at_once_with_the_command_that_fetches_it(experiment: Any) -> None:
    with pytest.raises(InvalidExperimentError, match=r"'nobody/nothing'.*collapse-tui fetch"):
        experiment("text", {"name": "lm", "model": "nobody/nothing"})
    with pytest.raises(InvalidExperimentError, match="names the folder"):
        experiment("text", {"name": "lm", "model": "/nowhere"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any, text_file: Path) -> Path:
    """Give a folder with a model and its tokenizer, as the library stores them."""
    import tokenizers

    path = tmp_path_factory.mktemp("model")
    inner = tokenizers.ByteLevelBPETokenizer()
    inner.train([str(text_file)], vocab_size=280, special_tokens=["</s>"], show_progress=False)
    wrapped = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="</s>")  # noqa: S106
    wrapped.save_pretrained(path)
    network = OwnArchitecture(inner.get_vocab_size(), 8, 1, 2, 10, 0, dropout=0.1)
    built = network.module()
    load_weights(built, network.start(np.random.default_rng(0)))
    built.save_pretrained(path)
    return path


def test_a_stored_model_is_scored_as_it_comes_and_is_where_each_fit_starts(
    experiment: Any, records: Any, folder: Path, capfd: Any
) -> None:
    keys = {"name": "lm", "model": str(folder), "block": 4, "epochs": 1, "batch": 64}
    built = experiment(
        "text", {**keys, "learning_rate": 1e-9, "decoding": "beam", "beams": 2}, generations=2
    )
    found = [record.metrics["perplexity"] for record in records(built)]
    assert found[0] == pytest.approx(found[2], rel=1e-4)
    assert found[0][0] == pytest.approx(280, rel=0.3)
    assert capfd.readouterr() == ("", "")
    stored = PretrainedArchitecture(str(folder), None, 0.0)
    counted = sum(array.size for array in stored.start(np.random.default_rng(0)).values())
    assert built.setup(0).engine.weight_bytes(built.source) == 4 * counted == 4 * stored.parameters
    with pytest.raises(InvalidExperimentError, match=r"reads at most 10: lower engine\.block"):
        experiment("text", {**keys, "block": 6})


def test_the_number_of_weights_is_known_beforehand(text: Any) -> None:
    for network in (NETWORK, TINY.transformer(text.vocabulary)):
        start = network.start(np.random.default_rng(0))
        assert sum(array.size for array in start.values()) == network.parameters


def test_a_chunk_is_what_the_memory_holds(monkeypatch: Any) -> None:
    published = OwnArchitecture(50_272, 768, 12, 12, 128, 2, 0.0)
    found: list[int] = []
    for gigabytes in (139, 24, 8, 0.1):
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _, g=gigabytes: (g * 1e9, 0))
        found.append(engines.neural.lm.placement.largest_chunk(published, 64, 5, 128, "cuda:0"))
    assert found == [1024, 64, 16, 1]
    for gigabytes in (24, 256):
        memory = SimpleNamespace(available=int(gigabytes * 1e9))
        monkeypatch.setattr(psutil, "virtual_memory", lambda m=memory: m)
        found.append(engines.neural.lm.placement.largest_chunk(published, 64, 5, 128, "cpu"))
    assert found[4:] == [64, 256]
    assert engines.neural.lm.placement.largest_chunk(TINY.transformer(512), 64, 5, 16, "cpu") == 256
