"""The stage of collapse of each replicate, in one word.

==============  =====================================================================
stage           threshold, against the source
==============  =====================================================================
``late``        variance below 25 % of the source's; or half of the states' diversity
                (heterozygosity) lost; in several dimensions the generalised variance
                det^(1/d), of the whole or within the components, below 25 %;
                images: variance of the pixels below 25 % of that of D_0;
                language models: different bigrams of D_n below half of D_0's
``dispersing``  variance above 150 % of the source's (and not late)
                (regression: excess test error above the noise variance; images:
                variance of the pixels; language models: more than a tenth of D_n beyond
                the 99 % quantile of D_0's perplexities under the reference model)
``early``       less than half of the source's tail mass beyond its 1 and 99 %
                quantiles; or at least one state lost; images: less than half of the
                mass that D_0's latents have beyond ± 2 under the reference encoder;
                language models: different tokens of D_n below 90 % of D_0's
``diverged``    the training of a network met numbers that are not finite (whatever else)
``stable``      none of these
==============  =====================================================================

Shumailov et al. call early collapse the loss of the tails, late collapse the
convergence to a law that carries little resemblance to the original, of small variance.
"""

import numpy as np

from engines import thresholds
from engines.arrays import BoolArray, FloatArray
from engines.kinds import KINDS
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import Components, Part, narrow
from engines.laws.linear import LinearLaw
from engines.laws.real import RealLaw
from engines.laws.real_nd import RealNDLaw
from engines.metrics import by_law
from engines.metrics.observation import Observation

Marks = tuple[BoolArray, BoolArray, BoolArray]
"""Which replicates are early, late, dispersing, shape (R,) each."""


def diagnose(observation: Observation, kind: str) -> BoolArray:
    """Return which replicates are early, late and dispersing, shape (3, R).

    Parameters
    ----------
    observation : Observation
        One generation.
    kind : str
        Kind of the source's data; `engines.kinds.KINDS` names the function below for it.
    """
    return np.array(KINDS[kind].diagnose(observation))


def count_stages(marks: BoolArray, diverged: BoolArray | None = None) -> list[dict[str, int]]:
    """Return how many replicates are in each stage; stages without any are left out.

    Parameters
    ----------
    marks : ndarray of bool, shape (3, W, R)
        Results of `diagnose` for W generations.
    diverged : ndarray of bool, shape (W, R), or None
        Replicates whose training diverged, which are in no other stage.

    Returns
    -------
    list of dict
        One per generation.
    """
    early, late, dispersing = marks
    beyond = late | dispersing
    table = {
        "stable": ~(beyond | early),
        "early": early & ~beyond,
        "late": late,
        "dispersing": dispersing & ~late,
    }
    if diverged is not None:
        table = {stage: rows & ~diverged for stage, rows in table.items()} | {"diverged": diverged}
    # numpy counts a whole row ten times faster than along an axis.
    counts = {stage: [int(np.count_nonzero(row)) for row in rows] for stage, rows in table.items()}
    return [
        {stage: column[n] for stage, column in counts.items() if column[n]}
        for n in range(marks.shape[1])
    ]


def diagnose_numbers(observation: Observation) -> Marks:
    """Return the marks of laws on the real line: by their variance and their tail mass."""
    law, source = observation.laws(RealLaw)
    ratio = law.variance() / source.variance()
    late, dispersing = ratio < thresholds.LATE_VARIANCE, ratio > thresholds.DISPERSING_VARIANCE
    early = np.zeros_like(late)
    undecided = ~(late | dispersing)
    if undecided.any():
        # Tail masses cost more than variances: computed where needed, unless they are a metric.
        if observation.memo.has("tail_mass"):
            masses = by_law.tail_mass(observation)[undecided]
        else:
            masses = by_law.mass_beyond_tails(law.select(undecided), observation.baseline)
        early[undecided] = masses < thresholds.EARLY_TAILS * observation.baseline.tail_mass
    return early, late, dispersing


def diagnose_states(observation: Observation) -> Marks:
    """Return the marks of laws on states: by heterozygosity and the number of states left."""
    law, source = observation.laws(DiscreteLaw)
    drawn, real = law.heterozygosity(), source.heterozygosity()
    # of one state alone there is no diversity to lose
    diversity = np.divide(drawn, real, out=np.full_like(drawn, np.nan), where=real > 0)
    lost = law.support_alive() < source.support_alive()
    return lost, diversity < thresholds.LATE_DIVERSITY, np.zeros_like(lost)


def diagnose_vectors(observation: Observation) -> Marks:
    """Return the marks of laws in several dimensions: by the generalised variance det^(1/d)."""
    from engines.metrics.real_nd import log_det_ratio

    law, source = observation.laws(RealNDLaw)
    generalised = np.exp(log_det_ratio(observation) / source.mean().shape[1])
    late = generalised < thresholds.LATE_VARIANCE
    if Part.COMPONENTS in law.parts & source.parts:
        # Each component may have collapsed to a point while the components stay apart.
        late |= _variance_within(law.components()) < thresholds.LATE_VARIANCE * _variance_within(
            source.components()
        )
    return np.zeros_like(late), late, generalised > thresholds.DISPERSING_VARIANCE


def _variance_within(components: Components) -> FloatArray:
    """Return the mean over the components of their generalised variance det^(1/d), shape (R,)."""
    diagonals = np.abs(np.diagonal(components.factors, axis1=2, axis2=3))
    with np.errstate(divide="ignore"):
        variances = np.exp(2 * np.log(diagonals).mean(axis=2))
    return (components.weights * variances).sum(axis=1)


def diagnose_regression(observation: Observation) -> Marks:
    """Return the marks of regressions: by the excess test error; they never collapse."""
    noise = narrow(observation.source, LinearLaw).noise
    dispersing = by_law.test_error(observation) > thresholds.DISPERSING_ERROR * noise**2
    never = np.zeros_like(dispersing)
    return never, never, dispersing


def diagnose_images(observation: Observation) -> Marks:
    """Return the marks of images: by the variance of pixels and the tail mass of latents."""
    from engines.metrics import images

    ratio = images.pixel_variance_ratio(observation)
    late = ratio < thresholds.LATE_VARIANCE
    early = np.zeros_like(late)
    if observation.first_law is not None:
        real = images.latent_tail_mass(observation.real_counterpart)
        early = images.latent_tail_mass(observation) < thresholds.EARLY_TAILS * real
    return early, late, ratio > thresholds.DISPERSING_VARIANCE


def diagnose_text(observation: Observation) -> Marks:
    """Return the marks of language models: by different tokens and bigrams, and perplexities."""
    from engines.metrics import language, tokens

    real = observation.real_counterpart
    late = tokens.distinct_n(observation) / tokens.distinct_n(real) < thresholds.LATE_DIVERSITY
    dispersing = np.zeros_like(late)
    if observation.first_law is not None:
        dispersing = language.reference_tail(observation) > thresholds.DISPERSING_TAIL
    return tokens.ttr(observation) / tokens.ttr(real) < thresholds.EARLY_TOKENS, late, dispersing
