"""From TOML to a validated, frozen `Experiment`; nothing runs here."""

from collapse_tui.experiment.experiment import Experiment, load, resolve

__all__ = ["Experiment", "load", "resolve"]
