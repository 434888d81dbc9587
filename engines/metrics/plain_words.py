"""What metrics mean, for readers who do not know their formulas."""

PLAIN_WORDS = {
    "w1": (
        "How far probability must be moved, on average, to turn the model's law into the real"
        " one. It is 0 where they are the same."
    ),
    "w1_sample": (
        "How far points must be moved, on average, to turn what was sampled into the real data."
        " It is 0 where they are the same."
    ),
    "w2_squared": (
        "How far the model is from the real law, squared: of a Gaussian, how far its mean has"
        " walked away plus how far its sd is off. It is 0 where they are the same."
    ),
    "kl": (
        "How surprising the model's samples are under the real law. It is 0 where they are the"
        " same; it is infinite where the model writes what the real law cannot."
    ),
    "kl_reverse": (
        "How surprising real data are under the model. It is 0 where they are the same; it is"
        " infinite where the model has lost what is real."
    ),
    "kl_shared_bins": (
        "How different the histograms of samples and real data are, both on the same bins. It is"
        " 0 where they are the same."
    ),
    "kl_as_published": (
        "What the published program computes: each histogram has bins of its own, so that a"
        " spread of both is not seen. Beside it, KL on shared bins is the distance that was meant."
    ),
    "tail_mass": (
        "The share of the model's samples among what is rarest in reality: beyond the real 1 and"
        " 99 % points. It is 0.02 at first and falls as the tails are lost."
    ),
    "log_sigma": "The width of the model, as a logarithm: each fall of 0.7 halves it.",
    "heterozygosity": (
        "The probability that two draws are in different states. At 0 all draws are the same."
    ),
    "support_alive": (
        "How many different states the model can still produce. A lost one never comes back by"
        " itself."
    ),
    "alive": "The share of runs that still have some diversity.",
    "perplexity": (
        "How surprised the model is by real text that it was not trained on: as if it chose"
        " between so many words each time. It grows as the model forgets what real text is like."
    ),
    "reference_perplexity": (
        "How surprised model 1, which has seen real text, is by what this model writes. It falls"
        " where only the most probable phrases are written, and rises with errors."
    ),
    "reference_tail": (
        "How many of the texts are odd to model 1: more so than 99 % of the real ones."
    ),
    "ttr": "How many of the words written are different ones: it falls as words repeat.",
    "distinct_n": (
        "How many of the pairs of neighbouring words are different ones: it falls as phrases"
        " repeat."
    ),
    "repetition_rate": "How much of a text repeats itself.",
    "self_bleu": "How alike the texts are: at 1 they all say the same.",
    "vocabulary_alive": "How many different words are still written.",
    "test_error": "How wrong predictions are, beyond the noise that no model could avoid.",
    "latent_sd": "How varied the images are, as the first model's encoder sees them: 1 at first.",
}
"""Metric → what it says, in a sentence or two. Others are plain from what they are called."""
