"""Data sets as the recursion passes them on: points, or what a fit needs of them.

A fit needs only what it needs. A Gaussian needs `Moments`, a categorical model
`Counts`, a model of text `Ngrams` (counted from `Tokens`, the text itself), a kernel density
estimate the `Points` themselves. All combine; where points can be drawn from again,
`has_subsets` says so. A neural language model is trained on `Blocks` of tokens.
"""

from engines.data.blocks import Blocks
from engines.data.counts import Counts
from engines.data.form import Data, Form
from engines.data.gram import Gram
from engines.data.moments import Moments
from engines.data.ngrams import Ngrams
from engines.data.points import Points
from engines.data.tokens import Tokens
from engines.data.totals import Totals

FORMS: dict[Form, type[Data]] = {
    form.form: form for form in (Points, Moments, Counts, Totals, Gram, Ngrams, Tokens, Blocks)
}
"""The class of each form."""

__all__ = [
    "FORMS",
    "Blocks",
    "Counts",
    "Data",
    "Form",
    "Gram",
    "Moments",
    "Ngrams",
    "Points",
    "Tokens",
    "Totals",
]
