"""Text models: counting, writing, the exact laws of unigrams, and what is refused."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from collapse_tui.events import Generation
from collapse_tui.execution.runner import resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve
from engines.base import Context
from engines.data import Counts, Ngrams
from engines.data.ngrams import pack_windows
from engines.families.discrete import Discrete
from engines.families.ngram import Ngram
from engines.sampling import ngram as ngram_sampling
from engines.sources.readers.text import number_tokens
from engines.sources.readers.units import tokenize
from engines.sources.text import TextSource
from engines.streams import Streams
from engines.theory.discrete import partial

MakeExperiment = Callable[..., Experiment]

STREAMS = Streams(3, 1, 1)


def written_to(folder: Path, content: str | bytes, name: str = "text.txt") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def random_text(count: int = 4_000, kinds: int = 7) -> str:
    """Return words of a Markov chain, so that contexts matter."""
    generator = np.random.default_rng(2)
    rows = generator.dirichlet(np.full(kinds, 0.6), size=kinds)
    word, words = 0, []
    for uniform in generator.random(count):
        word = int(np.searchsorted(np.cumsum(rows[word]), uniform * 0.999999))
        words.append(f"w{word}")
    return " ".join(words)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> TextSource:
    """Give a text of 4,000 words of a Markov chain on seven, all for training."""
    return TextSource(path=written_to(tmp_path_factory.mktemp("text"), random_text()), test=0.0)


def fitted(source: TextSource, order: int, replicates: int = 1, **keys: Any) -> Any:
    engine = Ngram(order=order, **keys)
    real: Any = source.real(source.natural_size, replicates, Ngrams.form, Streams(1, 0))
    return engine, engine.fit(real, Context(Streams(1, 1), None, real))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_fit_counts_the_windows_of_the_ring(chain: TextSource, order: int) -> None:
    words = tokenize(Path(str(chain.path)).read_text(), "word", lower=True)
    numbers = number_tokens(words, None)
    ids = [numbers[word] for word in words]
    ring = ids[len(ids) - order + 1 :] + ids if order > 1 else ids
    direct = Counter(tuple(ring[i : i + order]) for i in range(len(ids)))
    engine, model = fitted(chain, order)
    windows = np.array(sorted(direct))
    assert np.array_equal(model.codes, pack_windows(windows, len(numbers)))
    assert model.counts.tolist() == [direct[tuple(window)] for window in windows.tolist()]
    law = engine.law(model, chain.law())
    assert law.probabilities[0] == pytest.approx(np.bincount(ids) / len(ids))
    assert np.array_equal(law.probabilities, chain.law().probabilities)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_next_words_follow_the_counts(chain: TextSource, order: int) -> None:
    """Chi-square of all windows against the text's, at a fixed seed."""
    engine, model = fitted(chain, order, passage=50)
    sizes = np.array([400_000])
    drawn = Ngrams.of(engine.sample(model, sizes, engine.draws[0], Context(STREAMS, None, None)))
    assert drawn.sizes.tolist() == [400_000]
    contexts = model.codes // 7
    seen, expected = np.zeros(len(contexts)), np.zeros(len(contexts))
    seen[np.searchsorted(model.codes, drawn.codes)] = drawn.counts
    rows = np.bincount(contexts, seen, minlength=contexts.max() + 1)
    totals = np.bincount(contexts, model.counts, minlength=contexts.max() + 1)
    expected = rows[contexts] * model.counts / totals[contexts]
    assert expected.min() > 5
    freedom = len(contexts) - np.count_nonzero(totals)
    assert stats.chi2.sf(((seen - expected) ** 2 / expected).sum(), freedom) > 1e-3
    wrong = rows[contexts] * (rows[model.codes % 7] / rows.sum()) if order == 2 else seen[::-1]
    odd = ((seen - wrong) ** 2 / np.maximum(wrong, 1)).sum()
    assert stats.chi2.sf(odd, freedom) < 1e-12
    # Read as a ring, the text is stationary: contexts keep their shares too.
    if order > 1:
        assert rows / rows.sum() == pytest.approx(totals / totals.sum(), abs=0.01)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("most", [0, 1 << 25])
