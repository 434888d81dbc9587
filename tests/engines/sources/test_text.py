"""Texts: how they are read, held, cut, measured and shown, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.experiment.experiment import Experiment
from engines.base import Context
from engines.data import Ngrams, Tokens
from engines.data.ngrams import pack_windows
from engines.data.tokens import STRETCH
from engines.errors import InvalidExperimentError
from engines.families.ngram import Ngram
from engines.metrics.tokens import _distance, rarefaction
from engines.sources.text import TextSource
from engines.streams import Streams

MakeExperiment = Callable[..., Experiment]


def written_to(folder: Path, content: str | bytes, name: str = "text.txt") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def fitted(source: TextSource, order: int, **keys: Any) -> Any:
    engine = Ngram(order=order, **keys)
    real: Any = source.real(source.natural_size, 1, Ngrams.form, Streams(1, 0))
    return engine, engine.fit(real, Context(Streams(1, 1), None, real))


def test_a_fit_does_not_see_the_test_part(tmp_path: Path) -> None:
    words = [f"a{i % 7}" for i in range(90)] + ["b", "a1"] * 5
    source = TextSource(path=written_to(tmp_path, " ".join(words)), test=0.1)
    law = source.law()
    assert source.natural_size == 90
    assert "b" not in law.words
    assert law.test.shape[0] == 10
    assert np.count_nonzero(law.test[:, -1] < 0) == 5
    assert law.test[0, -2] == law.words.index("a5")


def test_rare_words_become_one(tmp_path: Path) -> None:
    path = written_to(tmp_path, "a a a a b b b c c d e")
    law = TextSource(path=path, vocabulary=3, test=0.0).law()
    assert law.words == ("a", "b", "<unk>")
    assert law.probabilities[0] * 11 == pytest.approx([4, 3, 4])


def test_characters_and_capitals(tmp_path: Path) -> None:
    path = written_to(tmp_path, "Ab  a\nB")
    assert TextSource(path=path, unit="character", test=0.0).law().words == (" ", "a", "b")
    assert "B" in TextSource(path=path, lower=False, test=0.0).law().words


def test_unions_and_parts_of_windows() -> None:
    rows: Any = np.random.default_rng(0).integers(0, 4, size=(200, 3))
    owner = np.repeat([0, 1], 100)
    ones = np.ones(200, dtype=np.int64)
    data = Ngrams.of_windows(owner, pack_windows(rows, 4), ones, 2, (4, 3))
    assert data.sizes.tolist() == [100, 100]
    short = data.trim(2)
    assert (short.order, short.sizes.tolist()) == (2, [100, 100])
    for r in range(2):
        codes = pack_windows(rows[owner == r][:, 1:], 4)
        assert short.replicate(r).codes.tolist() == np.unique(codes).tolist()
    both = Ngrams.combine([data, short])
    assert np.array_equal(both.codes, short.codes)
    assert np.array_equal(both.counts, 2 * short.counts)
    generator = np.random.default_rng(1)
    whole = data.subset(data.sizes, generator, replacement=False)
    assert np.array_equal(whole.counts, data.counts)
    part = data.subset(np.array([30, 0]), generator, replacement=False)
    assert part.sizes.tolist() == [30, 0]
    assert np.all(data.replicate(0).occurrences(part.codes, part.codes + 1) >= part.counts)
    restored = Ngrams.restore(part.arrays())
    assert np.array_equal(restored.codes, part.codes)
    assert (restored.vocabulary, restored.order) == (4, 3)


def test_a_text_and_its_counts_are_of_one_mind() -> None:
    rows: Any = np.random.default_rng(0).integers(0, 4, size=(300, 3))
    texts = Tokens(pack_windows(rows, 4), np.array([200, 100]), 4, 3)
    owner = np.repeat([0, 1], [200, 100])
    ones = np.ones(300, dtype=np.int64)
    counted = Ngrams.of_windows(owner, texts.codes, ones, 2, (4, 3))
    for name, array in counted.arrays().items():
        assert np.array_equal(array, texts.grams.arrays()[name]), name
    short = Tokens(pack_windows(rows[:30, 1:], 4), np.array([10, 20]), 4, 2)
    both = Tokens.combine([texts, short])
    assert (both.order, both.sizes.tolist()) == (2, [210, 120])
    assert np.array_equal(both.codes[:200], texts.codes[:200] % 16)
    assert np.array_equal(both.codes[200:210], short.codes[:10])
    union = Ngrams.combine([texts.grams, short.grams])
    assert np.array_equal(both.grams.counts, union.counts)
    twice = Tokens.restore(short.arrays()).repeat(2)
    assert np.array_equal(twice.grams.counts, short.repeat(2).grams.counts)
    with pytest.raises(TypeError):
        Tokens.of(texts.grams)


@pytest.mark.parametrize("replacement", [False, True])
def test_parts_of_a_text_are_stretches_of_it(replacement: bool) -> None:
    length, size, rounds = 1_000, 300, 2_000
    text = Tokens(np.arange(length), np.array([length]), length, 1)
    generator, seen = np.random.default_rng(3), np.zeros(length)
    for _ in range(rounds):
        part = text.subset(np.array([size]), generator, replacement=replacement)
        assert part.sizes.tolist() == [size]
        follows = np.diff(part.codes) % length == 1
        assert follows.sum() >= size - -(-size // STRETCH) - 2
        assert replacement or len(np.unique(part.codes)) == size
        np.add.at(seen, part.codes, 1)
    # Every token is as likely: four standard errors of a share, stretches being one draw.
    error = np.sqrt(0.3 * 0.7 * rounds * (2 if replacement else 1))
    assert abs(seen - rounds * size / length).max() < 5 * error


def test_a_whole_text_is_all_of_it() -> None:
    text = Tokens(np.arange(100), np.array([100]), 100, 1)
    generator = np.random.default_rng(0)
    part = text.subset(np.array([100]), generator, replacement=False)
    assert np.array_equal(np.sort(part.codes), text.codes)
    with pytest.raises(ValueError, match="101 of 100"):
        text.subset(np.array([101]), generator, replacement=False)


def test_fresh_text_keeps_a_trigram_model_from_looping(
    experiment: MakeExperiment,
    records: Callable[[Experiment], list[Generation]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fresh tokens drawn one by one would do the opposite: no context leads to theirs."""

    def distance() -> float:
        policy = {"name": "mix", "fresh": 0.1}
        built = experiment(
            {"name": "text", "path": None},
            {"name": "ngram", "order": 3},
            policy,
            generations=20,
            replicates=1,
            metrics=["tv"],
            schedule={"name": "constant", "size": 58_000},
        )
        return float(records(built)[-1].metrics["tv"][0])

    assert distance() < 0.2
    monkeypatch.setattr("engines.data.tokens.STRETCH", 1)
    assert distance() > 0.5


