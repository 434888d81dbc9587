"""The table of metrics: name, where it exists, how it is computed.

Without suffix a metric compares the law of model n with the law of the source; with
``_sample`` it looks at the points D_n.
"""

from dataclasses import replace

from engines.laws.law import Part
from engines.metrics import bleu, images, language, normal_pairs, points, sentences, states, tokens
from engines.metrics import by_law as computing
from engines.metrics.by_law import Compute
from engines.metrics.metric import Metric

REAL, ND, STATES = ("real",), ("real-nd",), ("states",)
TOKENS, TEXT = ("tokens",), ("text",)
TEXTS = ("tokens", "text")
IMAGES = ("images",)
BOTH, ANY = ("real", "states"), ("real", "states", "counts")
ALL = ("real", "real-nd", "states")
ND_NORMAL = {"real-nd": Part.NORMAL}


def _text(
    name: str, label: str, compute: Compute, sentence: str, kinds: tuple[str, ...] = TOKENS
) -> Metric:
    return Metric(name, label, kinds, False, compute, sentence)


def _image(name: str, label: str, compute: Compute, sentence: str) -> Metric:
    return Metric(name, label, IMAGES, False, compute, sentence)


def _class(name: str, label: str, compute: Compute, sentence: str) -> Metric:
    return replace(_image(name, label, compute, sentence), absent=images.no_labels)


