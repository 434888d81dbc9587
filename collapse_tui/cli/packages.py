"""Whether `engines` and `presets` are ours: the names are common, and pip overwrites silently."""

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

MARKER = "COLLAPSE_TUI_PACKAGE"
PACKAGES = ("engines", "presets")


def shadow() -> str | None:
    """Return a sentence naming what stands in the way of our packages, None if nothing does.

    Nothing is imported: a stranger's module must not run for being looked at.
    """
    for package in PACKAGES:
        found = _found(package)
        if found is not None:
            return found
    return None


def _found(package: str) -> str | None:
    loaded = sys.modules.get(package)
    if loaded is not None:
        return None if hasattr(loaded, MARKER) else _sentence(package, str(loaded.__file__))
    spec = find_spec(package) or PathFinder.find_spec(package)
    if spec is None:
        return f"the package {package!r} of collapse-tui is missing: install collapse-tui again"
    if spec.origin is None:
        places = list(spec.submodule_search_locations or ["?"])
        return _sentence(package, places[0])
    try:
        ours = MARKER in Path(spec.origin).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return f"{spec.origin} cannot be read: {error.strerror}"
    return None if ours else _sentence(package, spec.origin)


def _sentence(package: str, place: str) -> str:
    return (
        f"{place} hides the package {package!r} of collapse-tui: rename or remove it,"
        " or install collapse-tui into an environment of its own"
    )
