"""In one word, what has become of each replicate.

==============  =====================================================================
stage           threshold, against the source
==============  =====================================================================
``late``        variance below 25 % of the source's; or half of the states' diversity
                (heterozygosity) lost; in several dimensions the generalised variance
                det^(1/d) below 25 %
``dispersing``  variance above 150 % of the source's (and not late)
``early``       less than half of the source's tail mass beyond its 1 and 99 %
                quantiles; or at least one state lost
``stable``      none of these
==============  =====================================================================

Shumailov et al. call early collapse the loss of the tails, late collapse the
convergence to a law that carries little resemblance to the original, of small variance.
"""

from typing import Any

import numpy as np

from engines.arrays import BoolArray
from engines.laws import DiscreteLaw, NormalNDLaw
from engines.metrics import states
from engines.metrics.look import Look
from engines.metrics.normal_pairs import log_det_ratio
from engines.metrics.registry import METRICS

STAGES = ("stable", "early", "late", "dispersing")
LATE_VARIANCE = 0.25
DISPERSING_VARIANCE = 1.5
LATE_DIVERSITY = 0.5
EARLY_TAILS = 0.5


def diagnose(look: Look) -> dict[str, int]:
    """Return how many replicates are in each stage; stages without any are left out.

    Parameters
    ----------
    look : Look
        One generation.
    """
    early, late, dispersing = _marks(look)
    dispersing &= ~late
    early &= ~(late | dispersing)
    counts = {
        "stable": int((~(early | late | dispersing)).sum()),
        "early": int(early.sum()),
        "late": int(late.sum()),
        "dispersing": int(dispersing.sum()),
    }
    return {stage: count for stage, count in counts.items() if count}


def _marks(look: Look) -> tuple[BoolArray, BoolArray, BoolArray]:
    law: Any = look.law
    source: Any = look.source
    if isinstance(law, DiscreteLaw):
        diversity = states.heterozygosity(law) / states.heterozygosity(source)
        lost = states.support_alive(law) < states.support_alive(source)
        return lost, diversity < LATE_DIVERSITY, np.zeros_like(lost)
    if isinstance(law, NormalNDLaw):
        dimension = law.means.shape[1]
        generalised = np.exp(log_det_ratio(law, source) / dimension)
        never = np.zeros(len(generalised), dtype=np.bool_)
        return never, generalised < LATE_VARIANCE, generalised > DISPERSING_VARIANCE
    ratio = law.variance() / source.variance()
    tails = METRICS["tail_mass"].compute(look)
    return (
        tails < EARLY_TAILS * look.reference.tail_mass,
        ratio < LATE_VARIANCE,
        ratio > DISPERSING_VARIANCE,
    )
