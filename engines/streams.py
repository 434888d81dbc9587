"""Randomness as a function of (seed, generation, purpose), without generator state.

A generator is derived for one draw call and then discarded. Generation n is therefore a
function of the experiment and the state at n - 1: resume, fork and replay are exact to the
last bit, and no generator state is stored.

Draws put the replicate axis first, so that the numbers of replicate ``r`` do not depend on how
many replicates run beside it.
"""

from dataclasses import dataclass
from enum import IntEnum

from numpy.random import SFC64, Generator, SeedSequence

from engines.numerics.seed_hash import hash_seed


class Purpose(IntEnum):
    """What a stream is used for. The numbers are part of every stored run: never renumber."""

    COMPONENT = 1
    """Component of each point of a mixture source."""
    POINT = 2
    """Points themselves, or the standard normals behind them."""
    MEAN = 3
    """Normals of a drawn sample mean."""
    SCATTER = 4
    """Chi-squares on the diagonal of a drawn scatter (Cochran, Bartlett)."""
    OFF_DIAGONAL = 5
    """Normals below the diagonal of a drawn scatter."""
    INDEX = 6
    """Which stored point is resampled."""
    NOISE = 7
    """Kernel noise added to a resampled point."""
    COUNT = 8
    """Multinomial counts of a categorical sample."""
    SPLIT = 9
    """How many points come from the model, earlier laws and the source."""
    SUBSET = 10
    """Which rows of the pool a policy trains on."""
    KEEP = 11
    """Which rows of D_0 a policy keeps."""
    SHOW = 12
    """Points drawn for views and point metrics where a run draws only statistics."""
    METRIC = 13
    """Subsamples on which quadratic-cost metrics are computed."""
    START = 14
    """Seeds of iterative fits that start at random (k-means before EM)."""
    INITIAL = 15
    """Weights that a network starts its training with."""
    ORDER = 16
    """Order of the training set in one epoch."""
    LATENT = 17
    """Normals of the latents in one epoch of a variational autoencoder."""


REAL = 0
"""Part number of draws from the source; model ``i`` has part number ``i``."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The random streams of one part of one generation.

    Parameters
    ----------
    seed : int
        Seed in force at the generation.
    generation : int
        Generation whose draws these are; 0 is the real data.
    part : int
        `REAL`, or the generation of the model that is sampled.
    """

    seed: int
    generation: int
    part: int = REAL

    def of(self, purpose: Purpose, *keys: int) -> Generator:
        """Return a new generator for `purpose` and further integer keys.

        Returns
        -------
        numpy.random.Generator
            It gives the same numbers whenever it is called with the same arguments.
        """
        key = (self.generation, int(purpose), self.part)
        if keys:
            return Generator(SFC64(SeedSequence(self.seed, spawn_key=(*key, *keys))))
        return Generator(SFC64(hash_seed(self.seed, *key)))

    def of_part(self, part: int) -> "Streams":
        """Return the streams of another part of the same generation."""
        return Streams(self.seed, self.generation, part)
