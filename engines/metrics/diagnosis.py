"""In one word, what has become of each replicate.

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
``stable``      none of these
==============  =====================================================================

Shumailov et al. call early collapse the loss of the tails, late collapse the
convergence to a law that carries little resemblance to the original, of small variance.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.arrays import BoolArray, FloatArray
from engines.laws.law import Part
from engines.metrics import images, language, states, tokens
from engines.metrics.by_law import mass_beyond_tails, tail_mass, test_error
from engines.metrics.normal_pairs import log_det_ratio
from engines.metrics.observation import Observation
from engines.thresholds import (
    DISPERSING_ERROR,
    DISPERSING_TAIL,
    DISPERSING_VARIANCE,
    EARLY_TAILS,
    EARLY_TOKENS,
    LATE_DIVERSITY,
    LATE_VARIANCE,
)

Marks = tuple[BoolArray, BoolArray, BoolArray]
"""Which replicates are early, late, dispersing, shape (R,) each."""


def diagnose(observation: Observation, kind: str) -> BoolArray:
    """Return which replicates are early, late and dispersing, shape (3, R).

    Parameters
    ----------
    observation : Observation
        One generation.
    kind : str
        Kind of the source.
    """
    return np.array(MARKS[kind](observation))


def count_stages(marks: BoolArray) -> list[dict[str, int]]:
    """Return how many replicates are in each stage; stages without any are left out.

    Parameters
    ----------
    marks : ndarray of bool, shape (3, W, R)
        What `diagnose` says of W generations.

    Returns
    -------
    list of dict
        One a generation.
    """
    early, late, dispersing = marks
    beyond = late | dispersing
    table = {
        "stable": ~(beyond | early),
        "early": early & ~beyond,
        "late": late,
        "dispersing": dispersing & ~late,
    }
    # numpy counts a whole row ten times faster than along an axis.
    counts = {stage: [int(np.count_nonzero(row)) for row in rows] for stage, rows in table.items()}
    return [
        {stage: column[n] for stage, column in counts.items() if column[n]}
        for n in range(marks.shape[1])
    ]


def _real(observation: Observation) -> Marks:
    law: Any = observation.law
    source: Any = observation.source
    ratio = law.variance() / source.variance()
    late, dispersing = ratio < LATE_VARIANCE, ratio > DISPERSING_VARIANCE
    early = np.zeros(len(late), dtype=np.bool_)
    undecided = ~(late | dispersing)
    if undecided.any():
        early[undecided] = (
            _tails(observation, undecided) < EARLY_TAILS * observation.reference.tail_mass
        )
    return early, late, dispersing


def _tails(observation: Observation, chosen: BoolArray) -> FloatArray:
    """Return the tail mass of the chosen replicates: of all where it is a metric anyhow."""
    if observation.knows("tail_mass"):
        return tail_mass(observation)[chosen]
    law: Any = observation.law
    return mass_beyond_tails(law.select(chosen), observation.reference)


def _states(observation: Observation) -> Marks:
    law: Any = observation.law
    source: Any = observation.source
    diversity = states.heterozygosity(law) / states.heterozygosity(source)
    lost = states.support_alive(law) < states.support_alive(source)
    return lost, diversity < LATE_DIVERSITY, np.zeros_like(lost)


def _real_nd(observation: Observation) -> Marks:
    law: Any = observation.law
    source: Any = observation.source
    own, other = law.matching_normal(), source.matching_normal()
    generalised = np.exp(log_det_ratio(own, other) / own.means.shape[1])
    never = np.zeros(len(generalised), dtype=np.bool_)
    late = generalised < LATE_VARIANCE
    if Part.COMPONENTS in law.parts and Part.COMPONENTS in source.parts:
        # Each bump may have become a needle while the bumps stay apart.
        late |= _within(law) < LATE_VARIANCE * _within(source)
    return never, late, generalised > DISPERSING_VARIANCE


def _within(law: Any) -> FloatArray:
    """Return the mean over the components of their generalised variance det^(1/d), shape (R,)."""
    components = law.components()
    diagonals = np.abs(np.diagonal(components.factors, axis1=2, axis2=3))
    with np.errstate(divide="ignore"):
        variances = np.exp(2 * np.log(diagonals).mean(axis=2))
    return (components.weights * variances).sum(axis=1)


def _linear(observation: Observation) -> Marks:
    source: Any = observation.source
    errors = test_error(observation)
    never = np.zeros(len(errors), dtype=np.bool_)
    return never, never.copy(), errors > DISPERSING_ERROR * source.noise**2


def _images(observation: Observation) -> Marks:
    ratio = images.pixel_variance_ratio(observation)
    early = np.zeros(len(ratio), dtype=np.bool_)
    if observation.first is not None:
        masses = images.latent_tail_mass(observation), images.real_latent_tail_mass(observation)
        early = masses[0] < EARLY_TAILS * masses[1]
    return early, ratio < LATE_VARIANCE, ratio > DISPERSING_VARIANCE


def _text(observation: Observation) -> Marks:
    ratios = [
        tokens.diversity(observation.drawn, order)
        / observation.reference.once(
            f"diversity of order {order}",
            lambda n=order: tokens.diversity(observation.reference.real, n),
        )
        for order in (1, 2)
    ]
    late = ratios[1] < LATE_DIVERSITY
    dispersing = np.zeros_like(late)
    if observation.first is not None:
        dispersing = language.reference_tail(observation) > DISPERSING_TAIL
    return ratios[0] < EARLY_TOKENS, late, dispersing


MARKS: dict[str, Callable[[Observation], Marks]] = {
    "real": _real,
    "counts": _real,
    "states": _states,
    "tokens": _states,
    "real-nd": _real_nd,
    "linear": _linear,
    "images": _images,
    "text": _text,
}
"""How the replicates of each kind of source are judged."""
