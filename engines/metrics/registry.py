"""The table of metrics: name, label, what it is, where it exists and what computes it.

Without suffix a metric compares the law of model n with the law of the source; with
``_sample`` it looks at the points D_n.
"""

from typing import Any

from engines.laws.law import Part
from engines.metrics.metric import Metric

ND_NORMAL = {"real-nd": Part.NORMAL}
MIXTURES = {"real": Part.COMPONENTS, "real-nd": Part.COMPONENTS}


def _rows(module: str, kinds: str, *rows: tuple[str, str, str], **options: Any) -> list[Metric]:
    """Return metrics of one module, each computed by the function that bears its name.

    Parameters
    ----------
    module : str
        Below `engines.metrics`.
    kinds : str
        Kinds of data, separated by spaces.
    *rows : tuple of str
        Name, label and sentence of each metric.
    **options
        Further fields of `Metric`, the same for all rows.
    """
    path = f"engines.metrics.{module}"
    return [
        Metric(name, label, sentence, tuple(kinds.split()), f"{path}:{name}", **options)
        for name, label, sentence in rows
    ]


TABLE: tuple[Metric, ...] = (
    *_rows(
        "by_law",
        "real states counts",
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
    *_rows(
        "by_law",
        "real states",
        ("mmd", "MMD²", "MMD², Gaussian kernel of one source sd"),
        ("variance_sample", "variance of D", "variance of D_n, ddof 0"),
        ("skewness_sample", "skewness of D", "skewness of D_n"),
        ("kurtosis_sample", "kurtosis of D", "excess kurtosis of D_n"),
        ("w1_sample", "W₁ of D", "W₁ between D_n and D_0"),
    ),
    *_rows(
        "by_law",
        "real real-nd states",
        ("w2", "W₂", "Wasserstein-2 distance to the source"),
        ("w2_squared", "W₂²", "squared W₂: the risk of the papers"),
        needs=ND_NORMAL,
    ),
    *_rows(
        "by_law",
        "real real-nd states counts tokens",
        ("kl", "KL(n‖0)", "KL(n‖0), in nats"),
        ("kl_reverse", "KL(0‖n)", "KL(0‖n), in nats"),
        density=True,
        needs=ND_NORMAL,
    ),
    *_rows(
        "by_law",
        "real states tokens",
        ("js", "JS", "Jensen-Shannon divergence, in nats"),
        density=True,
    ),
    *_rows(
        "by_law",
        "real states counts tokens",
        ("tv", "total variation", "total variation, 0 to 1"),
        density=True,
    ),
    *_rows(
        "by_law",
        "real real-nd states tokens",
        ("l2_squared", "‖p - p₀‖²", "∫ (p_n - p_0)² of normal mixtures; Σ (p_n - p_0)² of states"),
        needs=MIXTURES,
    ),
    *_rows("by_law", "real", ("modes", "modes", "local maxima of the density")),
    *_rows("by_law", "states tokens", ("heterozygosity", "heterozygosity", "1 - Σp²")),
    *_rows("by_law", "states", ("support_alive", "states alive", "states with mass")),
    *_rows(
        "points",
        "real",
        ("w2_sample", "W₂ of D", "W₂ between D_n and D_0"),
        ("energy_sample", "energy of D", "energy distance, 1,000 points of D_n and D_0"),
        ("mmd_sample", "MMD² of D", "MMD², 1,000 points of D_n and D_0"),
        ("kl_as_published", "KL as published", "Borji's listing: each histogram on its own range"),
        ("kl_shared_bins", "KL shared bins", "KL(D_n‖D_0) of histograms on shared bins"),
        ("kl_shared_bins_reverse", "KL shared, reverse", "KL(D_0‖D_n), histograms on shared bins"),
    ),
    *_rows(
        "real_nd",
        "real-nd",
        ("trace_ratio", "tr Σ / tr Σ₀", "tr Σ_n / tr Σ_0"),
        ("log_det_ratio", "ln det ratio", "ln det Σ_n / det Σ_0"),
        ("mean_error", "‖μ - μ₀‖²", "squared error of the mean"),
        ("log_condition", "ln condition", "ln of the condition number of Σ_n where Σ_0 is I"),
    ),
    *_rows(
        "by_law",
        "linear",
        ("test_error", "test error", "excess test error E (x·ŵ - x·w*)² = ‖ŵ - w*‖²"),
        ("weight_norm", "‖ŵ‖", "length of the weights"),
    ),
    *_rows(
        "tokens",
        "tokens text",
        ("vocabulary_alive", "words alive", "different tokens of model n; in blocks, of D_n"),
        ("perplexity", "perplexity", "perplexity of the test part (n-grams: smoothed)"),
        ("ttr", "types / tokens", "share of different tokens among 10,000 of D_n"),
        ("distinct_n", "distinct-2", "share of different bigrams among 10,000 of D_n"),
    ),
    *_rows(
        "tokens",
        "tokens",
        ("l2_squared_context", "L² of contexts", "mean over contexts c of Σ (p_n(x|c)-p_0(x|c))²"),
    ),
    *_rows(
        "language",
        "text",
        ("perplexity_as_published", "batch perplexity", "exp of the mean of the loss over batches"),
        ("reference_perplexity", "perplexity of D", "median over D_n's blocks under model 1"),
        ("reference_tail", "tail of D", "share of D_n above D_0's 99 % perplexity quantile"),
        ("repetition_rate", "repeated 4-grams", "share of 4-grams seen before in their block"),
    ),
    *_rows("bleu", "text", ("self_bleu", "self-BLEU", "mean BLEU-4 of a block of D_n with others")),
    *_rows(
        "sentences",
        "text",
        ("semantic_diversity", "semantic diversity", "mean distance of D_n's embeddings"),
        obstacle_function="engines.metrics.sentences:no_embedding",
    ),
    *_rows(
        "sentences",
        "text",
        ("syntactic_diversity", "syntactic div.", "mean distance of D_n's dependency trees"),
        obstacle_function="engines.metrics.sentences:no_parser",
    ),
    *_rows(
        "images",
        "images",
        ("latent_sd", "sd of latents", "sd of D_n's latents, mean over coordinates"),
        ("latent_variance", "latent variance", "variance of D_n's latents, mean over coordinates"),
        ("latent_tail_mass", "latents beyond ±2", "share of D_n's latents beyond ±2"),
        ("latent_kl", "KL of latents", "KL of D_n's latents to N(0, I), by their moments, in nats"),
        ("reconstruction_error", "reconstruction", "cross-entropy of D_n decoded by model 1, nats"),
        ("nearest_real", "nearest real", "mean distance of an image to the nearest real one"),
        ("pixel_variance_ratio", "pixel variance", "total pixel variance of D_n over that of D_0"),
    ),
    *_rows(
        "images",
        "images",
        ("class_entropy", "class entropy", "entropy of an image's class, mean over D_n"),
        ("class_balance", "class balance", "total variation of class shares, D_n to D_0"),
        obstacle_function="engines.metrics.images:no_labels",
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in TABLE}
"""All metrics by name."""
