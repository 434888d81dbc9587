"""The view of a language model: perplexities of what it writes, and how it continues a text."""

import numpy as np

from engines.arrays import FloatArray, even_indices
from engines.laws.blocks import BlocksLaw
from engines.laws.language import LanguageLaw
from engines.laws.law import narrow
from engines.metrics.language import blocks_of, perplexities
from engines.metrics.observation import Observation
from engines.sampling.conditional import DISPLAY
from engines.streams import Purpose
from engines.views.points import reference_histograms
from engines.views.strip import PERPLEXITY, strip_of_bins
from engines.views.view import View

BINS = 60
BEYOND = 10.0
"""The last edge, in units of the 99 % quantile of D_0's perplexities."""
PROMPTS = 3


def view_text(observation: Observation) -> View:
    """Return the view of one generation.

    Histograms of perplexities under the reference model, and a few fixed prompts: blocks of D_0.
    """
    edges, real, now = reference_histograms(observation, perplexities, _edges)
    strip = strip_of_bins(np.log10(edges), real, now)
    arrays = {"edges": edges, "real": real, "now": now, **strip}
    return View("text", arrays, _notes(observation), PERPLEXITY.name)


def _notes(observation: Observation) -> dict[str, str]:
    law, streams = observation.law, observation.streams
    tokenizer = narrow(observation.source, BlocksLaw).tokenizer
    rows = blocks_of(observation.baseline.real)[0]
    prompts = rows[even_indices(len(rows), PROMPTS)]
    passages = {"prompt": prompts}
    if isinstance(law, LanguageLaw):
        show = streams.of_part(DISPLAY + streams.generation).of(Purpose.SHOW)
        passages["continuation"] = law.continue_text(0, prompts, int(show.integers(1 << 63)))
    return {
        f"{word} {number}": " ".join(tokenizer.decode(row.tolist()).split())
        for word, blocks in passages.items()
        for number, row in enumerate(blocks, start=1)
    }


def _edges(real: FloatArray) -> FloatArray:
    return np.geomspace(1.0, BEYOND * float(np.quantile(real, 0.99)), BINS + 1)
