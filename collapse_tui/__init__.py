"""collapse-tui: watch generative models collapse, live in a terminal, beside exact theory.

from collapse_tui import load, run
for event in run(load("borji", seed=1, **{"engine.bandwidth": 0.1})):
    ...
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collapse_tui.experiment import Experiment, load
    from collapse_tui.runner import Control, fork, resume, run

__all__ = ["Control", "Experiment", "fork", "load", "resume", "run"]

_HOMES = {
    "Control": "collapse_tui.control",
    "Experiment": "collapse_tui.experiment",
    "fork": "collapse_tui.runner",
    "load": "collapse_tui.experiment",
    "resume": "collapse_tui.runner",
    "run": "collapse_tui.runner",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that starting costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'collapse_tui' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
