"""The table of metrics: name, words, what it is, where it exists and what computes it.

Without suffix a metric compares the law of model n with the law of the source; with
``_sample`` it looks at the points D_n.
"""

from engines.laws.law import Part
from engines.metrics.metric import Metric

TABLE: dict[tuple[str, str], tuple[tuple[str, str, str, str], ...]] = {
    ("by_law", "real states counts"): (
        ("mean", "model's mean", "mean of the model", "mean of model n"),
        ("variance", "variance", "variance of the model", "variance of model n"),
        ("sd", "sd", "standard deviation of the model", "sd of model n"),
        ("log_sigma", "ln sd", "ln of the standard deviation", "ln of the sd of model n"),
        ("skewness", "skewness", "skewness of the model", "skewness of model n"),
        (
            "kurtosis",
            "excess kurtosis",
            "excess kurtosis of the model",
            "excess kurtosis of model n",
        ),
        ("mean_sample", "mean of samples", "mean of the samples", "mean of D_n"),
        ("w1", "W₁ to real law", "W₁ to the real law", "Wasserstein-1 distance to the source"),
        ("energy", "energy distance", "energy distance to the real law", "2E|X-Y|-E|X-X'|-E|Y-Y'|"),
        (
            "tail_mass",
            "tail mass",
            "tail mass beyond 1–99 %",
            "mass beyond the source's 1 and 99 %",
        ),
        (
            "tail_mass_3sd",
            "mass beyond 3 sd",
            "tail mass beyond 3 real sd",
            "mass beyond 3 source sd from its mean",
        ),
        (
            "alive",
            "share alive",
            "share of runs still alive",
            "1 while two states exist or sd is above a tenth of p_0's",
        ),
    ),
    ("by_law", "real states"): (
        ("mmd", "MMD²", "MMD² to the real law", "MMD², Gaussian kernel of one source sd"),
        (
            "variance_sample",
            "sample variance",
            "variance of the samples",
            "variance of D_n, ddof 0",
        ),
        ("skewness_sample", "sample skewness", "skewness of the samples", "skewness of D_n"),
        (
            "kurtosis_sample",
            "sample kurtosis",
            "excess kurtosis of the samples",
            "excess kurtosis of D_n",
        ),
        ("w1_sample", "W₁ to real sample", "W₁ to the real sample", "W₁ between D_n and D_0"),
    ),
    ("by_law", "real real-nd states"): (
        ("w2", "W₂ to real law", "W₂ to the real law", "Wasserstein-2 distance to the source"),
        (
            "w2_squared",
            "risk W₂²",
            "risk: W₂² to the real law",
            "squared W₂: the risk of the papers",
        ),
    ),
    ("by_law", "real real-nd states counts tokens"): (
        ("kl", "KL(model‖real)", "KL(model‖real law), nats", "KL(n‖0), in nats"),
        ("kl_reverse", "KL(real‖model)", "KL(real law‖model), nats", "KL(0‖n), in nats"),
    ),
    ("by_law", "real states tokens"): (
        (
            "js",
            "Jensen-Shannon",
            "Jensen-Shannon to the real law",
            "Jensen-Shannon divergence, in nats",
        ),
    ),
    ("by_law", "real states counts tokens"): (
        ("tv", "total variation", "total variation to the real law", "total variation, 0 to 1"),
    ),
    ("by_law", "real real-nd states tokens"): (
        (
            "l2_squared",
            "squared L² error",
            "squared L² to the real law",
            "∫ (p_n - p_0)² of normal mixtures; Σ (p_n - p_0)² of states",
        ),
    ),
    ("by_law", "real"): (
        ("modes", "modes", "modes of the density", "local maxima of the density"),
    ),
    ("by_law", "states tokens"): (
        ("heterozygosity", "heterozygosity", "heterozygosity 1 − Σp²", "1 - Σp²"),
    ),
    ("by_law", "states"): (
        ("support_alive", "states alive", "states still alive", "states with mass"),
    ),
    ("points", "real"): (
        ("w2_sample", "W₂ to real sample", "W₂ to the real sample", "W₂ between D_n and D_0"),
        (
            "energy_sample",
            "energy, samples",
            "energy distance of the samples",
            "energy distance, 1,000 points of D_n and D_0",
        ),
        ("mmd_sample", "MMD², samples", "MMD² of the samples", "MMD², 1,000 points of D_n and D_0"),
        (
            "kl_as_published",
            "KL, listing",
            "KL, as in the listing",
            "Borji's listing: each histogram on its own range",
        ),
        (
            "kl_shared_bins",
            "KL, shared bins",
            "KL of samples, shared bins",
            "KL(D_n‖D_0) of histograms on shared bins",
        ),
        (
            "kl_shared_bins_reverse",
            "KL reversed, bins",
            "KL reversed, shared bins",
            "KL(D_0‖D_n), histograms on shared bins",
        ),
    ),
    ("real_nd", "real-nd"): (
        ("trace_ratio", "total variance", "total variance over the real one", "tr Σ_n / tr Σ_0"),
        ("log_det_ratio", "ln det ratio", "ln of the determinant ratio", "ln det Σ_n / det Σ_0"),
        (
            "mean_error",
            "error of the mean",
            "squared error of the mean",
            "squared error of the mean",
        ),
        (
            "log_condition",
            "ln condition",
            "ln of the condition number",
            "ln of the condition number of Σ_n where Σ_0 is I",
        ),
    ),
    ("by_law", "linear"): (
        (
            "test_error",
            "test error",
            "test error above the noise",
            "excess test error E (x·ŵ - x·w*)² = ‖ŵ - w*‖²",
        ),
        ("weight_norm", "length of weights", "length of the weights", "length of the weights"),
    ),
    ("tokens", "tokens text"): (
        (
            "vocabulary_alive",
            "words alive",
            "words still alive",
            "different tokens of model n; in blocks, of D_n",
        ),
        (
            "perplexity",
            "perplexity",
            "perplexity of real test text",
            "perplexity of the test part (n-grams: smoothed)",
        ),
        (
            "ttr",
            "types / tokens",
            "different words per word",
            "share of different tokens among 10,000 of D_n",
        ),
        (
            "distinct_n",
            "distinct bigrams",
            "different bigrams per bigram",
            "share of different bigrams among 10,000 of D_n",
        ),
    ),
    ("tokens", "tokens"): (
        (
            "l2_squared_context",
            "L² of contexts",
            "squared L² given the context",
            "mean over contexts c of Σ (p_n(x|c)-p_0(x|c))²",
        ),
    ),
    ("language", "text"): (
        (
            "perplexity_as_published",
            "batch perplexity",
            "perplexity, as in the paper's code",
            "exp of the mean of the loss over batches",
        ),
        (
            "reference_perplexity",
            "text perplexity",
            "perplexity of the text, model 1",
            "median over D_n's blocks under model 1",
        ),
        (
            "reference_tail",
            "odd texts",
            "texts that model 1 finds odd",
            "share of D_n above D_0's 99 % perplexity quantile",
        ),
        (
            "repetition_rate",
            "repeated 4-grams",
            "repeated 4-grams in a block",
            "share of 4-grams seen before in their block",
        ),
    ),
    ("bleu", "text"): (
        (
            "self_bleu",
            "self-BLEU",
            "self-BLEU of the text",
            "mean BLEU-4 of a block of D_n with others",
        ),
    ),
    ("sentences", "text"): (
        (
            "semantic_diversity",
            "semantic diversity",
            "semantic diversity of the text",
            "mean distance of D_n's embeddings",
        ),
        (
            "syntactic_diversity",
            "syntactic div.",
            "syntactic diversity of the text",
            "mean distance of D_n's dependency trees",
        ),
    ),
    ("images", "images"): (
        (
            "latent_sd",
            "sd of latents",
            "standard deviation of latents",
            "sd of D_n's latents, mean over coordinates",
        ),
        (
            "latent_variance",
            "latent variance",
            "variance of the latents",
            "variance of D_n's latents, mean over coordinates",
        ),
        (
            "latent_tail_mass",
            "latents beyond ±2",
            "latents beyond ±2",
            "share of D_n's latents beyond ±2",
        ),
        (
            "latent_kl",
            "KL of latents",
            "KL of the latents to N(0, I)",
            "KL of D_n's latents to N(0, I), by their moments, in nats",
        ),
        (
            "reconstruction_error",
            "reconstruction",
            "reconstruction error, model 1",
            "cross-entropy of D_n decoded by model 1, nats",
        ),
        (
            "nearest_real",
            "nearest real",
            "distance to the nearest real one",
            "mean distance of an image to the nearest real one",
        ),
        (
            "pixel_variance_ratio",
            "pixel variance",
            "pixel variance over the real one",
            "total pixel variance of D_n over that of D_0",
        ),
        (
            "class_entropy",
            "class entropy",
            "entropy of an image's class",
            "entropy of an image's class, mean over D_n",
        ),
        (
            "class_balance",
            "class balance",
            "class shares, distance to real",
            "total variation of class shares, D_n to D_0",
        ),
    ),
}
"""Module below `engines.metrics` and kinds of data → name, label, title, sentence of metrics.

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
        title,
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
    for name, label, title, sentence in rows
}
"""All metrics by name."""
