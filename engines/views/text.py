"""The view of a language model: perplexities of what it writes, and how it continues a text."""

from dataclasses import dataclass

import numpy as np

from engines.arrays import FloatArray, IntArray, even_indices
from engines.laws.blocks import BlocksLaw
from engines.laws.language import LanguageLaw
from engines.laws.law import narrow
from engines.metrics.language import blocks_of, perplexities, real_perplexities
from engines.metrics.observation import Baseline, Observation
from engines.sampling.conditional import DISPLAY
from engines.streams import Purpose
from engines.views.view import View
from engines.views.viewer import bin_shares

BINS = 60
BEYOND = 10.0
"""The last edge, in units of the 99 % quantile of D_0's perplexities."""
PROMPTS = 3


@dataclass(frozen=True, eq=False)
class TextViewer:
    """Histograms of perplexities under the reference model, and a few fixed prompts.

    Attributes
    ----------
    text : BlocksLaw
    prompts : ndarray of int, shape (m, L)
        Blocks of D_0.
    """

    text: BlocksLaw
    prompts: IntArray

    @classmethod
    def of(cls, baseline: Baseline, widest: float) -> "TextViewer":
        """Return the viewer of a run."""
        del widest
        rows = blocks_of(baseline.real)[0]
        return cls(narrow(baseline.law, BlocksLaw), rows[even_indices(len(rows), PROMPTS)])

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        return View("text", _histograms(observation), self._notes(observation))

    def _notes(self, observation: Observation) -> dict[str, str]:
        notes = _number("prompt", self._decode(self.prompts))
        law, streams = observation.law, observation.streams
        if isinstance(law, LanguageLaw):
            show = streams.of_part(DISPLAY + streams.generation).of(Purpose.SHOW)
            seed = int(show.integers(1 << 63))
            texts = self._decode(law.continue_text(0, self.prompts, seed))
            notes |= _number("continuation", texts)
        return notes

    def _decode(self, rows: IntArray) -> list[str]:
        return [" ".join(self.text.tokenizer.decode(row.tolist()).split()) for row in rows]


def _number(word: str, texts: list[str]) -> dict[str, str]:
    return {f"{word} {number}": text for number, text in enumerate(texts, start=1)}


def _histograms(observation: Observation) -> dict[str, FloatArray]:
    edges, real, now = np.empty(0), np.empty(0), np.empty(0)
    if observation.first_law is not None:
        real, now = real_perplexities(observation)[0], perplexities(observation)[0]
        edges = np.geomspace(1.0, BEYOND * float(np.quantile(real, 0.99)), BINS + 1)
        real, now = (bin_shares(np.sort(values), edges) for values in (real, now))
    return {"edges": edges, "real": real, "now": now}
