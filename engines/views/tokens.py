"""The view of an n-gram model: frequency against rank of its words, and a sample of its text."""

import numpy as np

from engines.arrays import Arrays, FloatArray, IntArray
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import Law, narrow
from engines.laws.tokens import NgramLaw, TextLaw
from engines.metrics.observation import Observation
from engines.sampling.conditional import DISPLAY
from engines.sampling.ngram import generate_passage
from engines.streams import Purpose
from engines.views.strip import BY_RANK, rank_places, strip_arrays
from engines.views.view import View

RANKS = 200
"""Most ranks of a view, evenly spaced on a logarithmic axis."""
SAMPLE = 40
"""Tokens of the passage shown."""


def view_tokens(observation: Observation) -> View:
    """Return the view of one generation: rank against frequency, of the source and of model n."""
    real = observation.baseline.memo.get("shares", lambda: _sort(observation.source))
    now = _sort(observation.law)
    ranks = np.unique(np.geomspace(1, len(real), RANKS).round())
    places = ranks.astype(np.int64) - 1
    arrays = {
        "ranks": ranks,
        "real": real[places],
        "now": now[places],
        "alive": np.array([np.count_nonzero(now), len(now)], dtype=np.float64),
        **_strip(observation),
    }
    return View("tokens", arrays, _sample_text(observation), BY_RANK.name)


def _strip(observation: Observation) -> Arrays:
    """Return how probable the words of some ranks are, which the real text gives them."""
    law, source = observation.laws(DiscreteLaw)
    memo = observation.baseline.memo
    places, high = memo.get("ranks of the strip", lambda: _ranked_words(source))
    return strip_arrays(law.probabilities[0, places], 0.0, high)


def _ranked_words(source: DiscreteLaw) -> tuple[IntArray, float]:
    """Return the words of at most 64 ranks, and the logarithm of the last rank."""
    places, high = rank_places(source.probabilities.shape[1])
    return np.argsort(-source.probabilities[0], kind="stable")[places], high


def _sort(law: Law) -> FloatArray:
    """Return the probabilities of replicate 0, descending."""
    return np.sort(narrow(law, DiscreteLaw).probabilities[0])[::-1]


def _sample_text(observation: Observation) -> dict[str, str]:
    """Return a passage that replicate 0 generates; at generation 0 the opening of the text."""
    law, source = observation.law, observation.source
    if not isinstance(source, TextLaw):
        return {}
    if not isinstance(law, NgramLaw):
        return {"sample": source.separator.join(source.opening)}
    part = DISPLAY + observation.streams.generation
    uniforms = observation.streams.of_part(part).of(Purpose.SHOW).random(SAMPLE)
    numbers: list[int] = generate_passage(law.grams.replicate(0), uniforms).tolist()
    return {"sample": source.separator.join(source.words[number] for number in numbers)}
