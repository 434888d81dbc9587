"""The table of metrics: name, label, what it is, where it exists and what computes it.

Without suffix a metric compares the law of model n with the law of the source; with
``_sample`` it looks at the points D_n.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pkgutil import resolve_name

from engines.arrays import BoolArray, FloatArray
from engines.base import Source
from engines.cost import CALL, TOUCH, Cost, Load
from engines.laws.law import Law, Part
from engines.metrics.observation import Observation

_load = cache(resolve_name)


@dataclass(frozen=True, slots=True)
class Metric:
    """One number per replicate and generation.

    Attributes
    ----------
    name : str
    label : str
        For chart titles, at most 18 characters.
    sentence : str
        What it is, for help and documentation.
    kinds : tuple of str
        Kinds of data for which it is defined (`engines.kinds.KINDS`).
    function : str
        "module:function", imported when first called: `Observation` → array of shape (R,).
    density : bool
        Whether it needs a density of the source, which a file does not have.
    needs : mapping of str to Part
        Kind of data → what the laws of source and engine must have there.
    obstacle_function : str
        "module:function" behind `obstacle`; empty where there is never an obstacle.
    pairs : frozenset of str
        Kinds of data of which it compares all pairs of states.
    answer : bool
        Whether its values are yes and no, stored as 1 and 0: across replicates they are a share.
    """

    name: str
    label: str
    sentence: str
    kinds: tuple[str, ...]
    function: str
    density: bool = False
    needs: Mapping[str, Part] = field(default_factory=dict[str, Part])
    obstacle_function: str = ""
    pairs: frozenset[str] = frozenset()
    answer: bool = False

    def cost(self, source: Source, load: Load, size: float) -> Cost:
        """Return what one generation takes, where each law is looked at in `size` points."""
        count = source.state_count
        numbers = 4 * count**2 if source.kind in self.pairs else 0
        looked_at = 6 * size * load.replicates
        if self.name.endswith("_sample"):
            looked_at += 2 * load.drawn * load.replicates
        work = TOUCH * (2 * numbers + looked_at + 40 * load.replicates)
        keys = f"replicates or {source.cost.keys}"
        memory = 8.0 * (numbers + looked_at)
        return Cost(f"the numbers of metric {self.name!r}", memory, keys, 2 * CALL + work)

    def compute(self, observation: Observation) -> FloatArray | BoolArray:
        """Return the values of one generation, shape (R,); True and False are stored as 1 and 0."""
        return _load(self.function)(observation)

    def obstacle(self, source: Law) -> str | None:
        """Return why it cannot be measured of this source or on this machine, or None.

        Some metrics need labels of the source, or further models.
        """
        return _load(self.obstacle_function)(source) if self.obstacle_function else None


TABLE: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {
    ("by_law", "real states counts"): (
        ("mean", "mean", "mean of model n"),
        ("variance", "variance", "variance of model n"),
        ("sd", "sd", "sd of model n"),
        ("log_sigma", "ln sd", "ln of the sd of model n"),
        ("skewness", "skewness", "skewness of model n"),
        ("kurtosis", "excess kurtosis", "excess kurtosis of model n"),
        ("mean_sample", "mean of D", "mean of D_n"),
        ("w1", "W₁", "Wasserstein-1 distance to the source"),
        ("energy", "energy distance", "2E|X-Y|-E|X-X'|-E|Y-Y'|"),
        ("tail_mass", "tail mass", "mass beyond the source's 1 and 99 %"),
        ("tail_mass_3sd", "mass beyond 3 sd", "mass beyond 3 source sd from its mean"),
        ("alive", "still alive", "1 while two states exist or sd is above a tenth of p_0's"),
    ),
    ("by_law", "real states"): (
        ("mmd", "MMD²", "MMD², Gaussian kernel of one source sd"),
        ("variance_sample", "variance of D", "variance of D_n, ddof 0"),
        ("skewness_sample", "skewness of D", "skewness of D_n"),
        ("kurtosis_sample", "kurtosis of D", "excess kurtosis of D_n"),
        ("w1_sample", "W₁ of D", "W₁ between D_n and D_0"),
    ),
    ("by_law", "real real-nd states"): (
        ("w2", "W₂", "Wasserstein-2 distance to the source"),
        ("w2_squared", "W₂²", "squared W₂: the risk of the papers"),
    ),
    ("by_law", "real real-nd states counts tokens"): (
        ("kl", "KL(n‖0)", "KL(n‖0), in nats"),
        ("kl_reverse", "KL(0‖n)", "KL(0‖n), in nats"),
    ),
    ("by_law", "real states tokens"): (("js", "JS", "Jensen-Shannon divergence, in nats"),),
    ("by_law", "real states counts tokens"): (
        ("tv", "total variation", "total variation, 0 to 1"),
    ),
    ("by_law", "real real-nd states tokens"): (
        ("l2_squared", "‖p - p₀‖²", "∫ (p_n - p_0)² of normal mixtures; Σ (p_n - p_0)² of states"),
    ),
    ("by_law", "real"): (("modes", "modes", "local maxima of the density"),),
    ("by_law", "states tokens"): (("heterozygosity", "heterozygosity", "1 - Σp²"),),
    ("by_law", "states"): (("support_alive", "states alive", "states with mass"),),
    ("points", "real"): (
        ("w2_sample", "W₂ of D", "W₂ between D_n and D_0"),
        ("energy_sample", "energy of D", "energy distance, 1,000 points of D_n and D_0"),
        ("mmd_sample", "MMD² of D", "MMD², 1,000 points of D_n and D_0"),
        ("kl_as_published", "KL as published", "Borji's listing: each histogram on its own range"),
        ("kl_shared_bins", "KL shared bins", "KL(D_n‖D_0) of histograms on shared bins"),
        ("kl_shared_bins_reverse", "KL shared, reverse", "KL(D_0‖D_n), histograms on shared bins"),
    ),
    ("real_nd", "real-nd"): (
        ("trace_ratio", "tr Σ / tr Σ₀", "tr Σ_n / tr Σ_0"),
        ("log_det_ratio", "ln det ratio", "ln det Σ_n / det Σ_0"),
        ("mean_error", "‖μ - μ₀‖²", "squared error of the mean"),
        ("log_condition", "ln condition", "ln of the condition number of Σ_n where Σ_0 is I"),
    ),
    ("by_law", "linear"): (
        ("test_error", "test error", "excess test error E (x·ŵ - x·w*)² = ‖ŵ - w*‖²"),
        ("weight_norm", "‖ŵ‖", "length of the weights"),
    ),
    ("tokens", "tokens text"): (
        ("vocabulary_alive", "words alive", "different tokens of model n; in blocks, of D_n"),
        ("perplexity", "perplexity", "perplexity of the test part (n-grams: smoothed)"),
        ("ttr", "types / tokens", "share of different tokens among 10,000 of D_n"),
        ("distinct_n", "distinct-2", "share of different bigrams among 10,000 of D_n"),
    ),
    ("tokens", "tokens"): (
        ("l2_squared_context", "L² of contexts", "mean over contexts c of Σ (p_n(x|c)-p_0(x|c))²"),
    ),
    ("language", "text"): (
        ("perplexity_as_published", "batch perplexity", "exp of the mean of the loss over batches"),
        ("reference_perplexity", "perplexity of D", "median over D_n's blocks under model 1"),
        ("reference_tail", "tail of D", "share of D_n above D_0's 99 % perplexity quantile"),
        ("repetition_rate", "repeated 4-grams", "share of 4-grams seen before in their block"),
    ),
    ("bleu", "text"): (("self_bleu", "self-BLEU", "mean BLEU-4 of a block of D_n with others"),),
    ("sentences", "text"): (
        ("semantic_diversity", "semantic diversity", "mean distance of D_n's embeddings"),
        ("syntactic_diversity", "syntactic div.", "mean distance of D_n's dependency trees"),
    ),
    ("images", "images"): (
        ("latent_sd", "sd of latents", "sd of D_n's latents, mean over coordinates"),
        ("latent_variance", "latent variance", "variance of D_n's latents, mean over coordinates"),
        ("latent_tail_mass", "latents beyond ±2", "share of D_n's latents beyond ±2"),
        ("latent_kl", "KL of latents", "KL of D_n's latents to N(0, I), by their moments, in nats"),
        ("reconstruction_error", "reconstruction", "cross-entropy of D_n decoded by model 1, nats"),
        ("nearest_real", "nearest real", "mean distance of an image to the nearest real one"),
        ("pixel_variance_ratio", "pixel variance", "total pixel variance of D_n over that of D_0"),
        ("class_entropy", "class entropy", "entropy of an image's class, mean over D_n"),
        ("class_balance", "class balance", "total variation of class shares, D_n to D_0"),
    ),
}
"""Module below `engines.metrics` and kinds of data → name, label and sentence of each metric.