TABLE: tuple[Metric, ...] = (
    Metric("mean", "mean", ANY, False, computing.of_law("mean"), "mean of model n"),
    Metric("variance", "variance", ANY, False, computing.of_law("variance"), "variance of model n"),
    Metric("sd", "sd", ANY, False, computing.of_law("sd"), "sd of model n"),
    Metric("log_sigma", "ln sd", ANY, False, computing.of_law("log_sd"), "ln of the sd of model n"),
    Metric("skewness", "skewness", ANY, False, computing.of_law("skewness"), "skewness of model n"),
    Metric(
        "kurtosis", "excess kurtosis", ANY, False, computing.of_law("kurtosis"), "excess kurtosis"
    ),
    Metric(
        "mean_sample",
        "mean of D",
        ANY,
        False,
        lambda observation: observation.sample_moments[0],
        "mean of D_n",
    ),
    Metric(
        "variance_sample",
        "variance of D",
        BOTH,
        False,
        lambda observation: observation.sample_moments[1],
        "variance of D_n, ddof 0",
    ),
    Metric(
        "skewness_sample",
        "skewness of D",
        BOTH,
        False,
        lambda observation: computing.sample_moment(observation, 3),
        "skewness of D_n",
    ),
    Metric(
        "kurtosis_sample",
        "kurtosis of D",
        BOTH,
        False,
        lambda observation: computing.sample_moment(observation, 4),
        "excess kurtosis of D_n",
    ),
    Metric("w1", "W₁", ANY, False, computing.pair("w1"), "Wasserstein-1 distance to the source"),
    Metric("w2", "W₂", ALL, False, computing.w2, "Wasserstein-2 distance to the source", ND_NORMAL),
    Metric(
        "w2_squared",
        "W₂²",
        ALL,
        False,
        computing.w2_squared,
        "squared W₂: the risk of the papers",
        ND_NORMAL,
    ),
    Metric(
        "kl",
        "KL(n‖0)",
        (*ALL, "counts", "tokens"),
        True,
        computing.either(computing.pair("kl"), computing.of_matched(normal_pairs.kl_nd)),
        "KL(n‖0)",
        ND_NORMAL,
    ),
    Metric(
        "kl_reverse",
        "KL(0‖n)",
        (*ALL, "counts", "tokens"),
        True,
        computing.either(
            computing.kl_reverse,
            computing.of_matched(lambda law, source: normal_pairs.kl_nd(source, law)),
        ),
        "KL(0‖n), in nats",
        ND_NORMAL,
    ),
    Metric(
        "js",
        "JS",
        (*BOTH, *TOKENS),
        True,
        computing.pair("js"),
        "Jensen-Shannon divergence, in nats",
    ),
    Metric(
        "tv",
        "total variation",
        (*ANY, *TOKENS),
        True,
        computing.pair("tv"),
        "total variation, 0 to 1",
    ),
    Metric(
        "energy", "energy distance", ANY, False, computing.pair("energy"), "2E|X-Y|-E|X-X'|-E|Y-Y'|"
    ),
    Metric("mmd", "MMD²", BOTH, False, computing.mmd, "MMD², Gaussian kernel of one source sd"),
    Metric("w1_sample", "W₁ of D", BOTH, False, computing.w1_sample, "W₁ between D_n and D_0"),
    Metric("w2_sample", "W₂ of D", REAL, False, points.w2_sample, "W₂ between D_n and D_0"),
    Metric(
        "energy_sample", "energy of D", REAL, False, points.energy_sample, "on 1,000 points each"
    ),
    Metric("mmd_sample", "MMD² of D", REAL, False, points.mmd_sample, "on 1,000 points each"),
    Metric(
        "kl_as_published",
        "KL as published",
        REAL,
        False,
        points.kl_as_published,
        "Borji's listing: each histogram on its own range",
    ),
    Metric(
        "kl_shared_bins",
        "KL shared bins",
        REAL,
        False,
        points.kl_shared_bins,
        "KL(D_n‖D_0) of histograms on shared bins",
    ),
    Metric(
        "kl_shared_bins_reverse",
        "KL shared, reverse",
        REAL,
        False,
        points.kl_shared_bins_reverse,
        "KL(D_0‖D_n) of histograms on shared bins",
    ),
    Metric(
        "tail_mass",
        "tail mass",
        ANY,
        False,
        computing.tail_mass,
        "mass beyond the source's 1 and 99 %",
    ),
    Metric(
        "tail_mass_3sd",
        "mass beyond 3 sd",
        ANY,
        False,
        computing.tail_mass_3sd,
        "beyond 3 source sd",
    ),
    Metric(
        "alive",
        "still alive",
        ANY,
        False,
        computing.alive,
        "1 while the law varies: two states or more, or sd above a tenth of the source's",
    ),
    Metric(
        "l2_squared",
        "‖p - p₀‖²",
        (*ALL, *TOKENS),
        False,
        computing.l2_squared,
        "∫ (p_n - p_0)² between mixtures of normal laws; Σ (p_n - p_0)² of states",
        {"real": Part.COMPONENTS, "real-nd": Part.COMPONENTS},
    ),
    Metric(
        "test_error",
        "test error",
        ("linear",),
        False,
        computing.test_error,
        "excess test error E (x·ŵ - x·w*)² = ‖ŵ - w*‖²",
    ),
    Metric(
        "weight_norm", "‖ŵ‖", ("linear",), False, computing.weight_norm, "length of the weights"
    ),
    Metric("modes", "modes", REAL, False, computing.of_law("modes"), "local maxima of the density"),
    Metric(
        "heterozygosity",
        "heterozygosity",
        (*STATES, *TOKENS),
        False,
        lambda observation: states.heterozygosity(observation.law),  # pyright: ignore[reportArgumentType]
        "1 - Σp²",
    ),
    Metric(
        "support_alive",
        "states alive",
        STATES,
        False,
        lambda observation: states.support_alive(observation.law),  # pyright: ignore[reportArgumentType]
        "states with mass",
    ),
    Metric(
        "trace_ratio",
        "tr Σ / tr Σ₀",
        ND,
        False,
        computing.of_matched(computing.trace_ratio),
        "tr Σ_n / tr Σ_0",
    ),
    Metric(
        "log_det_ratio",
        "ln det ratio",
        ND,
        False,
        computing.of_matched(normal_pairs.log_det_ratio),
        "ln det Σ_n / det Σ_0",
    ),
    Metric(
        "mean_error",
        "‖μ - μ₀‖²",
        ND,
        False,
        computing.of_matched(computing.mean_error),
        "squared error of the mean",
    ),
    Metric(
        "log_condition",
        "ln condition",
        ND,
        False,
        computing.of_matched(computing.log_condition),
        "ln of the ratio of extreme eigenvalues of Σ_n where Σ_0 is the identity",
    ),
    _text(
        "vocabulary_alive",
        "words alive",
        computing.alive_tokens,
        "different tokens of model n; in blocks, of D_n",
        TEXTS,
    ),
    _text(
        "perplexity",
        "perplexity",
        tokens.perplexity,
        "of the source's test part (n-grams: smoothed)",
        TEXTS,
    ),
    _text(
        "ttr", "types / tokens", tokens.ttr, "share of different tokens among 10,000 of D_n", TEXTS
    ),
    _text("distinct_n", "distinct-2", tokens.distinct_n, "the same of bigrams of D_n", TEXTS),
    _text(
        "perplexity_as_published",
        "batch perplexity",
        language.perplexity_as_published,
        "exp of the mean over batches of their loss on the test part",
        TEXT,
    ),
    _text(
        "reference_perplexity",
        "perplexity of D",
        language.reference_perplexity,
        "median over D_n's blocks, under model 1",
        TEXT,
    ),
    _text(
        "reference_tail",
        "tail of D",
        language.reference_tail,
        "share of D_n's blocks above the 99 % quantile of D_0's perplexities under model 1",
        TEXT,
    ),
    _text(
        "self_bleu", "self-BLEU", bleu.self_bleu, "mean BLEU-4 of a block of D_n with others", TEXT
    ),
    _text(
        "repetition_rate",
        "repeated 4-grams",
        language.repetition_rate,
        "share of 4-grams that occurred before in their block of D_n",
        TEXT,
    ),
    Metric(
        "semantic_diversity",
        "semantic diversity",
        TEXT,
        False,
        sentences.semantic_diversity,
        "mean cosine distance of sentence embeddings of D_n's blocks",
        absent=sentences.no_embedding,
    ),
    Metric(
        "syntactic_diversity",
        "syntactic div.",
        TEXT,
        False,
        sentences.syntactic_diversity,
        "mean distance of D_n's blocks by their dependency trees",
        absent=sentences.no_parser,
    ),
    _text(
        "l2_squared_context",
        "L² of contexts",
        tokens.l2_squared_context,
        "mean over contexts c of the text of Σ (p_n(x|c) - p_0(x|c))²",
    ),
    _image(
        "latent_sd",
        "sd of latents",
        images.latent_sd,
        "of D_n under model 1's encoder, mean over coordinates",
    ),
    _image("latent_variance", "latent variance", images.latent_variance, "the same of variances"),
    _image(
        "latent_tail_mass", "latents beyond ±2", images.latent_tail_mass, "share of coordinates"
    ),
    _image(
        "latent_kl",
        "KL of latents",
        images.latent_kl,
        "of their mean and variances to N(0, I), in nats",
    ),
    _image(
        "reconstruction_error",
        "reconstruction",
        images.reconstruction_error,
        "cross-entropy of D_n and its reconstruction by model 1, nats an image",
    ),
    _class(
        "class_entropy", "class entropy", images.class_entropy, "of an image's class, mean over D_n"
    ),
    _class(
        "class_balance",
        "class balance",
        images.class_balance,
        "total variation of the classes' shares in D_n and in D_0",
    ),
    _image(
        "nearest_real",
        "nearest real",
        images.nearest_real,
        "mean distance of an image of D_n to the nearest real one",
    ),
    _image(
        "pixel_variance_ratio",
        "pixel variance",
        images.pixel_variance_ratio,
        "total variance of the pixels of D_n over that of D_0",
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in TABLE}
"""All metrics by name."""
