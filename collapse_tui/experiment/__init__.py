"""From TOML to a validated, frozen `Experiment`; nothing runs here."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collapse_tui.experiment.experiment import Experiment
    from collapse_tui.experiment.loader import load, resolve

__all__ = ["Experiment", "load", "resolve"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the document alone needs no numpy."""
    if name not in __all__:
        raise AttributeError(f"module 'collapse_tui.experiment' has no attribute {name!r}")
    from importlib import import_module

    home = "experiment" if name == "Experiment" else "loader"
    return getattr(import_module(f"collapse_tui.experiment.{home}"), name)
