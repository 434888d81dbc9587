"""Probability laws of models and sources, replicates side by side."""

from engines.laws.discrete import DiscreteLaw
from engines.laws.empirical import EmpiricalLaw
from engines.laws.grid import GridLaw, Lattice
from engines.laws.mixture import MixtureLaw
from engines.laws.normal import NormalLaw
from engines.laws.normal_nd import NormalNDLaw
from engines.laws.poisson import PoissonLaw
from engines.laws.real import RealLaw
from engines.laws.stacked import StackedLaw

Law = RealLaw | DiscreteLaw | NormalNDLaw

__all__ = [
    "DiscreteLaw",
    "EmpiricalLaw",
    "GridLaw",
    "Lattice",
    "Law",
    "MixtureLaw",
    "NormalLaw",
    "NormalNDLaw",
    "PoissonLaw",
    "RealLaw",
    "StackedLaw",
]
