"""What `fetch` fetched is found, and what is damaged is fetched again: against a Hub of our own."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.collapse_tui.cli.conftest import Ended, Spawn
from tests.collapse_tui.cli.hub_server import COMMIT, Files, HubServer

SENTENCE = "the cat sat on the mat and the dog saw it . "
TEXT = "conf/train-0000{}-of-00002.parquet"
NGRAM = """
format = 1
generations = 1
[source]
name = "text"
dataset = "toy/text/conf"
[engine]
name = "ngram"
order = 2
[schedule]
name = "constant"
size = 500
"""
NETWORK = """
format = 1
generations = 1
[source]
name = "text"
dataset = "toy/text/conf"
[engine]
name = "lm"
model = "toy/opt"
block = 8
epochs = 1
batch = 16
[schedule]
name = "constant"
size = 32
[metrics]
names = ["perplexity"]
"""

TOKENIZER = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>"}

Program = Callable[..., Ended]
pytestmark = pytest.mark.slow


def _parquet(lines: list[str]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": lines}), file)
    return file.getvalue()


def _texts() -> Files:
    """Return a data set of two shards, with files that nothing here needs."""
    halves = [[f"{SENTENCE} word{n % 7} line{n}\n" for n in range(h, 400 + h)] for h in (0, 400)]
    return {
        "README.md": b"# toy",
        "other/train-00000-of-00001.parquet": b"never read",
        TEXT.format(0): _parquet(halves[0]),
        TEXT.format(1): _parquet(halves[1]),
        "conf/validation-00000-of-00001.parquet": _parquet([SENTENCE] * 30),
        "conf/test-00000-of-00001.parquet": _parquet([SENTENCE] * 40),
    }


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Give the files of a small network with its tokenizer, and its weights a second time."""
    import tokenizers
    import torch
    import transformers

    library: Any = transformers
    folder = tmp_path_factory.mktemp("model")
    trained = tokenizers.ByteLevelBPETokenizer()
    trained.train_from_iterator([SENTENCE], 270, special_tokens=["</s>"], show_progress=False)
    trained.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(TOKENIZER))
    config = library.OPTConfig(
        vocab_size=270, hidden_size=8, word_embed_proj_dim=8, ffn_dim=16, num_hidden_layers=1,
        num_attention_heads=1, max_position_embeddings=16,
    )  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(1)
        library.OPTForCausalLM(config).save_pretrained(folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    twice = ("pytorch_model.bin", "tf_model.h5", "onnx/config.json")
    return files | dict.fromkeys(twice, b"not wanted")


@pytest.fixture
def hub(model: Files) -> Iterator[HubServer]:
    with HubServer({"datasets/toy/text": _texts(), "models/toy/opt": dict(model)}) as server:
        yield server


@pytest.fixture
def program(
    hub: HubServer, spawn: Spawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Program:
    """Give the program in a process of its own, with a cache of its own."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")

    def run(*arguments: object) -> Ended:
        process = spawn(*arguments)
        out, err = process.communicate(timeout=120)
        return Ended(process.returncode, out, err)

    return run


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "toy.toml"
    path.write_text(NGRAM)
    return path


def _snapshot(tmp_path: Path, repository: str) -> Path:
    return tmp_path / "cache" / "hub" / repository / "snapshots" / COMMIT


def _refusal(program: Program, preset: Path) -> str:
    ended = program("batch", "--preset", preset, "--quiet")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    return ended.err


def test_a_model_that_was_fetched_runs_and_its_damage_is_mended(
    program: Program, hub: HubServer, tmp_path: Path
) -> None:
    preset = tmp_path / "network.toml"
    preset.write_text(NETWORK)
    assert "`collapse-tui fetch" in _refusal(program, preset)
    assert hub.sent == []
    fetched = program("fetch", preset)
    assert fetched.code == 0
    kept = {"config.json", "generation_config.json", "model.safetensors"}
    kept |= {"tokenizer.json", "tokenizer_config.json"}
    assert set(hub.sent) == kept | {name for name in _texts() if name.startswith("conf/")}
    first = tmp_path / "first"
    assert program("batch", "--preset", preset, "--out", first, "--quiet").code == 0

    folder = _snapshot(tmp_path, "models--toy--opt")
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        said = _refusal(program, preset)
        assert f"the file {name} of the model 'toy/opt' is damaged: its content has" in said
        assert f"`collapse-tui fetch {preset}` fetches it again" in said
        hub.sent.clear()
        assert program("fetch", preset).code == 0
        assert hub.sent == [name]
    second = tmp_path / "second"
    assert program("batch", "--preset", preset, "--out", second, "--quiet").code == 0
    records = [(run / "metrics.jsonl").read_bytes() for run in (first, second)]
    assert records[0] == records[1]


def test_a_part_of_a_data_set_is_never_used(
    program: Program, hub: HubServer, texts: Path, tmp_path: Path
) -> None:
    assert program("fetch", texts).code == 0
    folder = _snapshot(tmp_path, "datasets--toy--text")
    shard = folder / TEXT.format(1)
    whole = shard.read_bytes()
    shard.unlink()
    assert (
        f"3 of 4 files of the data set 'toy/text' are there, without {TEXT.format(1)};"
        f" `collapse-tui fetch {texts}` gets the rest"
    ) in _refusal(program, texts)
    # without a listing, as older versions of the library leave it, the names of shards say it
    listings = folder.parents[1] / "trees"
    shutil.rmtree(listings)
    assert TEXT.format(1) in _refusal(program, texts)
    assert program("fetch", texts).code == 0
    assert shard.read_bytes() == whole
    shard.write_bytes(whole[:-100])
    said = _refusal(program, texts)
    assert f"is damaged: it has {len(whole) - 100:,} of {len(whole):,} bytes" in said
    shutil.rmtree(listings)
    assert "is damaged: its content has changed" in _refusal(program, texts)
    hub.sent.clear()
    assert program("fetch", texts).code == 0
    assert hub.sent == [TEXT.format(1)]
    assert program("batch", "--preset", texts, "--quiet").code == 0


def test_a_fetch_that_is_killed_goes_on(
    program: Program, hub: HubServer, spawn: Spawn, texts: Path, tmp_path: Path
) -> None:
    hub.stuck.add(TEXT.format(1))
    process = spawn("fetch", texts)
    assert hub.halfway.wait(60)
    others = [name for name in _texts() if name.startswith("conf/") and name not in hub.stuck]
    folder = _snapshot(tmp_path, "datasets--toy--text")
    for _ in range(600):
        if all((folder / name).exists() for name in others):
            break
        hub.closing.wait(0.05)
    process.kill()
    process.communicate(timeout=30)
    assert "3 of 4 files of the data set 'toy/text' are there" in _refusal(program, texts)
    hub.stuck.clear()
    hub.sent.clear()
    assert program("fetch", texts).code == 0
    assert hub.sent == [TEXT.format(1)]
    assert program("batch", "--preset", texts, "--quiet").code == 0


def test_a_connection_that_is_cut_is_one_sentence(
    program: Program, hub: HubServer, texts: Path
) -> None:
    hub.broken.add(TEXT.format(0))
    ended = program("fetch", texts)
    assert ended.code == 2
    assert "toy/text could not be fetched whole (" in ended.err
    assert "the same command goes on where it stopped\n" in ended.err
    assert TEXT.format(0) in _refusal(program, texts)
    hub.broken.clear()
    assert program("fetch", texts).code == 0
    assert program("batch", "--preset", texts, "--quiet").code == 0


def test_what_the_hub_has_not_is_one_sentence(
    program: Program, hub: HubServer, texts: Path
) -> None:
    files = hub.repositories["datasets/toy/text"]
    hub.repositories["datasets/toy/text"] = {"README.md": files["README.md"]}
    ended = program("fetch", texts)
    assert ended.code == 2
    assert "has no files that match conf/*.parquet" in ended.err
    hub.repositories.clear()
    ended = program("fetch", texts)
    assert ended.code == 2
    assert "data set 'toy/text' cannot be had from Hugging Face" in ended.err
