"""Data sets and models in a Hugging Face cache, found without any network."""

import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engines.errors import InvalidExperimentError
from engines.external import hub
from engines.external.hub import (
    Download,
    MissingDownloadError,
    model_folder,
    parquet_files,
    read_pretrained,
)
from engines.sources.blocks import BlocksSource
from engines.sources.readers.text import read_parts
from engines.sources.text import TextSource
from engines.sources.tokenizers import NewTokenizer
from engines.streams import Streams

SENTENCE = "the cat sat on the mat and the dog saw it . "


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty cache."""
    monkeypatch.setattr(hub, "cache_folder", lambda: tmp_path)
    return tmp_path


def cached(cache: Path, repository: str, kind: str = "dataset") -> Path:
    """Return the folder of a repository, as the cache lays it out."""
    root = cache / f"{kind}s--{repository.replace('/', '--')}"
    folder = root / "snapshots" / ("a" * 40)
    folder.mkdir(parents=True)
    (root / "refs").mkdir()
    (root / "refs" / "main").write_text("a" * 40)
    return folder


@pytest.fixture
def wikitext(cache: Path) -> Path:
    folder = cached(cache, "Salesforce/wikitext") / "wikitext-2-raw-v1"
    folder.mkdir()
    for part, times in (("train", 200), ("validation", 20), ("test", 30)):
        rows = [SENTENCE + "\n"] * times
        pq.write_table(pa.table({"text": rows}), folder / f"{part}-00000-of-00001.parquet")
    return folder


@pytest.mark.usefixtures("wikitext")
def test_a_data_set_has_parts_of_its_own() -> None:
    parts = read_parts(None, "wikitext-2", 0.0, 0.1)
    assert [len(part) // (len(SENTENCE) + 1) for part in parts] == [200, 20, 30]
    law = TextSource(dataset="wikitext-2").law()
    assert len(law.test) == 30 * 11
    assert law.grams.sizes.tolist() == [200 * 11]


@pytest.mark.usefixtures("wikitext")
def test_blocks_are_cut_from_each_part() -> None:
    source = BlocksSource(
        source=TextSource(dataset="wikitext-2"), tokenizer=NewTokenizer(300), length=16
    )
    law = source.law()
    whole = law.tokenizer.encode(read_parts(None, "wikitext-2", 0.0, 0.0).training)
    assert law.blocks.ravel().tolist() == whole[: law.blocks.size]
    assert len(whole) - law.blocks.size < 16
    assert len(law.validation) < len(law.test) < len(law.blocks)
    assert law.tokenizer.decode(law.blocks[0].tolist()).startswith("the cat sat")


@pytest.mark.parametrize("size", [3, 50, 100_000])
@pytest.mark.parametrize("redraw", [True, False])
def test_blocks_of_d0_come_from_the_text(size: int, redraw: bool, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(" ".join(f"word{number % 97}" for number in range(3_000)))
    text = TextSource(path=str(path), redraw=redraw)
    source = BlocksSource(source=text, tokenizer=NewTokenizer(300), length=8)
    size = min(size, 4 * source.natural_size)
    data: Any = source.real(size, 2, source.draws[0], Streams(1, 0))
    assert data.values.shape == (2 * size, 8)
    assert {tuple(row) for row in data.values} <= {tuple(row) for row in source.law().blocks}
    first, second = np.split(data.values, 2)
    assert np.array_equal(first, second) is not redraw


@pytest.mark.usefixtures("cache")
def test_what_is_missing_is_named_at_once() -> None:
    with pytest.raises(MissingDownloadError, match=r"'Salesforce/wikitext' \(wikitext-2-raw-v1"):
        TextSource(dataset="wikitext-2").law()
    with pytest.raises(MissingDownloadError, match="'facebook/opt-125m' is neither"):
        model_folder("facebook/opt-125m")
    with pytest.raises(InvalidExperimentError, match="'/no/such/folder', which does not exist"):
        model_folder("/no/such/folder")
    with pytest.raises(InvalidExperimentError, match="must be one of wikitext-2"):
        TextSource(dataset="wikitext").law()


def test_a_model_without_its_weights_is_missing(cache: Path) -> None:
    folder = cached(cache, "owner/small", "model")
    (folder / "config.json").write_text("{}")
    with pytest.raises(MissingDownloadError):
        model_folder("owner/small")
    (folder / "model.safetensors").touch()
    assert model_folder("owner/small") == folder
    assert model_folder(str(folder)) == folder


def test_a_table_without_text_is_named(cache: Path) -> None:
    folder = cached(cache, "owner/name") / "plain"
    folder.mkdir()
    pq.write_table(pa.table({"lines": ["a"]}), folder / "train-0.parquet")
    with pytest.raises(InvalidExperimentError, match="no column 'text', only lines"):
        TextSource(dataset="owner/name/plain").law()
    texts = Download("owner/name", "dataset", ("plain/*.parquet",))
    assert parquet_files(texts, "plain/*.parquet") == [folder / "train-0.parquet"]
    with pytest.raises(InvalidExperimentError, match=r"has no files plain/test-\*\.parquet in"):
        parquet_files(texts, "plain/test-*.parquet")
    (folder / "train-0.parquet").write_bytes(b"PAR1")
    with pytest.raises(InvalidExperimentError, match=r"train-0\.parquet is no Parquet file"):
        TextSource(dataset="owner/name/plain").law()


def test_a_text_has_one_origin_and_something_to_fit() -> None:
    with pytest.raises(ValueError, match="either a path or a dataset"):
        TextSource(path="a.txt", dataset="wikitext-2")
    with pytest.raises(ValueError, match="less than 5 %"):
        TextSource(validation=0.5, test=0.6)


def test_words_are_not_split_between_the_parts(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    words = [f"w{number}" for number in range(1_000)]
    path.write_text(" ".join(words))
    parts = read_parts(str(path), None, 0.1, 0.2)
    assert "".join(parts) == " ".join(words)
    assert [word for part in parts for word in part.split()] == words
    shares = [len(part) / len("".join(parts)) for part in parts]
    assert np.allclose(shares, [0.7, 0.1, 0.2], atol=0.01)


def test_validation_is_never_fitted_by_n_grams_either(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(" ".join(f"w{number}" for number in range(100)))
    law = TextSource(path=str(path), validation=0.2, test=0.1).law()
    assert law.words == tuple(f"w{number}" for number in sorted(range(70), key=lambda n: f"w{n}"))
    assert len(law.test) == 10


def test_a_download_is_what_is_fetched_and_no_more() -> None:
    assert TextSource().downloads == ()
    assert TextSource(dataset="wikitext-2").downloads == (
        Download("Salesforce/wikitext", "dataset", ("wikitext-2-raw-v1/*.parquet",)),
    )


def library_that(read: Any) -> Any:
    """Give a stand-in for `transformers` whose AutoTokenizer reads a folder so."""
    reader = SimpleNamespace(from_pretrained=lambda folder, **_: read(folder))
    return lambda: SimpleNamespace(AutoTokenizer=reader)


def test_what_a_library_cannot_read_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Path) -> None:
        raise KeyError(f"no file\n  of weights in {folder.name}")

    monkeypatch.setattr(hub, "transformers", library_that(fails))
    with pytest.raises(InvalidExperimentError) as raised:
        read_pretrained("AutoTokenizer", str(tmp_path), None, "the tokenizer of")
    assert f"the tokenizer of {str(tmp_path)!r} could not be read" in str(raised.value)
    assert f"read from {tmp_path}: " in str(raised.value)
    assert "\n" not in str(raised.value)
    with pytest.raises(InvalidExperimentError, match="names the folder"):
        read_pretrained("AutoTokenizer", "/nowhere", None, "the tokenizer of")


def test_a_library_that_reads_writes_nothing_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def loud(folder: Path) -> str:
        warnings.warn("old format", stacklevel=1)
        sys.stderr.write("100 %")
        return folder.name

    monkeypatch.setattr(hub, "transformers", library_that(loud))
    found = read_pretrained("AutoTokenizer", str(tmp_path), None, "the tokenizer of")
    assert found == tmp_path.name
    assert capsys.readouterr() == ("", "")


def test_what_is_here_has_the_files_that_matter(cache: Path, wikitext: Path) -> None:
    texts = Download("Salesforce/wikitext", "dataset", ("wikitext-2-raw-v1/*.parquet",))
    model = Download("some/model", "model", hub.MODEL_FILES)
    assert wikitext.is_dir()
    assert hub.is_cached(texts)
    assert not hub.is_cached(Download("Salesforce/wikitext", "dataset", ("other/*.parquet",)))
    assert not hub.is_cached(model)
    folder = cached(cache, "some/model", "model")
    (folder / "config.json").write_text("{}")
    assert not hub.is_cached(model)
    (folder / "model.safetensors").write_bytes(b"")
    assert hub.is_cached(model)
