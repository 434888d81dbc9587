"""Written digits of 8 × 8 pixels, which scikit-learn carries: there without a network."""

from functools import cache
from typing import Any, ClassVar

import numpy as np

from engines.laws import ImageLaw
from engines.sources.imageset import ImageSet


class Digits(ImageSet):
    """1,797 digits by 13 writers; a pixel is the mean of 4 × 4 bits, 0 to 1.

    References
    ----------
    .. [1] E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998, doi:10.24432/C50P49 (its test part).
    """

    name: ClassVar[str] = "digits"

    def read(self) -> ImageLaw:
        """Return the digits."""
        return _digits()


@cache
def _digits() -> ImageLaw:
    import sklearn.datasets  # pyright: ignore[reportUnusedImport] - used as `library`, which is untyped

    library: Any = sklearn
    images, labels = library.datasets.load_digits(return_X_y=True)
    return ImageLaw(images / 16.0, labels.astype(np.int64), (8, 8))