def test_all_passages_at_once_are_each_written_token_by_token(
    chain: TextSource, monkeypatch: pytest.MonkeyPatch, order: int, most: int
) -> None:
    monkeypatch.setattr(ngram_sampling, "MOST_EVENTS", most)
    _, model = fitted(chain, order, replicates=2)
    grams = model.grams
    # Of the second replicate most windows are gone, so that there are dead ends.
    thin = grams.subset(np.array([4_000, 9]), np.random.default_rng(0), replacement=False)
    sizes = np.array([23, 40])
    written = ngram_sampling.generate_texts(thin, sizes, 10, np.random.default_rng(5)).grams
    uniforms = np.random.default_rng(5).random(63)
    for r, texts in enumerate((uniforms[:23], uniforms[23:])):
        pieces = [texts[i : i + 10] for i in range(0, len(texts), 10)]
        alone = thin.replicate(r)
        tokens = [ngram_sampling.generate_passage(alone, piece) for piece in pieces]
        counts = np.bincount(np.concatenate(tokens), minlength=7)
        assert np.array_equal(written.dense()[r], counts)


def test_a_dead_end_starts_anew() -> None:
    """After 2 nothing is known: the next window is any, by its count."""
    grams = Ngrams(np.array([1, 5]), np.array([3, 1]), np.array([2]), 3, 2)  # 0→1, 1→2
    sizes = np.array([40_000])
    drawn = ngram_sampling.generate_texts(grams, sizes, 40_000, np.random.default_rng(1))
    # From 0→1 always 1→2; from there 0→1 with 3/4: stationary 0→1 in 3 of 7.
    assert drawn.grams.counts[0] / 40_000 == pytest.approx(3 / 7, abs=0.01)


@pytest.mark.parametrize("order", [1, 2])
def test_a_replicate_does_not_depend_on_those_beside_it(chain: TextSource, order: int) -> None:
    law = chain.law()
    few, many = (fitted(chain, order, replicates) for replicates in (2, 5))
    texts = []
    for engine, model in (few, many):
        sizes = np.full(len(model.entries), 300)
        drawn = Ngrams.of(
            engine.sample(model, sizes, engine.draws[0], Context(STREAMS, None, None))
        )
        texts.append([drawn.replicate(r).arrays() for r in range(2)])
        assert not np.array_equal(texts[-1][0]["counts"], texts[-1][1]["counts"])
        assert engine.law(model, law).cross_entropy().shape == model.entries.shape
    for left, right in zip(*texts, strict=True):
        assert all(np.array_equal(left[name], right[name]) for name in left)


def test_unigrams_are_the_discrete_engine_bit_for_bit(tmp_path: Path) -> None:
    words = " ".join(["a"] * 40 + ["b"] * 30 + ["c"] * 20 + ["d"] * 10)
    text = TextSource(path=written_to(tmp_path, words), test=0.0)
    engine, model = fitted(text, 1, replicates=4)
    states = Discrete()
    counts = model.grams.dense()
    for generation in range(1, 30):
        streams = Streams(5, generation, generation)
        sizes = np.full(4, 50)
        ours = engine.sample(model, sizes, Ngrams.form, Context(streams, None, None))
        theirs: Any = states.fit(Counts(counts), Context(streams, None, ours))
        drawn: Any = states.sample(theirs, sizes, states.draws[0], Context(streams, None, ours))
        assert np.array_equal(ours.dense(), drawn.counts)
        model, counts = engine.fit(ours, Context(streams, None, ours)), drawn.counts
        left, right = engine.law(model, text.law()), states.fit(drawn, Context(streams, None, ours))
        assert np.array_equal(left.probabilities, right.probabilities)


