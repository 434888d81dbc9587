"""Arrays as text inside a page: 32-bit numbers in base64, each array once."""

import base64

import numpy as np
from numpy.typing import NDArray


class ArrayPool:
    """Arrays that a page refers to by their numbers; equal ones are stored once."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self.texts: list[str] = []
        self.size: int = 0

    def add(self, values: NDArray[np.floating] | NDArray[np.integer]) -> int:
        """Return the number of an array, stored as little-endian 32-bit numbers."""
        with np.errstate(over="ignore"):
            return self._add(np.ascontiguousarray(values, dtype="<f4").tobytes())

    def add_pixels(self, images: NDArray[np.floating]) -> int:
        """Return the number of grey images of 0 to 1, stored as bytes."""
        return self._add(np.rint(np.clip(images, 0.0, 1.0) * 255).astype(np.uint8).tobytes())

    def _add(self, data: bytes) -> int:
        number = self._numbers.get(data)
        if number is None:
            number = self._numbers[data] = len(self.texts)
            self.texts.append(base64.b64encode(data).decode("ascii"))
            self.size += len(self.texts[-1])
        return number
