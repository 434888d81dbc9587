"""The table of kinds of data: all that the program needs to know to measure and draw one.

A new kind is one entry here, a viewer, a diagnosis, and metrics that name it in their kinds.
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
    viewer_path, diagnosis_path : str
        Where `viewer` and `diagnose` are defined, as "module:name"; imported when first used.
    """

    name: str
    words: str
    viewer_path: str
    diagnosis_path: str

    @property
    def viewer(self) -> Any:
        """The function from a `Baseline` and the largest sd by theory to the viewer of a run."""
        return _load(self.viewer_path)

    @property
    def diagnose(self) -> Any:
        """The function from an `Observation` to early, late and dispersing, shape (R,) each."""
        return _load(self.diagnosis_path)


def _kind(name: str, words: str, viewer: str, diagnosis: str) -> Kind:
    return Kind(name, words, f"engines.views.{viewer}", f"engines.metrics.diagnosis:{diagnosis}")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("real", "numbers", "histogram:HistogramViewer.of", "diagnose_numbers"),
        _kind("counts", "counts", "histogram:HistogramViewer.of", "diagnose_numbers"),
        _kind("states", "states", "states:StatesViewer.of", "diagnose_states"),
        _kind("tokens", "words", "tokens:TokensViewer.of", "diagnose_states"),
        _kind("real-nd", "vectors", "scatter:ScatterViewer.of", "diagnose_vectors"),
        _kind("linear", "inputs and answers", "scatter:WeightsViewer.of", "diagnose_regression"),
        _kind("images", "images", "images:ImagesViewer.of", "diagnose_images"),
        _kind("text", "blocks of text", "text:TextViewer.of", "diagnose_text"),
    )
}
"""All kinds of data by name."""


def describe(kinds: Iterable[str], conjunction: str = "or") -> str:
    """Return what data of some kinds are: "numbers or vectors"."""
    words = [KINDS[kind].words if kind in KINDS else kind for kind in kinds]
    return f" {conjunction} ".join(words)
