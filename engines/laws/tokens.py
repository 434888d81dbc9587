"""The laws of a text and of n-gram models of it.

Both are also laws on the states 0 … V - 1, by the relative frequency of each token.
"""

from dataclasses import dataclass

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.ngrams import Ngrams, pack_windows
from engines.laws.discrete import DiscreteLaw


@dataclass(frozen=True, eq=False, kw_only=True)
class TextLaw(DiscreteLaw):
    """A text: its windows of tokens, each with its relative frequency.

    Attributes
    ----------
    grams : Ngrams
        Windows of the training part, one replicate, as long as codes allow.
    words : tuple of str
        The tokens as text, V of them.
    opening : tuple of str
        The first tokens of the text.
    separator : str
        Text between two tokens.
    test : ndarray of int, shape (T, k)
        Windows of the test part, which no fit sees; -1 for tokens outside the vocabulary.
    """

    grams: Ngrams
    words: tuple[str, ...]
    opening: tuple[str, ...]
    separator: str
    test: IntArray


@dataclass(frozen=True, eq=False, kw_only=True)
class NgramLaw(DiscreteLaw):
    """R n-gram models.

    After a context that a model has seen, the next token is drawn by the counts of what came
    next; after any other context, by the relative frequency of each token.

    Attributes
    ----------
    grams : Ngrams
        Counted windows of the models' order.
    smoothing : float
        λ of `cross_entropy`.
    text : TextLaw
        The source.
    """

    grams: Ngrams
    smoothing: float
    text: TextLaw

    def cross_entropy(self) -> FloatArray:
        """Return the mean of -ln p over the tokens of the test part, shape (R,).

        p = (1 - λ) p_model(token | context) + λ ((1 - λ) p_model(token) + λ / V), the
        interpolation of Jelinek and Mercer. With λ = 0 it is infinite where one of the tokens
        has not been seen after its context. Tokens outside the vocabulary are not scored;
        without any to score it is NaN.
        """
        order, size = self.grams.order, self.grams.vocabulary
        rows = self.text.test[:, self.text.test.shape[1] - order :]
        rows = rows[rows[:, -1] >= 0]
        if not len(rows):
            return np.full(len(self.probabilities), np.nan)
        contexts, tokens, mixed = pack_windows(rows[:, :-1], size), rows[:, -1], self.smoothing
        values: list[float] = []
        for index, shares in enumerate(self.probabilities):
            alone = shares[tokens]
            given = conditional_probability(self.grams.replicate(index), contexts, tokens, alone)
            scored = (1 - mixed) * given + mixed * ((1 - mixed) * alone + mixed / size)
            with np.errstate(divide="ignore"):
                values.append(float(-np.log(scored).mean()))
        return np.array(values)


def conditional_probability(
    grams: Ngrams, contexts: IntArray, tokens: IntArray, otherwise: FloatArray
) -> FloatArray:
    """Return P(token | context) of a single replicate.

    Parameters
    ----------
    grams : Ngrams
    contexts : ndarray of int, shape (n,)
        Codes of the windows without their last token.
    tokens : ndarray of int, shape (n,)
    otherwise : ndarray, shape (n,)
        The probability where the context was never seen.

    Returns
    -------
    ndarray, shape (n,)
    """
    first = contexts * grams.vocabulary
    seen = grams.occurrences(first, first + grams.vocabulary)
    both = grams.occurrences(first + tokens, first + tokens + 1)
    return np.where(seen > 0, both / np.maximum(seen, 1), otherwise)
