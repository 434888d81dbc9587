"""The table of kinds of data: all that the program needs to know to measure and draw one.

A new kind is one entry here, a view, a diagnosis, and metrics that name it in their kinds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pkgutil import resolve_name
from typing import Any

_load = cache(resolve_name)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data: what a source gives, an engine fits and a metric measures.

    Attributes
    ----------
    words : str
        What its data are, for sentences: "numbers".
    view_path : str
        Where `view` is defined, as "module:name" below `engines.views`; imported when first used.
    diagnosis : str
        Name of `diagnose` in `engines.metrics.diagnosis`.
    strips : str
        What its view may hold in the strip of a run: names of `engines.views.strip.STRIPS`,
        separated by spaces.
    shown : (int, int)
        Numbers of a view that differ from those of the view before: so many, and so many more for
        each state or coordinate of the source.
    """

    words: str
    view_path: str
    diagnosis: str
    strips: str
    shown: tuple[int, int]

    @property
    def view(self) -> Any:
        """The function from an `Observation` to the `View` of it, always of replicate 0."""
        return _load(f"engines.views.{self.view_path}")

    @property
    def diagnose(self) -> Any:
        """The function from an `Observation` to early, late and dispersing, shape (R,) each."""
        return _load(f"engines.metrics.diagnosis:{self.diagnosis}")


KINDS = {
    "real": Kind("numbers", "histogram:view_numbers", "diagnose_numbers", "density", (430, 0)),
    "counts": Kind("counts", "histogram:view_numbers", "diagnose_numbers", "density", (430, 0)),
    "states": Kind("states", "states:view_states", "diagnose_states", "states ranks", (32, 1)),
    "tokens": Kind("words", "tokens:view_tokens", "diagnose_states", "ranks", (280, 0)),
    "real-nd": Kind(
        "vectors", "scatter:view_vectors", "diagnose_vectors", "first-axis axes", (1_030, 0)
    ),
    "linear": Kind(
        "inputs and answers", "scatter:view_weights", "diagnose_regression", "weights", (32, 1)
    ),
    "images": Kind("images", "images:view_images", "diagnose_images", "latent", (130, 64)),
    "text": Kind("blocks of text", "text:view_text", "diagnose_text", "perplexity", (230, 3)),
}
"""All kinds of data by name, as in `Source.kind`, `EngineConfig.kinds`, `Metric.kinds`."""


def describe(kinds: Iterable[str], conjunction: str = "or") -> str:
    """Return what data of some kinds are: "numbers or vectors"."""
    words = [KINDS[kind].words if kind in KINDS else kind for kind in kinds]
    return f" {conjunction} ".join(words)
