"""Metrics of n-grams and of blocks of tokens, held to the bounds of docs/metrics.md."""

import math
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engines.base import Context
from engines.data import Blocks
from engines.data.tokens import Ngrams
from engines.families.ngram import Ngram
from engines.laws.language import LanguageLaw
from engines.metrics import bleu, language, sentences, tokens
from engines.metrics.observation import Baseline, Observation
from engines.sources.text import TextSource
from engines.streams import Streams
from tests.engines.metrics.test_language import grams, plain_bleu

WORDS = "abcd"
passages = some.lists(some.sampled_from(WORDS), min_size=3, max_size=40).map(
    lambda drawn: [*WORDS, *drawn]
)
rows_of_tokens = some.tuples(
    some.integers(2, 7), some.integers(4, 9), some.integers(1, 50_000)
).flatmap(
    lambda size: some.lists(
        some.lists(some.integers(0, size[2]), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    ).map(lambda rows: np.array(rows, dtype=np.int64))
)
ENDS = slice(0, -3)
"""Tokens of a passage that are learned; the last three are its test part."""


class Said(LanguageLaw):
    """A language model whose losses are given: those of a block begin with its first token."""

    def negative_logs(self, replicate: int, blocks: Any) -> Any:
        """Return numbers that a block determines, as awkward as losses can be."""
        return np.ldexp(blocks[:, 0] % 97 + 0.5, (blocks[:, 1] % 5) - 6) + replicate


def said(test: Any, batch: int) -> Said:
    text: Any = type("Text", (), {"test": test})
    weights: Any = type("Networks", (), {"tensors": ({}, {})})
    none: Any = None
    return Said(weights, none, text, none, batch, 1)


def look(law: Any, drawn: Any, real: Any, source: Any = None, first: Any = None) -> Observation:
    return Observation(law, drawn, Streams(1, 1), Baseline(source or law, real, 1), first)


def learned(passage: list[str], smoothing: float = 0.0) -> tuple[Any, Any, TextSource]:
    """Return engine, model and source of bigrams of a passage."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(" ".join(passage))
        file.flush()
        source = TextSource(path=str(Path(file.name)), test=3 / len(passage))
        source.law()
    engine = Ngram(order=2, smoothing=smoothing)
    real: Any = source.real(source.natural_size, 1, Ngrams.form, Streams(1, 0))
    return engine, engine.fit(real, Context(Streams(1, 1), None, real)), source


def chances(passage: list[str]) -> tuple[Any, Any]:
    """Return P(x | c) and P(x) of the ring of learned words, as fractions."""
    ring = passage[ENDS]
    pairs = Counter(zip(ring, [*ring[1:], ring[0]], strict=True))
    alone = Counter(ring)
    size = len(ring)
    return (
        lambda x, c: Fraction(pairs[c, x], alone[c]),
        lambda x: Fraction(alone[x], size),
    )


def ring_of(passage: list[str], words: tuple[str, ...]) -> Ngrams:
    """Return the bigrams of a ring of learned words, numbered as another text numbers them."""
    ring = [words.index(word) for word in passage[ENDS]]
    pairs = sorted(Counter(zip(ring, [*ring[1:], ring[0]], strict=True)).items())
    codes = np.array([c * len(words) + x for (c, x), _ in pairs])
    counts = np.array([count for _, count in pairs])
    return Ngrams(codes, counts, np.array([len(pairs)]), len(words), 2)


@settings(max_examples=60, deadline=None)
@given(passages, some.sampled_from([0.0, 0.125, 0.5]))
def test_perplexity_of_bigrams(passage: list[str], smoothing: float) -> None:
    engine, model, source = learned(passage, smoothing)
    following, alone = chances(passage)
    s, whole = Fraction(smoothing), len(passage)
    found = []
    for place in range(whole - 3, whole):
        x, c = passage[place], passage[place - 1]
        found.append((1 - s) * following(x, c) + s * ((1 - s) * alone(x) + s / len(WORDS)))
    law = engine.law(model, source.law())
    value = float(tokens.perplexity(look(law, model.grams, model.grams, source.law()))[0])
    if min(found) == 0:
        assert value == math.inf
    else:
        assert value == pytest.approx(math.exp(-sum(map(math.log, found)) / 3), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(passages, passages)
def test_distance_of_contexts_and_words_alive(real: list[str], drawn: list[str]) -> None:
    engine, _, source = learned(real)
    model = engine.fit(ring_of(drawn, source.law().words), Context(Streams(1, 1), None, None))
    law, ours, theirs = engine.law(model, source.law()), chances(drawn), chances(real)
    expected = sum(
        theirs[1](c) * sum((ours[0](x, c) - theirs[0](x, c)) ** 2 for x in WORDS) for c in WORDS
    )
    seen = look(law, model.grams, model.grams, source.law())
    assert tokens.l2_squared_context(seen)[0] == pytest.approx(float(expected), abs=1e-12)
    assert tokens.vocabulary_alive(seen)[0] == len(set(drawn[ENDS]))


@settings(max_examples=80, deadline=None)
@given(rows_of_tokens)
def test_counts_of_blocks(rows: Any) -> None:
    blocks = Blocks(rows, np.array([len(rows)]))
    seen = look(None, blocks, blocks)
    assert tokens.vocabulary_alive(seen)[0] == len({int(token) for row in rows for token in row})
    repeated = total = 0
    for row in rows:
        windows = grams(row, 4)
        repeated, total = repeated + len(windows) - len(set(windows)), total + len(windows)
    assert language.repetition_rate(seen)[0] == pytest.approx(repeated / total, abs=1e-15)
    for metric, order in ((tokens.ttr, 1), (tokens.distinct_n, 2)):
        windows = [gram for row in rows for gram in grams(row, order)]
        assert metric(seen)[0] == pytest.approx(len(set(windows)) / len(windows), rel=1e-12)
    plain = [plain_bleu(row, np.delete(rows, i, axis=0)) for i, row in enumerate(rows)]
    assert bleu.self_bleu(seen)[0] == pytest.approx(np.mean(plain), rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(rows_of_tokens, rows_of_tokens, some.integers(1, 5))
def test_perplexities_of_blocks(now: Any, real: Any, batch: int) -> None:
    law = said(real, batch)
    drawn, first = (Blocks(rows, np.array([len(rows)])) for rows in (now, real))
    seen = look(law, drawn, first, first=law)
    losses = [float(law.negative_logs(1, row[None])[0]) for row in real]
    mean = math.fsum(losses) / len(losses)
    assert tokens.perplexity(seen)[1] == pytest.approx(math.exp(mean), rel=1e-12)
    parts = [losses[place : place + batch] for place in range(0, len(losses), batch)]
    means = [math.fsum(part) / len(part) for part in parts]
    published = math.exp(math.fsum(means) / len(means))
    assert language.perplexity_as_published(seen)[1] == pytest.approx(published, rel=1e-12)
    theirs = sorted(math.exp(law.negative_logs(0, row[None])[0]) for row in real)
    ours = sorted(math.exp(law.negative_logs(0, row[None])[0]) for row in now)
    middle = (ours[(len(ours) - 1) // 2] + ours[len(ours) // 2]) / 2
    assert language.reference_perplexity(seen)[0] == pytest.approx(middle, rel=1e-12)
    place = 0.99 * (len(theirs) - 1)
    low = int(place)
    edge = theirs[low] + (place - low) * (theirs[min(low + 1, len(theirs) - 1)] - theirs[low])
    clear = [value for value in ours if abs(value / edge - 1) > 1e-9]
    beyond = sum(value > edge for value in clear)
    share = float(language.reference_tail(seen)[0]) * len(ours)
    assert beyond - 1e-9 <= share <= beyond + len(ours) - len(clear) + 1e-9


@settings(max_examples=80, deadline=None)
@given(
    some.lists(some.lists(some.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=2, max_size=6)
)
def test_mean_distance_of_embeddings(vectors: list[list[float]]) -> None:
    """`semantic_diversity` and `syntactic_diversity` are this mean, of what a model makes."""
    vectors = [vector for vector in vectors if math.hypot(*vector) > 1e-3]
    if len(vectors) < 2:
        return
    pairs = [
        1 - sum(a * b for a, b in zip(x, y, strict=True)) / math.hypot(*x) / math.hypot(*y)
        for i, x in enumerate(vectors)
        for y in vectors[:i]
    ]
    found = sentences.mean_distance(np.array(vectors))
    assert found == pytest.approx(math.fsum(pairs) / len(pairs), abs=1e-12)
