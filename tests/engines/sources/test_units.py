"""Words, characters and bytes of texts in any script."""

import lzma
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load
from engines.errors import InvalidExperimentError
from engines.sources.readers.text import python_reference, read_text
from engines.sources.readers.units import tokenize
from engines.sources.text import TextSource

FRENCH = "Le café est très près du marché et déjà fermé à midi. "
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
WORDS = {
    "தமிழ் மொழி": ["தமிழ்", "மொழி"],
    "हिन्दी में": ["हिन्दी", "में"],
    "עִבְרִית טוֹבָה": ["עִבְרִית", "טוֹבָה"],
    f"{PERSIAN} \u0628\u0631\u0648\u0645": [PERSIAN, "\u0628\u0631\u0648\u0645"],
    "l'été, aujourd\u2019hui": ["l'été", "aujourd\u2019hui"],
    "x̂ = ȳ_2": ["x̂", "ȳ_2"],
    "Donau\u00addampf schiff": ["Donau\u00addampf", "schiff"],
    "a-b c.d 3.5": ["a", "b", "c", "d", "3", "5"],
}


@pytest.mark.parametrize("text", WORDS)
def test_marks_stay_with_their_letters(text: str) -> None:
    wanted = [unicodedata.normalize("NFC", word) for word in WORDS[text]]
    for form in ("NFC", "NFD"):
        assert tokenize(unicodedata.normalize(form, text), "word", lower=False) == wanted


@pytest.mark.parametrize("unit", ["word", "character", "byte"])
def test_two_spellings_of_a_letter_are_one(tmp_path: Path, unit: Any) -> None:
    both = [tmp_path / "nfc.txt", tmp_path / "nfd.txt"]
    for path in both:
        form: Any = path.stem.upper()
        path.write_text(unicodedata.normalize(form, FRENCH * 20))
    composed, decomposed = (TextSource(path=str(path), unit=unit) for path in both)
    assert composed.law().words == decomposed.law().words
    assert composed.content == decomposed.content
    assert read_text(both[0]) == read_text(both[1])


def test_a_character_is_a_letter_with_its_marks() -> None:
    assert tokenize("தமிழ்  x", "character", lower=True) == ["த", "மி", "ழ்", " ", "x"]
    assert tokenize("e\u0301\u0323A", "character", lower=True) == ["ẹ\u0301", "a"]


def test_bytes_are_those_of_utf_8() -> None:
    assert tokenize("aé\n", "byte", lower=True) == ["a", "\\xc3", "\\xa9", "\\x0a"]


def test_english_is_cut_as_ever() -> None:
    """The numbers of the presets depend on it."""
    text = python_reference().lower()
    assert tokenize(text, "word", lower=True) == re.findall(r"\w+(?:['\u2019]\w+)*", text)
    assert tokenize(text, "character", lower=True) == list(" ".join(text.split()))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我们在这里看书。他们在那里吃饭。" * 9, True),
        ("今日は良い天気ですね、散歩に行きましょう。" * 9, True),
        ("วันนี้อากาศดีมาก " * 9, True),
        ("ယနေ့ရာသီဥတုကောင်းသည် " * 9, True),
        ("오늘 날씨가 좋네요 " * 9, False),
        (FRENCH * 9 + "我们", False),
    ],
)
def test_texts_without_spaces_are_named(tmp_path: Path, text: str, said: bool) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text)
    hint = 'source.unit = "character" cuts such a text'
    assert (hint in TextSource(path=str(path)).content) is said
    assert hint not in TextSource(path=str(path), unit="character").content


def test_the_key_of_earlier_versions_is_read() -> None:
    for words, unit in ((False, "character"), (True, "word")):
        source = load("ngram", **{"source.words": words}).document["source"]
        assert (source["unit"], "words" in source) == (unit, False)
    with pytest.raises(InvalidExperimentError, match=r"unknown key source\.words"):
        load("ngram", **{"source.words": 3})


def test_utf_16_is_text_too(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(FRENCH.encode("utf-16"))
    assert read_text(path) == FRENCH


@pytest.mark.parametrize("unit", ["word", "character", "byte"])
def test_n_grams_of_each_unit_have_all_metrics(
    experiment: Callable[..., Experiment], records: Any, tmp_path: Path, unit: str
) -> None:
    path = tmp_path / "text.txt"
    path.write_text(FRENCH * 30)
    source = {"name": "text", "path": str(path), "unit": unit}
    built = experiment(source, {"name": "ngram", "order": 2, "passage": 30}, generations=2)
    for record in records(built)[1:]:
        values = np.array([record.metrics[name] for name in built.metric_names])
        assert np.isfinite(values).all()
    sample = records(built)[-1].view.notes["sample"]
    assert set(sample) <= set(FRENCH.lower() + "\\x0123456789abcdef")


def test_a_text_of_one_word_says_what_cuts_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("ภาษาไทยง่ายมาก " * 20, encoding="utf-8")
    with pytest.raises(InvalidExperimentError, match=r'source\.unit = "character" cuts such'):
        TextSource(path=str(path)).law()
    assert len(TextSource(path=str(path), unit="character").law().words) > 5


def test_a_packed_text_without_its_suffix_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(lzma.compress(b"a b c"))
    with pytest.raises(InvalidExperimentError, match="not text, but packed by xz: unpack it"):
        read_text(path)
