"""The user's own images, or a data set of images in the Hugging Face cache."""

from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, model_validator

from engines.external.hub import Download
from engines.laws import ImageLaw
from engines.sources.imageset import ImageSet
from engines.sources.readers.images import PATTERN, read_dataset, read_path


class Images(ImageSet):
    """Grey images of one size, from a file, a folder or a data set."""

    name: ClassVar[str] = "images"

    path: str | None = Field(
        default=None, description="an .npz file (x_train or images), or a folder of IDX files"
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
    def downloads(self) -> tuple[Download, ...]:
        """What must be fetched for it: nothing for the user's own files."""
        return () if self.dataset is None else (Download(self.dataset, "dataset", (PATTERN,)),)

    def read(self) -> ImageLaw:
        """Return the images.

        Raises
        ------
        InvalidExperimentError
            If they are not there, cannot be read or are no grey images of one size.
        """
        if self.dataset is not None:
            return read_dataset(self.dataset)
        return read_path(Path(str(self.path)).expanduser())
