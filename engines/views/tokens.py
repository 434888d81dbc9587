"""The view of an n-gram model: frequency against rank of its words, and a sample of its text."""

from dataclasses import dataclass

import numpy as np

from engines.arrays import FloatArray
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import Law, narrow
from engines.laws.tokens import NgramLaw, TextLaw
from engines.metrics.observation import Baseline, Observation
from engines.sampling.conditional import DISPLAY
from engines.sampling.ngram import generate_passage
from engines.streams import Purpose
from engines.views.view import View

RANKS = 200
"""Most ranks of a view, evenly spaced on a logarithmic axis."""
SAMPLE = 40
"""Tokens of the passage shown."""


@dataclass(frozen=True, eq=False)
class TokensViewer:
    """Rank against frequency, of the source and of model n.

    Attributes
    ----------
    ranks : ndarray, shape (b,)
    real : ndarray, shape (b,)
        Probability of the word of each rank in p_0.
    """

    ranks: FloatArray
    real: FloatArray

    @classmethod
    def of(cls, baseline: Baseline, widest: float) -> "TokensViewer":
        """Return the viewer of a run."""
        del widest
        ordered = _sort(baseline.law)
        ranks = np.unique(np.geomspace(1, len(ordered), RANKS).round())
        return cls(ranks, _at_ranks(ordered, ranks))

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        ordered = _sort(observation.law)
        arrays = {
            "ranks": self.ranks,
            "real": self.real,
            "now": _at_ranks(ordered, self.ranks),
            "alive": np.array([np.count_nonzero(ordered), len(ordered)], dtype=np.float64),
        }
        return View("tokens", arrays, _sample_text(observation))


def _sort(law: Law) -> FloatArray:
    """Return the probabilities of replicate 0, descending."""
    return np.sort(narrow(law, DiscreteLaw).probabilities[0])[::-1]


def _at_ranks(ordered: FloatArray, ranks: FloatArray) -> FloatArray:
    return ordered[ranks.astype(np.int64) - 1]


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
