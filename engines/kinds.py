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
    judged : str
        By what it is decided, in a few words.
    beside : tuple of str
        Metrics of which it says nothing, though a reader may take them for it: told where they
        have grown while the stage is stable.
    unit : str
        What M counts.
    """

    words: str
    view_path: str
    diagnosis: str
    strips: str
    shown: tuple[int, int]
    stages: Mapping[str, str] = field(default_factory=dict[str, str])
    tells: tuple[str, ...] = ()
    judged: str = ""
    beside: tuple[str, ...] = ()
    unit: str = "samples"

    def describe_stage(self, stage: str) -> str:
        """Return what a stage says of such data, as a clause."""
        return self.stages.get(stage) or STAGES.get(stage, "")

    def describe_stages(self) -> list[tuple[str, str]]:
        """Return each stage that such data may be in, and what it says, `stable` first."""
        found = [(stage, words) for stage, words in self.stages.items() if stage != "stable"]
        return [("stable", f"none of the others, judged by {self.judged}"), *found]

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
    "early": "at least one state is lost",
    "late": "less than half of the real diversity is left",
}
WORDS = {**STATES, "early": "at least one word is lost"}
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
    "diverged": STAGES["diverged"],
}
TEXTS = {
    "stable": "words and pairs of words are about as varied as in the real text",
    "early": "less than 90 % of the different words is left",
    "late": "less than half of the different pairs of words is left",
    "dispersing": "over a tenth of the texts is odder to model 1 than 99 % of the real ones",
    "diverged": STAGES["diverged"],
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
        judged="variance and tails",
    ),
    "counts": Kind(
        "counts",
        "histogram:view_numbers",
        "diagnose_numbers",
        "density",
        (430, 0),
        NUMBERS,
        ("variance", "alive", "tail_mass"),
        judged="variance and tails",
    ),
    "states": Kind(
        "states",
        "states:view_states",
        "diagnose_states",
        "states ranks",
        (32, 1),
        STATES,
        ("heterozygosity", "support_alive", "alive"),
        judged="states and diversity",
    ),
    "tokens": Kind(
        "words",
        "tokens:view_tokens",
        "diagnose_states",
        "ranks",
        (280, 0),
        WORDS,
        ("heterozygosity", "vocabulary_alive"),
        judged="words and diversity",
        unit="words",
    ),
    "real-nd": Kind(
        "vectors",
        "scatter:view_vectors",
        "diagnose_vectors",
        "first-axis axes",
        (1_030, 0),
        VECTORS,
        ("log_det_ratio", "trace_ratio"),
        judged="volume",
    ),
    "linear": Kind(
        "inputs and answers",
        "scatter:view_weights",
        "diagnose_regression",
        "weights",
        (32, 1),
        ANSWERS,
        ("test_error",),
        judged="error of the weights",
    ),
    "images": Kind(
        "images",
        "images:view_images",
        "diagnose_images",
        "latent",
        (130, 64),
        IMAGES,
        ("pixel_variance_ratio", "latent_tail_mass"),
        judged="pixels and latents",
        unit="images",
    ),
    "text": Kind(
        "blocks of text",
        "text:view_text",
        "diagnose_text",
        "perplexity",
        (230, 3),
        TEXTS,
        ("distinct_n", "ttr", "reference_tail"),
        judged="variety of words",
        beside=("perplexity",),
        unit="blocks of text",
    ),
}
"""All kinds of data by name, as in `Source.kind`, `EngineConfig.kinds`, `Metric.kinds`."""


def describe(kinds: Iterable[str], conjunction: str = "or") -> str:
    """Return what data of some kinds are: "numbers or vectors"."""
    words = [KINDS[kind].words if kind in KINDS else kind for kind in kinds]
    return f" {conjunction} ".join(words)
