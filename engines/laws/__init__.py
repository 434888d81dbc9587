"""Probability laws of models and sources, replicates side by side."""

from engines.laws.autoencoder import AutoencoderLaw
from engines.laws.blocks import BlocksLaw
from engines.laws.discrete import DiscreteLaw
from engines.laws.empirical import EmpiricalLaw
from engines.laws.grid import GridLaw, Lattice
from engines.laws.images import ImageLaw
from engines.laws.language import LanguageLaw
from engines.laws.law import Components, Part
from engines.laws.linear import LinearLaw
from engines.laws.mixture import MixtureLaw
from engines.laws.normal import NormalLaw
from engines.laws.normal_mixture import NormalMixtureLaw
from engines.laws.normal_mixture_nd import NormalMixtureNDLaw
from engines.laws.normal_nd import NormalNDLaw
from engines.laws.poisson import PoissonLaw
from engines.laws.real import RealLaw
from engines.laws.real_nd import RealNDLaw
from engines.laws.stacked import StackedLaw
from engines.laws.tokens import NgramLaw, TextLaw

Law = (
    RealLaw
    | DiscreteLaw
    | RealNDLaw
    | LinearLaw
    | ImageLaw
    | AutoencoderLaw
    | BlocksLaw
    | LanguageLaw
)

__all__ = [
    "AutoencoderLaw",
    "BlocksLaw",
    "Components",
    "DiscreteLaw",
    "EmpiricalLaw",
    "GridLaw",
    "ImageLaw",
    "LanguageLaw",
    "Lattice",
    "Law",
    "LinearLaw",
    "MixtureLaw",
    "NgramLaw",
    "NormalLaw",
    "NormalMixtureLaw",
    "NormalMixtureNDLaw",
    "NormalNDLaw",
    "Part",
    "PoissonLaw",
    "RealLaw",
    "RealNDLaw",
    "StackedLaw",
    "TextLaw",
]