def records_of(source: str, policy: dict[str, Any], size: int, **top: Any) -> list[Generation]:
    document = {
        "format": 1,
        "seed": 4,
        "source": {"name": "text", "path": source, "test": 0.0},
        "engine": {"name": "ngram", "order": 1},
        "policy": policy,
        "schedule": {"name": "constant", "size": size},
        "metrics": {"names": ["l2_squared", "heterozygosity", "vocabulary_alive"]},
        **top,
    }
    return [event for event in run(resolve("t", document)) if isinstance(event, Generation)]


@pytest.mark.slow
def test_partial_synthesis(tmp_path: Path, mean: Any) -> None:
    """docs/theory.md §10 through the whole program: N = 100 words kept, n = 200 written."""
    words = " ".join(["a"] * 40 + ["b"] * 30 + ["c"] * 20 + ["d"] * 10)
    path = written_to(tmp_path, words)
    keep = {"name": "mix", "keep": 1 / 3}
    found = records_of(path, keep, 300, generations=12, replicates=6_000)
    exact = partial.distance(0.7, 100, 200, 11)
    assert not found[1].metrics["l2_squared"].any()
    for n in (2, 6, 12):
        assert mean.agrees(found[n].metrics["l2_squared"], exact[n - 1]), n
        assert mean.agrees(found[n].metrics["heterozygosity"], 0.7 - exact[n - 1]), n
    assert exact[11] < partial.largest_distance(0.7, 100)
    # The negative control: a fifth of the real words, or none.
    less = records_of(path, keep | {"keep": 1 / 15}, 300, generations=12, replicates=2_000)
    assert mean.differs(less[12].metrics["l2_squared"], exact[11])


@pytest.mark.parametrize(
    "policy",
    [
        {"name": "mix", "fresh": 0.2},
        {"name": "mix", "previous": 0.3},
        {"name": "mix", "keep": 0.25},
        {"name": "accumulate"},
        {"name": "subsample", "replacement": True},
    ],
    ids=str,
)
def test_every_policy_agrees_with_its_exact_law(
    tmp_path: Path, mean: Any, policy: dict[str, Any]
) -> None:
    from collapse_tui.execution.overlays import curves_of

    words = " ".join(["a"] * 16 + ["b"] * 12 + ["c"] * 8 + ["d"] * 4)
    path = written_to(tmp_path, words)
    top = {"generations": 8, "replicates": 3_000}
    found = records_of(path, policy, 40, **top)
    document = {
        "format": 1, "source": {"name": "text", "path": path, "test": 0.0},
        "engine": {"name": "ngram", "order": 1}, "policy": policy,
        "schedule": {"name": "constant", "size": 40},
        "metrics": {"names": ["l2_squared", "heterozygosity"]}, **top,
    }  # fmt: skip
    curves, _ = curves_of(resolve("t", document))
    exact = {curve.metric: curve.values for curve in curves if curve.status == "exact"}
    assert set(exact) == {"l2_squared", "heterozygosity"}
    for n in (2, 8):
        for metric, values in exact.items():
            assert mean.agrees(found[n].metrics[metric], values[n]), (metric, n)
    assert mean.differs(found[8].metrics["l2_squared"], 1.3 * exact["l2_squared"][8])


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(
    "policy",
    [
        {"name": "mix", "previous": 0.2, "fresh": 0.1},
        {"name": "mix", "keep": 0.3},
        {"name": "accumulate"},
        {"name": "subsample"},
    ],
    ids=str,
)
def test_a_stopped_run_goes_on_exactly(
    tmp_path: Path, text_file: Path, order: int, policy: dict[str, Any]
) -> None:
    def document(generations: int) -> dict[str, Any]:
        return {
            "format": 1, "generations": generations, "replicates": 2,
            "source": {"name": "text", "path": str(text_file)},
            "engine": {"name": "ngram", "order": order}, "policy": policy,
            "metrics": {"names": ["perplexity", "vocabulary_alive", "ttr"]},
        }  # fmt: skip

    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    list(run(resolve("t", document(8)), folder=whole))
    list(run(resolve("t", document(3)), folder=stopped))
    list(resume(stopped, generations=8))
    assert (whole / "metrics.jsonl").read_bytes() == (stopped / "metrics.jsonl").read_bytes()
