"""Published values that no preset claims, each with the reason: a section of the claims' page."""

from typing import NamedTuple


class UnclaimedValue(NamedTuple):
    """A published value without a claim.

    Attributes
    ----------
    value : str
        What is published.
    source : str
        Where.
    reason : str
        Why no run is compared with it.
    """

    value: str
    source: str
    reason: str


_SHUMAILOV = "Shumailov et al. 2023, arXiv:2305.17493"
_SURESH = "Suresh et al. 2024, arXiv:2412.17646"
_KAZDAN = "Kazdan et al. 2024, arXiv:2410.16713"

UNCLAIMED = (
    UnclaimedValue(
        "OPT-125m: perplexity from 20 to 28",
        f"{_SHUMAILOV}, Fig. 10",
        "the same paper says 34 of the first fit; `opt` claims the ratio",
    ),
    UnclaimedValue(
        "Two Gaussians, 2,050 generations: means 0.120 and 0.111 at the end",
        f"{_SHUMAILOV}, stored notebook output",
        "one run of a random walk with an sd of 0.9: nearly any value would agree",
    ),
    UnclaimedValue(
        "MNIST: reconstruction errors 25,250 (real), 31,514, 34,555, 36,804, 38,883, 40,544",
        f"{_SHUMAILOV}, stored notebook output, per batch of 256",
        "not stored under which network; `vae` claims the ratio of the last to the first generated",
    ),
    UnclaimedValue(
        "25 Bernoulli runs: all absorbed by generation 350",
        f"{_SURESH}, Fig. 2b",
        "so it is in every other such figure; `suresh-bernoulli` claims the shares at 200 and 600",
    ),
    UnclaimedValue(
        "Bounds of Seddik et al., 0.004 and 1 (p = 0.001, n = 10,000), and the bound 1 at p = 0.01",
        f"{_SURESH}, stored figure",
        "too wide for a run to be outside; drawn as `bernoulli.seddik.alive.mean` and"
        " `bernoulli.bound.alive.mean`",
    ),
    UnclaimedValue(
        "Gaussian bounds 0.52 and 0.85 at k = 89",
        f"{_SURESH}, stored figure",
        "values of formulas, `gaussian.suresh_figure.alive.mean` and"
        " `gaussian.bertrand.alive.mean`, tested as such; `suresh-gaussian` claims what they bound",
    ),
    UnclaimedValue(
        "Two Gaussians, n = 10: P(σ > 0.1) = 0.575, 0.195, 0.05 (maximum likelihood), 0.42, 0.03,"
        " 0.005 (approximate) at k = 20, 40, 60",
        f"{_SURESH}, stored figure",
        "their mixture has two parameters, means ± μ and one σ; engine `gmm` fits all five",
    ),
    UnclaimedValue(
        "Replaced, 10 points: mean variance 0.0033 after 50 fits, 0.0000 after 100",
        f"{_KAZDAN}, stored results of about 110 runs",
        "99 % of such means are within 0.0003 … 0.14 and 4e-8 … 5e-4, so almost any value would"
        " agree; `kazdan` claims the median",
    ),
    UnclaimedValue(
        "Kernel estimates of blobs: negative log-likelihood 290 to 14 (replace), 55 to 33"
        " (accumulate), 105 to 46 (subsample)",
        f"{_KAZDAN}, figure",
        "blobs are two-dimensional; engine `kde` has one dimension",
    ),
    UnclaimedValue(
        "Gemma-2-2b tuned on HelpSteer2: loss 1.12 to 2.65 (replace), 1.23, 1.14",
        f"{_KAZDAN}, figure",
        "no instruction tuning here, and 20 fits of 2.6 billion parameters",
    ),
    UnclaimedValue(
        "TinyStories: loss 6.1 to 3.25 (replace), 2.5 to 2.05, 2.0 to 1.65 by size",
        f"{_KAZDAN}, figure",
        "days of a GPU for each curve",
    ),
    UnclaimedValue(
        "MNIST autoencoder: every digit an 8 at iteration 17 of 30",
        "Model-Ouroboros, README",
        "one run without a seed",
    ),
    UnclaimedValue(
        "OPT-125m, repeated by others: perplexity 7.55, 7.4, 8.2, 9.35, 11.15",
        "zaizai716, figure",
        "scored otherwise than in the paper, and not said how",
    ),
)


def render_unclaimed() -> str:
    """Return the section as Markdown."""
    rows = "\n".join(f"| {' | '.join(item)} |" for item in UNCLAIMED)
    return (
        "## Without a claim\n\nPublished values that no run is compared with.\n\n"
        f"| value | source | reason |\n|---|---|---|\n{rows}\n"
    )
