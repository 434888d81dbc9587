"""The names that a preset may use for engines, sources, policies and schedules.

Entries are "module:Class" strings, imported only when they are used. Other packages add
engines through the entry-point group ``collapse_tui.engines``.
"""

from importlib import import_module
from typing import Any

from engines.errors import InvalidExperimentError, nearest
from engines.plugins import find_plugins, load_plugin

TABLES: dict[str, dict[str, str]] = {
    "engine": {
        "gaussian": "engines.families.gaussian:Gaussian",
        "discrete": "engines.families.discrete:Discrete",
        "kde": "engines.families.kde:KernelDensity",
        "bernoulli": "engines.families.bernoulli:Bernoulli",
        "poisson": "engines.families.poisson:Poisson",
        "regression": "engines.families.regression:Regression",
        "gmm": "engines.families.gmm:MixtureOfNormals",
        "ngram": "engines.families.ngram:Ngram",
        "vae": "engines.families.vae:VariationalAutoencoder",
        "lm": "engines.families.lm:LanguageModel",
    },
    "source": {
        "normal": "engines.sources.normal:NormalSource",
        "normal-nd": "engines.sources.normal:NormalNDSource",
        "mixture": "engines.sources.mixture:MixtureSource",
        "mixture-nd": "engines.sources.mixture_nd:MixtureNDSource",
        "categorical": "engines.sources.categorical:CategoricalSource",
        "zipf": "engines.sources.categorical:ZipfSource",
        "bernoulli": "engines.sources.categorical:BernoulliSource",
        "poisson": "engines.sources.poisson:PoissonSource",
        "linear": "engines.sources.linear:LinearSource",
        "file": "engines.sources.file:FileSource",
        "text": "engines.sources.text:TextSource",
        "digits": "engines.sources.images:DigitsSource",
        "images": "engines.sources.images:ImagesSource",
    },
    "policy": {
        "replace": "engines.policies.mix:Mix",
        "mix": "engines.policies.mix:Mix",
        "accumulate": "engines.policies.accumulate:Accumulate",
        "subsample": "engines.policies.subsample:Subsample",
        "weighted": "engines.policies.weighted:Weighted",
    },
    "schedule": {
        "constant": "engines.schedules:Constant",
        "linear": "engines.schedules:Linear",
        "power": "engines.schedules:Power",
        "geometric": "engines.schedules:Geometric",
        "list": "engines.schedules:Listed",
    },
}


def names(table: str) -> list[str]:
    """Return the names that are valid in a table of a preset, in order of registration."""
    return [*TABLES[table], *(find_plugins() if table == "engine" else {})]


def find(table: str, name: object) -> type[Any]:
    """Return the class registered under a name.

    Parameters
    ----------
    table : str
        ``"engine"``, ``"source"``, ``"policy"`` or ``"schedule"``.
    name : object
        The value of the table's ``name`` key.

    Raises
    ------
    InvalidExperimentError
        If the name is unknown; the message gives the nearest valid one.
    ForeignFaultError
        If the name is that of another package, which cannot be loaded.
    """
    target = TABLES[table].get(name) if isinstance(name, str) else None
    if target is None:
        # entry points are slow to read: only when needed
        plugin = find_plugins().get(str(name)) if table == "engine" else None
        if plugin is not None:
            return load_plugin(plugin)
        known = nearest(str(name), names(table))
        raise InvalidExperimentError(f"unknown {table} {name!r} ({table}.name): {known}")
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
