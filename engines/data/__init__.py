"""Data sets as the recursion passes them on: points, moments or counts.

A fit needs only what it needs. A Gaussian needs `Moments`, a categorical model
`Counts`, a kernel density estimate the `Points` themselves. All three combine;
`Points` and `Counts` can also be subsampled, `Moments` cannot.
"""

from engines.data.counts import Counts
from engines.data.form import Data, Form
from engines.data.moments import Moments
from engines.data.points import Points
from engines.data.totals import Totals

FORMS: dict[Form, type[Data]] = {form.form: form for form in (Points, Moments, Counts, Totals)}
"""The class of each form."""

__all__ = ["FORMS", "Counts", "Data", "Form", "Moments", "Points", "Totals"]
