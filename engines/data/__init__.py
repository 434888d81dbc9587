"""Data sets between the steps of the recursion: points, or the statistics that a fit needs.

A Gaussian fit needs `Moments`, a categorical model `Counts`, a Poisson fit `Totals`, least
squares a `Gram`, a model of text `Ngrams` (counted from `Tokens`, the text itself), a neural
language model `Blocks` of tokens, a kernel density estimate the `Points`. All forms have unions;
`has_subsets` tells whether points can be drawn from them again.
"""

from engines.data.form import Data, Form
from engines.data.moments import Moments
from engines.data.ngrams import Ngrams
from engines.data.points import Blocks, Points
from engines.data.sums import Counts, Gram, Totals
from engines.data.tokens import Tokens

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
