"""collapse-tui: watch generative models collapse, live in a terminal, beside exact theory.

from collapse_tui import load, run
for event in run(load("borji", seed=1, **{"engine.bandwidth": 0.1})):
    ...
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collapse_tui.execution.runner import Control, fork, resume, run
    from collapse_tui.experiment.experiment import Experiment
    from collapse_tui.experiment.loader import load

__version__ = "0.2.0"

__all__ = ["Control", "Experiment", "fork", "load", "resume", "run"]

_HOMES = {
    "Control": "collapse_tui.control",
    "Experiment": "collapse_tui.experiment.experiment",
    "fork": "collapse_tui.execution.runner",
    "load": "collapse_tui.experiment.loader",
    "resume": "collapse_tui.execution.runner",
    "run": "collapse_tui.execution.runner",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that starting costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'collapse_tui' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
