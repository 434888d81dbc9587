"""What sources of images share: the set itself is D_0, as a file of numbers is."""

from abc import abstractmethod
from functools import cached_property
from typing import ClassVar

import numpy as np
from pydantic import Field

from engines.arrays import IntArray
from engines.data import Data, Form, Points
from engines.laws import ImageLaw
from engines.sources.base import SourceConfig
from engines.streams import Purpose, Streams


class ImageSet(SourceConfig):
    """A set of grey images. D_0 is the set; its law resamples the images.

    Fewer than there are are drawn without replacement, more with; fresh data are always drawn
    with replacement. A point is an image, its pixels row by row, 0 to 1.
    """

    kind: ClassVar[str] = "images"
    draws: ClassVar[tuple[Form, ...]] = (Form.POINTS,)

    redraw: bool = Field(default=False, description="draw images anew for each replicate")

    @abstractmethod
    def read(self) -> ImageLaw:
        """Return the images, their labels and their shape."""

    @cached_property
    def _law(self) -> ImageLaw:
        return self.read()

    @property
    def dimension(self) -> int:
        """Pixels of an image."""
        return self._law.images.shape[1]

    @property
    def natural_size(self) -> int:
        """Number of images."""
        return len(self._law.images)

    def law(self) -> ImageLaw:
        """Return the law of the images, with one replicate."""
        return self._law

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return images drawn with replacement, `sizes` for each replicate."""
        del form
        indices = streams.of(Purpose.INDEX).integers(0, self.natural_size, int(sizes.sum()))
        return Points(self._law.images[indices], sizes)

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0: the set itself, or so many of its images."""
        drawn = replicates if self.redraw else 1
        if size > self.natural_size:
            return super().real(size, replicates, form, streams)
        sizes = np.full(drawn, self.natural_size, dtype=np.int64)
        whole = Points(np.tile(self._law.images, (drawn, 1)), sizes)
        if size < self.natural_size:
            generator = streams.of(Purpose.SUBSET)
            wanted = np.full(drawn, size, dtype=np.int64)
            whole = whole.subset(wanted, generator, replacement=False)
        return whole if self.redraw else whole.repeated(replicates)
