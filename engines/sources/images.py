"""Sets of images: the digits of scikit-learn, the user's own, or a data set of Hugging Face."""

from abc import abstractmethod
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.config import Phrase, Positive
from engines.data import Form, Points
from engines.external.hub import Download
from engines.laws.images import ImageLaw
from engines.sources.base import DataSetSource, SourceConfig
from engines.sources.readers.images import (
    image_files,
    images_download,
    read_image_dataset,
    read_image_file,
)


class ImageSetSource(DataSetSource, SourceConfig):
    """A set of grey images. D_0 is the set; its law resamples the images.

    A point is an image, its pixels row by row, 0 to 1.
    """

    kind = "images"
    draws = (Form.POINTS,)

    redraw: bool = Field(default=False, description="draw other images for each replicate")

    @abstractmethod
    def read(self) -> ImageLaw:
        """Return the images, their labels and their shape."""

    @cached_property
    def _law(self) -> ImageLaw:
        return self.read()

    @property
    @override
    def dimension(self) -> int:
        return self._law.images.shape[1]

    @property
    @override
    def natural_size(self) -> int:
        return len(self._law.images)

    @override
    def law(self) -> ImageLaw:
        return self._law

    @override
    def data_set(self, form: Form) -> Points:
        return Points(self._law.images, np.array([self.natural_size]))


class DigitsSource(ImageSetSource):
    """1,797 digits by 13 writers; a pixel is the mean of 4 × 4 bits, 0 to 1.

    References
    ----------
    .. [1] E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998, doi:10.24432/C50P49 (its test part).
    """

    name = "digits"
    plain_name = "handwritten digits"

    @override
    def read(self) -> ImageLaw:
        return _digits()


@cache
def _digits() -> ImageLaw:
    import sklearn.datasets  # pyright: ignore[reportUnusedImport] - used as `library`, which is untyped

    library: Any = sklearn
    images, labels = library.datasets.load_digits(return_X_y=True)
    return ImageLaw(images / 16.0, labels.astype(np.int64), (8, 8))


class ImagesSource(ImageSetSource):
    """Grey images of one size, from a file, a folder or a data set."""

    name = "images"

    path: str | None = Field(
        default=None, description="an .npz file (x_train or images), or a folder of IDX files"
    )
    range: Positive | None = Field(
        default=None,
        description="value of a white pixel; default: 1, for whole numbers 255 or their largest",
    )
    dataset: str | None = Field(
        default=None, description="a data set in the Hugging Face cache, such as ylecun/mnist"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.path is None) == (self.dataset is None):
            raise ValueError("say either path or dataset")
        return self

    @property
    @override
    def phrase(self) -> Phrase:
        name = Path(self.path).name if self.path else str(self.dataset).rpartition("/")[2]
        return Phrase(name[:24], f"images: {name}")

    @property
    def downloads(self) -> tuple[Download, ...]:
        """Downloads that it needs: none for the user's own files."""
        return () if self.dataset is None else (images_download(self.dataset),)

    @property
    @override
    def files(self) -> tuple[Path, ...]:
        path = self._path
        return () if path is None else tuple(image_files(path))

    @property
    @override
    def content(self) -> str:
        law = self._law
        scaled = f", pixels divided by {law.white:g}" if law.white != 1.0 else ""
        height, width = law.shape
        classes = f"{len(law.classes)} classes" if law.labels is not None else "no labels"
        return f"{len(law.images):,} images of {height} × {width} pixels{scaled}, {classes}"

    @property
    def _path(self) -> Path | None:
        return None if self.path is None else Path(self.path).expanduser()

    @override
    def read(self) -> ImageLaw:
        """Return the images, their labels and their shape.

        Raises
        ------
        InvalidExperimentError
            If they are not there, cannot be read or are not grey images of one size.
        """
        path = self._path
        return (
            read_image_dataset(str(self.dataset))
            if path is None
            else read_image_file(path, self.range)
        )
