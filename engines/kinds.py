"""The table of kinds of data: all that the program needs to know to measure and draw one.

A new kind is one entry here, a view, a diagnosis, and metrics that name it in their kinds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
    stages : mapping of str to str
        What each stage of the diagnosis says of such data, as a clause; `STAGES` says the rest.
    tells : tuple of str
        Metrics by which it is decided, of which those that are measured are told with it.
    """

    words: str
    view_path: str
    diagnosis: str
    strips: str
    shown: tuple[int, int]
    stages: Mapping[str, str] = field(default_factory=dict[str, str])
    tells: tuple[str, ...] = ()

    def describe_stage(self, stage: str) -> str:
        """Return what a stage says of such data, as a clause."""
        return self.stages.get(stage) or STAGES.get(stage, "")

    @property
    def view(self) -> Any:
        """The function from an `Observation` to the `View` of it, always of replicate 0."""
        return _load(f"engines.views.{self.view_path}")

    @property
    def diagnose(self) -> Any:
        """The function from an `Observation` to early, late and dispersing, shape (R,) each."""
        return _load(f"engines.metrics.diagnosis:{self.diagnosis}")


STAGES = {
    "stable": "still close to the real data",
    "early": "the tails are thinning out",
    "late": "most of the diversity is gone",
    "dispersing": "it spreads far beyond the real data",
    "diverged": "a training met numbers that are not finite",
}
"""What a stage says of data of any kind."""
NUMBERS = {
    "early": "less than half of the mass in the real tails is left",
    "late": "the variance is below a quarter of the real one",
    "dispersing": "the variance is more than half above the real one",
}
STATES = {
    "early": "states are lost",
    "late": "less than half of the real diversity is left",
}
WORDS = {**STATES, "early": "words are lost"}
VECTORS = {
    "late": "the volume, by dimension, is below a quarter of the real one",
    "dispersing": "the volume, by dimension, is more than half above the real one",
}
ANSWERS = {
    "stable": "the error of the weights is still below the noise",
    "dispersing": "the error of the weights exceeds the noise of an answer",
}
IMAGES = {
    "early": "less than half of the tails of the real latents is left",
    "late": "the variance of the pixels is below a quarter of the real one",
    "dispersing": "the variance of the pixels is more than half above the real one",
}
TEXTS = {
    "early": "fewer different words are written",
    "late": "less than half of the different pairs of words is left",
    "dispersing": "many texts are such as the first model finds improbable",
}

KINDS = {
    "real": Kind(
        "numbers",
        "histogram:view_numbers",
        "diagnose_numbers",
        "density",
        (430, 0),
        NUMBERS,
        ("variance", "sd", "tail_mass"),
    ),
    "counts": Kind(
        "counts",
        "histogram:view_numbers",
        "diagnose_numbers",
        "density",
        (430, 0),
        NUMBERS,
        ("variance", "alive", "tail_mass"),
    ),
    "states": Kind(
        "states",
        "states:view_states",
        "diagnose_states",
        "states ranks",
        (32, 1),
        STATES,
        ("heterozygosity", "support_alive", "alive"),
    ),
    "tokens": Kind(
        "words",
        "tokens:view_tokens",
        "diagnose_states",
        "ranks",
        (280, 0),
        WORDS,
        ("heterozygosity", "vocabulary_alive"),
    ),
    "real-nd": Kind(
        "vectors",
        "scatter:view_vectors",
        "diagnose_vectors",
        "first-axis axes",
        (1_030, 0),
        VECTORS,
        ("log_det_ratio", "trace_ratio"),
    ),
    "linear": Kind(
        "inputs and answers",
        "scatter:view_weights",
        "diagnose_regression",
        "weights",
        (32, 1),
        ANSWERS,
        ("test_error",),
    ),
    "images": Kind(
        "images",
        "images:view_images",
        "diagnose_images",
        "latent",
        (130, 64),
        IMAGES,
        ("pixel_variance_ratio", "latent_tail_mass"),
    ),
    "text": Kind(
        "blocks of text",
        "text:view_text",
        "diagnose_text",
        "perplexity",
        (230, 3),
        TEXTS,
        ("distinct_n", "ttr", "reference_tail"),
    ),
}
"""All kinds of data by name, as in `Source.kind`, `EngineConfig.kinds`, `Metric.kinds`."""


def describe(kinds: Iterable[str], conjunction: str = "or") -> str:
    """Return what data of some kinds are: "numbers or vectors"."""
    words = [KINDS[kind].words if kind in KINDS else kind for kind in kinds]
    return f" {conjunction} ".join(words)
