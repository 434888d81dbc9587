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
    name : str
        As in `Source.kind`, `EngineConfig.kinds` and `Metric.kinds`.
    words : str
        What its data are, for sentences: "numbers".
    view_path, diagnosis_path : str
        Where `view` and `diagnose` are defined, as "module:name"; imported when first used.
    """

    name: str
    words: str
    view_path: str
    diagnosis_path: str

    @property
    def view(self) -> Any:
        """The function from an `Observation` to the `View` of it, always of replicate 0."""
        return _load(self.view_path)

    @property
    def diagnose(self) -> Any:
        """The function from an `Observation` to early, late and dispersing, shape (R,) each."""
        return _load(self.diagnosis_path)


def _kind(name: str, words: str, view: str, diagnosis: str) -> Kind:
    return Kind(name, words, f"engines.views.{view}", f"engines.metrics.diagnosis:{diagnosis}")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("real", "numbers", "histogram:view_numbers", "diagnose_numbers"),
        _kind("counts", "counts", "histogram:view_numbers", "diagnose_numbers"),
        _kind("states", "states", "states:view_states", "diagnose_states"),
        _kind("tokens", "words", "tokens:view_tokens", "diagnose_states"),
        _kind("real-nd", "vectors", "scatter:view_vectors", "diagnose_vectors"),
        _kind("linear", "inputs and answers", "scatter:view_weights", "diagnose_regression"),
        _kind("images", "images", "images:view_images", "diagnose_images"),
        _kind("text", "blocks of text", "text:view_text", "diagnose_text"),
    )
}
"""All kinds of data by name."""


def describe(kinds: Iterable[str], conjunction: str = "or") -> str:
    """Return what data of some kinds are: "numbers or vectors"."""
    words = [KINDS[kind].words if kind in KINDS else kind for kind in kinds]
    return f" {conjunction} ".join(words)