A metric is computed by the function of its module that bears its name.
"""
NEED_DENSITY = frozenset({"kl", "kl_reverse", "js", "tv"})
ND_NORMAL = {"real-nd": Part.NORMAL}
NEEDS: dict[str, dict[str, Part]] = {
    **dict.fromkeys(("w2", "w2_squared", "kl", "kl_reverse"), ND_NORMAL),
    "l2_squared": {"real": Part.COMPONENTS, "real-nd": Part.COMPONENTS},
}
PAIRS = {"mmd": frozenset({"states"})}
ANSWERS = frozenset({"alive"})
OBSTACLES = {
    "semantic_diversity": "engines.metrics.sentences:no_embedding",
    "syntactic_diversity": "engines.metrics.sentences:no_parser",
    **dict.fromkeys(("class_entropy", "class_balance"), "engines.metrics.images:no_labels"),
}

METRICS: dict[str, Metric] = {
    name: Metric(
        name,
        label,
        sentence,
        tuple(kinds.split()),
        f"engines.metrics.{module}:{name}",
        density=name in NEED_DENSITY,
        needs=NEEDS.get(name, {}),
        obstacle_function=OBSTACLES.get(name, ""),
        pairs=PAIRS.get(name, frozenset()),
        answer=name in ANSWERS,
    )
    for (module, kinds), rows in TABLE.items()
    for name, label, sentence in rows
}
"""All metrics by name."""
