"""The n-gram engine: the next token follows the counts of what came after its context.

A linear softmax on one-hot contexts has these relative frequencies for its optimum, so that
each context is a Wright-Fisher chain of its own: a token that is not drawn once is lost for
ever. With order 1 there is one context, and the engine is the discrete one on words.

References
----------
.. [1] M. E. A. Seddik, S.-W. Chen, S. Hayou, P. Youssef, M. Debbah, "How Bad is Training on
   Synthetic Data? A Statistical Analysis of Language Model Collapse", 2024, arXiv:2404.05090.
.. [2] A. T. Suresh, A. Thangaraj, A. N. K. Khandavally, "Rate of Model Collapse in Recursive
   Training", 2024, arXiv:2412.17646 (unigram and bigram models of wikitext).
.. [3] F. Jelinek, R. L. Mercer, "Interpolated estimation of Markov source parameters from
   sparse data", 1980 (the smoothing).
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import IntArray
from engines.base import Context, EngineConfig
from engines.config import Phrase, Share, Size, Words
from engines.cost import CALL, DRAW, Cost, Load
from engines.data import Data, Form, Ngrams
from engines.laws.tokens import NgramLaw, TextLaw
from engines.sampling.ngram import generate_texts
from engines.situation import Situation
from engines.streams import Purpose


class NgramModel(NamedTuple):
    """Counted windows (see `engines.data.ngrams`).

    Attributes
    ----------
    codes, counts : ndarray of int, shape (E,)
    entries : ndarray of int, shape (R,)
    shape : ndarray of int, shape (2,)
        Vocabulary V and order.
    """

    codes: IntArray
    counts: IntArray
    entries: IntArray
    shape: IntArray

    @property
    def grams(self) -> Ngrams:
        """The windows as data."""
        return Ngrams(self.codes, self.counts, self.entries, *self.shape.tolist())


class Ngram(EngineConfig):
    """Fit the relative frequencies of the next token given the order - 1 before it."""

    name = "ngram"
    kinds = ("tokens",)
    fits = Form.NGRAMS
    changeable = frozenset({"passage", "smoothing"})
    held_by_real_data = True
    model: ClassVar = NgramModel
    default_metrics: ClassVar = {
        "tokens": ("perplexity", "vocabulary_alive", "heterozygosity", "ttr", "l2_squared", "tv"),
    }

    setting_words: ClassVar = {
        "passage": Words("L", "passage", "tokens written from one start", 3),
        "smoothing": Words("", "smoothing", "uniform share in perplexity", 5),
    }

    order: Size = Field(default=2, description="tokens of a window: 1 unigram, 2 bigram, …")
    passage: Size = Field(
        default=64, le=100_000, description="tokens written from one start (order 2 and above)"
    )
    smoothing: Share = Field(
        default=0.1,
        description="share of tokens and uniform mixed in when perplexity is scored; writing and"
        " all else use the counts alone",
    )

    @property
    def draws(self) -> tuple[Form, ...]:  # pyright: ignore[reportIncompatibleVariableOverride] - depends on `order`
        """Forms that it samples: counted tokens for order 1, else a text."""
        return (Form.NGRAMS if self.order == 1 else Form.TOKENS,)

    @property
    @override
    def phrase(self) -> Phrase:
        name = {1: "unigrams", 2: "bigrams", 3: "trigrams"}.get(self.order, f"{self.order}-grams")
        passages = f", passages of {self.passage:,}" if self.order > 1 else ""
        return Phrase(name, f"frequencies of {name}{passages}")

    @property
    def theory_name(self) -> str:
        """The engine whose laws hold for it: with order 1 that of relative frequencies."""
        return "discrete" if self.order == 1 else self.name

    @override
    def drift(self, situation: Situation) -> str:
        place = "" if self.order == 1 else " in their contexts"
        return f"each text of {situation.size:,} words misses rare words{place}"

    @override
    def refusal(self, source: TextLaw) -> str | None:
        if self.order <= source.grams.order:
            return None
        words, length = len(source.words), int(source.grams.sizes[0])
        return (
            f"of order {self.order} needs longer windows than this text gives: with"
            f" {words:,} different tokens, {length:,} in all, at most {source.grams.order}"
        )

    @override
    def cost(self, source: Any, load: Load) -> Cost:
        """Return what the words and windows of all replicates take."""
        words, windows = self.law_size(source), self.model_size(source, load.fitted)
        # counted words come from D_0 with all its windows
        real = source.natural_size if self.order == 1 else 0
        return Cost(
            "the words of this run",
            8.0 * load.replicates * (8 * words + 4 * windows + 6 * real),
            "replicates or source.vocabulary",
            10 * CALL + load.replicates * DRAW * (8 * words + windows / 2),
        )

    @override
    def model_size(self, source: Any, fitted: float) -> float:
        """Return the numbers of one model: codes and counts of its windows."""
        return 2 * min(fitted, float(self.law_size(source)) ** min(self.order, 8))

    @override
    def law_size(self, source: Any) -> float:
        """Return the number of different words."""
        return len(source.law().words)

    def fit(self, data: Ngrams, context: Context) -> NgramModel:
        """Return the counts of the windows of this order."""
        grams = data.trim(self.order)
        shape = np.array([grams.vocabulary, grams.order], dtype=np.int64)
        return NgramModel(grams.codes, grams.counts, grams.entries, shape)

    def sample(self, model: NgramModel, sizes: IntArray, form: Form, context: Context) -> Data:
        """Return `sizes` tokens of each replicate: iid for order 1, else written in passages."""
        grams = model.grams
        if self.order > 1:
            return generate_texts(grams, sizes, self.passage, context.streams.of(Purpose.POINT))
        shares = grams.dense() / grams.sizes[:, None]
        return Ngrams.of_dense(context.streams.of(Purpose.COUNT).multinomial(sizes, shares))

    def law(self, model: NgramModel, source: TextLaw) -> NgramLaw:
        """Return the law of the model on the tokens of the source."""
        grams = model.grams
        return NgramLaw(
            grams.dense() / grams.sizes[:, None],
            source.values,
            has_values=False,
            grams=grams,
            smoothing=self.smoothing,
            text=source,
        )
