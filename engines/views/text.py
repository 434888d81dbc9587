"""The view of a language model: perplexities of what it writes, and how it goes on with a text."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.arrays import IntArray, even_indices
from engines.laws.blocks import BlocksLaw
from engines.laws.language import LanguageLaw
from engines.metrics.language import blocks_of, perplexities, real_perplexities
from engines.metrics.observation import Observation, Reference
from engines.sampling.conditional import DISPLAY
from engines.streams import Purpose
from engines.views.view import View, shares

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
    def of(cls, reference: Reference, widest: float) -> "TextViewer":
        """Return the viewer of a run.

        Raises
        ------
        TypeError
            If the source is no text in blocks.
        """
        del widest
        if not isinstance(reference.law, BlocksLaw):
            raise TypeError("passages need a text in blocks")
        rows = blocks_of(reference.real)[0]
        return cls(reference.law, rows[even_indices(len(rows), PROMPTS)])

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        return View("text", _histograms(observation), self._notes(observation))

    def _notes(self, observation: Observation) -> dict[str, str]:
        notes = _numbered("prompt", self._read(self.prompts))
        if isinstance(observation.law, LanguageLaw):
            streams = observation.streams.of_part(DISPLAY + observation.streams.generation)
            seed = int(streams.of(Purpose.SHOW).integers(1 << 63))
            notes |= _numbered(
                "continuation", self._read(observation.law.continue_text(0, self.prompts, seed))
            )
        return notes

    def _read(self, rows: IntArray) -> list[str]:
        return [" ".join(self.text.tokenizer.decode(row.tolist()).split()) for row in rows]


def _numbered(word: str, texts: list[str]) -> dict[str, str]:
    return {f"{word} {number}": text for number, text in enumerate(texts, start=1)}


def _histograms(observation: Observation) -> dict[str, Any]:
    if observation.first is None:
        return {name: np.empty(0) for name in ("edges", "real", "now")}
    real, now = real_perplexities(observation)[0], perplexities(observation)[0]
    edges = np.geomspace(1.0, BEYOND * float(np.quantile(real, 0.99)), BINS + 1)
    return {"edges": edges, "real": shares(real, edges), "now": shares(now, edges)}
