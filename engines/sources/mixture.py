"""A mixture of normal, uniform and gamma laws: Borji's data sets and any other."""

from collections import Counter
from functools import cached_property
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.config import Config, Phrase, Positive, Real, plural, to_tuple
from engines.data import Data, Form, Points
from engines.laws.mixture import GammaShape, MixtureLaw, NormalShape, Shape, UniformShape
from engines.numerics.shares import largest_remainders
from engines.sources.base import SourceConfig
from engines.streams import Purpose, Streams

KEYS: dict[str, tuple[str, ...]] = {
    "normal": ("mean", "sd"),
    "uniform": ("low", "high"),
    "gamma": ("shape", "scale"),
}
NOUNS = {"normal": "Gaussian", "uniform": "uniform", "gamma": "gamma"}
"""What a law of each family is called."""
SHORT = 24
"""Characters of a short phrase."""


class MixtureComponent(Config):
    """One component of a mixture: its family, its weight and the family's two parameters."""

    keys_by = ("family", KEYS)

    family: Literal["normal", "uniform", "gamma"] = Field(description="law of the component")
    weight: Positive = Field(description="relative weight; weights are normalised to sum 1")
    mean: Real | None = Field(default=None, description="mean of a normal component")
    sd: Positive | None = Field(default=None, description="standard deviation of a normal one")
    low: Real | None = Field(default=None, description="lower end of a uniform component")
    high: Real | None = Field(default=None, description="upper end of a uniform component")
    shape: Positive | None = Field(default=None, description="shape k of a gamma component")
    scale: Positive | None = Field(default=None, description="scale θ of a gamma component")

    @model_validator(mode="after")
    def _has_its_parameters(self) -> Self:
        wanted = KEYS[self.family]
        for key in ("mean", "sd", "low", "high", "shape", "scale"):
            given = getattr(self, key) is not None
            if given and key not in wanted:
                raise ValueError(
                    f"a {self.family} component takes {' and '.join(wanted)}, not {key}"
                )
            if not given and key in wanted:
                raise ValueError(f"a {self.family} component needs {key}")
        if self.family == "uniform" and not float(self.low or 0) < float(self.high or 0):
            raise ValueError(f"low must be below high, got {self.low} and {self.high}")
        return self

    @property
    def parameters(self) -> tuple[float, float]:
        """The two parameters of the family, in the order of `KEYS`."""
        first, second = (float(getattr(self, key)) for key in KEYS[self.family])
        return first, second

    def law(self) -> Shape:
        """Return the law of the component."""
        shapes = {"normal": NormalShape, "uniform": UniformShape, "gamma": GammaShape}
        return shapes[self.family](*self.parameters)

    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points, shape (size,)."""
        first, second = self.parameters
        if self.family == "normal":
            return first + second * generator.standard_normal(size)
        if self.family == "uniform":
            return generator.uniform(first, second, size)
        return generator.gamma(first, second, size)


class MixtureSource(SourceConfig):
    """Σ w_j p_j."""

    name = "mixture"
    kind = "real"
    draws = (Form.POINTS,)

    components: Annotated[tuple[MixtureComponent, ...], BeforeValidator(to_tuple)] = Field(
        min_length=1, description="the laws that are mixed, one table each"
    )
    counts: Literal["iid", "fixed"] = Field(
        default="iid",
        description="components of D_0: drawn, or in fixed shares as in Borji's listings",
    )

    @property
    @override
    def phrase(self) -> Phrase:
        families = Counter(NOUNS[component.family] for component in self.components)
        parts = [noun if count == 1 else plural(count, noun) for noun, count in families.items()]
        sum_of = " + ".join(parts)
        count = len(self.components)
        return Phrase(sum_of if len(sum_of) <= SHORT else f"mixture of {count} laws", sum_of)

    @cached_property
    def weights(self) -> FloatArray:
        """Normalised weights, shape (k,)."""
        weights = np.array([component.weight for component in self.components])
        return weights / weights.sum()

    @override
    def law(self) -> MixtureLaw:
        return MixtureLaw(self.weights, tuple(c.law() for c in self.components))

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        uniforms = streams.of(Purpose.COMPONENT).random(int(sizes.sum()))
        owners = np.searchsorted(np.cumsum(self.weights)[:-1], uniforms, side="right")
        return self._draw_points(owners.astype(np.int64), sizes, streams)

    @override
    def draw_real(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return D_0; with ``counts = "fixed"`` in fixed shares (largest remainders)."""
        if self.counts == "iid":
            return self.sample(sizes, form, streams)
        shares = largest_remainders(self.weights, int(sizes[0]))
        owners = np.tile(np.repeat(np.arange(len(shares)), shares), len(sizes))
        return self._draw_points(owners, sizes, streams)

    def _draw_points(self, owners: IntArray, sizes: IntArray, streams: Streams) -> Points:
        values = np.empty(len(owners))
        for index, component in enumerate(self.components):
            mine = owners == index
            generator = streams.of(Purpose.POINT, index)
            values[mine] = component.draw(int(mine.sum()), generator)
        return Points(values, sizes)
