"""Probability laws of models and sources, replicates side by side.

Engines of other packages may import the classes from here (`from engines.laws import NormalLaw`);
this package imports from the modules, so that a run loads only the laws it uses.
"""

from importlib import import_module
from typing import Any

MODULES = {
    "AutoencoderLaw": "autoencoder",
    "BlocksLaw": "blocks",
    "Components": "law",
    "DiscreteLaw": "discrete",
    "EmpiricalLaw": "empirical",
    "GridLaw": "lattice",
    "ImageLaw": "images",
    "LanguageLaw": "language",
    "Lattice": "lattice",
    "Law": "law",
    "LinearLaw": "linear",
    "MixtureLaw": "mixture",
    "NgramLaw": "tokens",
    "NormalLaw": "normal",
    "NormalMixtureLaw": "normal_mixture",
    "NormalMixtureNDLaw": "real_nd",
    "NormalNDLaw": "real_nd",
    "Part": "law",
    "PoissonLaw": "poisson",
    "RealLaw": "real",
    "RealNDLaw": "real_nd",
    "StackedLaw": "real",
    "TextLaw": "tokens",
}
"""Name of a class → its module in this folder."""


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
