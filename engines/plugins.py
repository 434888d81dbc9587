"""Packages of others: the engines that they add, and the faults that are theirs.

A fault is that of the package whose code it passed through on its way here, and of a library
that could not be imported where it happened while importing one. All others are ours.
"""

import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import FrameType

from engines.errors import ForeignFaultError

GROUP = "collapse_tui.engines"
OURS = {"collapse_tui", "engines", "presets"}


@dataclass(frozen=True, slots=True)
class Plugin:
    """An engine of another package.

    Attributes
    ----------
    name : str
        Of the engine.
    target : str
        "module:Class".
    package : str
        Name and version of the package.
    """

    name: str
    target: str
    package: str

    @property
    def root(self) -> str:
        """The top of the names of its modules."""
        return self.target.partition(":")[0].partition(".")[0]


@cache
def find_plugins() -> dict[str, Plugin]:
    """Return the engines of other packages by name; slow, and most experiments need none."""
    from importlib.metadata import entry_points

    found: dict[str, Plugin] = {}
    for point in entry_points(group=GROUP):
        package = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        found[point.name] = Plugin(point.name, point.value, package)
    return found


def load_plugin(plugin: Plugin) -> type:
    """Return the class of an engine of another package.

    Raises
    ------
    ForeignFaultError
        If its module cannot be imported, or does not hold the class.
    """
    module, _, attribute = plugin.target.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except Exception as error:
        raise ForeignFaultError(
            f"engine {plugin.name!r} of the package {plugin.package} cannot be loaded:"
            f" {describe_error(error)}; update or uninstall that package"
        ) from error


def describe_error(error: BaseException) -> str:
    """Return the class and the message of an error on one line."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def find_foreign_fault(error: BaseException) -> ForeignFaultError | None:
    """Return the error that names the package whose fault `error` is, None if it is ours."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    roots = {_root(frame) for frame in frames}
    if roots <= OURS and not isinstance(error, ImportError):
        return None
    for plugin in find_plugins().values():
        if plugin.root in roots - OURS:
            return ForeignFaultError(
                f"the package {plugin.package}, which has engine {plugin.name!r}, failed:"
                f" {describe_error(error)}; this is a fault of that package"
            )
    library = _library_in_import(error, frames)
    if library is None:
        return None
    return ForeignFaultError(
        f"the package {_with_version(library)} cannot be loaded: {describe_error(error)};"
        f" install it again, for example by `pip install --force-reinstall {library}`"
    )


def _root(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _library_in_import(error: BaseException, frames: Sequence[FrameType]) -> str | None:
    """Return the library whose import failed, None if nothing of another was being imported."""
    if isinstance(error, ImportError) and error.name:
        root = error.name.partition(".")[0]
        return None if root in OURS else root
    known = OURS | {"__main__"} | sys.stdlib_module_names
    # the body of a module runs while it is imported
    bodies = (frame for frame in frames if frame.f_code.co_name == "<module>")
    return next((root for frame in bodies if (root := _root(frame)) not in known), None)


def _with_version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library
