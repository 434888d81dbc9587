"""Packages that only some commands need: extras of this one, and how to install them."""

from importlib.util import find_spec
from typing import Literal

from engines.errors import CollapseError

Extra = Literal["figures", "serve", "tensorboard"]
PACKAGES: dict[Extra, tuple[str, str]] = {
    "figures": ("matplotlib", "matplotlib"),
    "serve": ("textual_serve", "textual-serve"),
    "tensorboard": ("tensorboardX", "tensorboardX"),
}
"""Extra → the module that it brings, and the name of its package."""


class MissingPackageError(CollapseError):
    """A package of an extra is not installed."""


def has_extra(extra: Extra) -> bool:
    """Return whether the package of an extra is installed; nothing is imported."""
    return find_spec(PACKAGES[extra][0]) is not None


def explain_missing(extra: Extra, what: str) -> str:
    """Return the sentence that `what` needs an extra, with the command that installs it."""
    package = PACKAGES[extra][1]
    return (
        f"{what} {package}, which is not installed: `pip install 'collapse-tui[{extra}]'` brings it"
    )


def require_extra(extra: Extra, what: str) -> None:
    """Raise MissingPackageError if the package of an extra is not installed.

    Parameters
    ----------
    extra : str
    what : str
        What needs it, with the verb, as in "figures need".
    """
    if not has_extra(extra):
        raise MissingPackageError(explain_missing(extra, what))