def test_perplexity_by_hand(tmp_path: Path) -> None:
    """Training "a b a c" (a ring), test "a c b": P(c|a) = 1/2, P(b|c) = 0, P(a|c) = 1."""
    source = TextSource(path=written_to(tmp_path, "a b a c a c b"), test=3 / 7)
    assert source.law().words == ("a", "b", "c")
    for smoothing in (0.0, 0.2):
        engine, model = fitted(source, 2, smoothing=smoothing)
        law = engine.law(model, source.law())
        given = np.array([1.0, 0.5, 0.0])  # a after c, c after a, b after c
        alone = np.array([0.5, 0.25, 0.25])
        s = smoothing
        p = (1 - s) * given + s * ((1 - s) * alone + s / 3)
        with np.errstate(divide="ignore"):
            expected = -np.log(p).mean()
        assert law.cross_entropy() == pytest.approx(expected)
    assert np.isinf(fitted(source, 2, smoothing=0.0)[0].law(model, source.law()).cross_entropy())


def test_a_uniform_model_has_the_size_of_its_vocabulary_as_perplexity(tmp_path: Path) -> None:
    words = " ".join(f"w{i}" for i in range(20)) + " w3 w4 w11"
    source = TextSource(path=written_to(tmp_path, words), test=3 / 23)
    engine, model = fitted(source, 1, smoothing=0.0)
    assert np.exp(engine.law(model, source.law()).cross_entropy()) == pytest.approx(20)


def test_nothing_to_score_is_undefined(tmp_path: Path) -> None:
    source = TextSource(path=written_to(tmp_path, "a b a c"), test=0.0)
    engine, model = fitted(source, 2)
    assert np.isnan(engine.law(model, source.law()).cross_entropy()).all()


def test_rarefaction_is_the_mean_over_draws() -> None:
    counts = np.array([50, 20, 20, 5, 1, 1, 1, 1, 1])
    generator = np.random.default_rng(0)
    drawn = generator.multivariate_hypergeometric(counts, 12, size=40_000)
    assert rarefaction(counts, 12) == pytest.approx((drawn > 0).sum(axis=1).mean() / 12, abs=2e-3)
    assert rarefaction(counts, 1) == pytest.approx(1)
    assert rarefaction(counts, 10**6) == pytest.approx(9 / 100)


def test_rarefaction_of_very_frequent_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes no memory for each point: 10¹⁵ of them are counted as few are."""
    assert rarefaction(np.array([10**15, 10**15, 1]), 10_000) == pytest.approx(2 / 10_000)
    counts = np.random.default_rng(1).integers(0, 60, 500)
    tabulated = rarefaction(counts, 100)
    monkeypatch.setattr("engines.metrics.tokens.TABULATED", 0)
    assert rarefaction(counts, 100) == tabulated


def test_distance_of_contexts_by_hand(tmp_path: Path) -> None:
    """Text "a b a c": contexts a (2 of 4), b, c; the model has seen a→b and b→a alone."""
    source = TextSource(path=written_to(tmp_path, "a b a c"), test=0.0)
    engine, _ = fitted(source, 2)
    real: Any = source.law().grams.trim(2)
    # b→a, c→a, a→b, a→c in order of code: a is 0, b 1, c 2
    seen = real.with_counts(np.array([3, 0, 1, 0]))
    assert (seen.codes // 3).tolist() == [0, 1]
    shares = seen.dense()[0] / 4  # b 3/4, a 1/4
    after_a = (1 - 0.5) ** 2 + 0.5**2
    after_c = (1 - shares[0]) ** 2 + shares[1] ** 2 + shares[2] ** 2
    assert _distance(seen, shares, real) == pytest.approx(0.5 * after_a + 0.25 * after_c)
    assert engine.refusal(source.law()) is None


def test_views_are_small_and_show_a_passage(
    experiment: MakeExperiment, records: Callable[[Experiment], list[Generation]]
) -> None:
    for generation in records(experiment("text", "ngram", schedule=30)):
        view: Any = generation.view
        assert view.kind == "tokens"
        assert view.arrays["ranks"][0] == 1
        assert view.arrays["real"].sum() == pytest.approx(1)
        assert np.all(np.diff(view.arrays["now"]) <= 0)
        assert view.arrays["alive"][0] == np.count_nonzero(view.arrays["now"])
        assert set(view.notes["sample"].split()) <= {
            "the", "cat", "sat", "on", "mat", "and", "dog", "saw",
        }  # fmt: skip


def test_the_embedded_text_is_english_and_large() -> None:
    law = TextSource().law()
    assert law.grams.sizes[0] > 50_000
    assert len(law.words) > 3_000
    assert law.words[0] == "the"
    assert law.grams.order >= 4


BAD: dict[str, tuple[Any, dict[str, Any], str]] = {
    "missing": (None, {}, "does not exist"),
    "empty": ("", {}, "holds no words"),
    "no words": ("... !!! ...", {}, "holds no words"),
    "one word": ("again again Again", {}, "only the word 'again'.* at least 2"),
    "one character": ("aaa", {"unit": "character"}, "only the character 'a'"),
    "one word to fit": ("a a a a a a a a a b", {"test": 0.2}, "only the word 'a'"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00", {}, "not UTF-8 text: byte 0 is 0x89"),
    "NUL bytes": ("a\0b c", {}, "NUL"),
    "nothing left": ("a b c", {"test": 0.95}, "source.test .*less than or equal to 0.9"),
    "vocabulary of one": ("a b c", {"vocabulary": 1}, "source.vocabulary"),
    "unknown key": ("a b c", {"units": "word"}, "did you mean 'unit'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_texts(experiment: MakeExperiment, tmp_path: Path, name: str) -> None:
    content, keys, sentence = BAD[name]
    path = str(tmp_path / "none.txt") if content is None else written_to(tmp_path, content)
    with pytest.raises(InvalidExperimentError, match=sentence) as caught:
        experiment({"name": "text", "path": path, **keys}, "ngram")
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_text(experiment: MakeExperiment, tmp_path: Path) -> None:
    with pytest.raises(InvalidExperimentError, match="is a folder"):
        experiment({"name": "text", "path": str(tmp_path)}, "ngram")


@pytest.mark.parametrize(
    ("content", "engine", "sentence"),
    [
        ("a b c d", {"order": 0}, "engine.order"),
        ("a b c d", {"order": 1.5}, "engine.order"),
        ("a b c d", {"order": 5}, "order 5 .* 4 in all, at most 4"),
        ("a b a b " * 9, {"order": 9}, "order 9 .* at most 8"),
        ("a b c d", {"passage": 0}, "engine.passage"),
        ("a b c d", {"smoothing": 1.5}, "engine.smoothing"),
    ],
)
def test_bad_engines(
    experiment: MakeExperiment, tmp_path: Path, content: str, engine: dict[str, Any], sentence: str
) -> None:
    source = {"name": "text", "path": written_to(tmp_path, content), "test": 0.0}
    with pytest.raises(InvalidExperimentError, match=sentence):
        experiment(source, {"name": "ngram", **engine})


def test_long_windows_of_many_words_are_refused(experiment: MakeExperiment) -> None:
    with pytest.raises(InvalidExperimentError, match="order 7 needs longer windows"):
        experiment({"name": "text", "path": None}, {"name": "ngram", "order": 7})


def test_too_much_to_write_is_refused(experiment: MakeExperiment) -> None:
    with pytest.raises(InvalidExperimentError, match="GB"):
        experiment("text", "ngram", schedule=10**13)
    huge = experiment("text", "ngram-unigram", schedule=10**13)
    assert huge.sizes[1] == 10**13


def test_a_relative_path_is_beside_the_preset(tmp_path: Path) -> None:
    from collapse_tui import load

    written_to(tmp_path, "a b a c b", "mine.txt")
    preset = tmp_path / "mine.toml"
    preset.write_text(
        "format = 1\ngenerations = 2\nreplicates = 1\n"
        '[source]\nname = "text"\npath = "mine.txt"\ntest = 0\n[engine]\nname = "ngram"\n'
    )
    assert load(str(preset)).real_size == 5
