"""Installed packages: whether `engines` and `presets` are ours, and which versions there are.

`engines` and `presets` are common names, and pip overwrites files without a warning.
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

MARKER = "COLLAPSE_TUI_PACKAGE"
PACKAGES = ("engines", "presets")
DEPENDENCIES = (
    "numpy", "scipy", "scikit-learn", "torch", "transformers", "tokenizers", "safetensors",
    "huggingface-hub", "textual", "plotext", "rich", "typer",
    "pydantic", "pyarrow", "psutil", "platformdirs", "tomli-w",
)  # fmt: skip
OPTIONAL = ("matplotlib", "ray", "tensorboardX", "textual-serve")


def check_packages() -> str | None:
    """Return an error message if one of our packages is missing or hidden, else None.

    Nothing is imported: code of another package must not run because of this check.
    """
    return next(filter(None, map(_check_package, PACKAGES)), None)


def _check_package(package: str) -> str | None:
    loaded = sys.modules.get(package)
    if loaded is not None:
        return None if hasattr(loaded, MARKER) else _hidden(package, str(loaded.__file__))
    spec = find_spec(package) or PathFinder.find_spec(package)
    if spec is None:
        return f"the package {package!r} of collapse-tui is missing: install collapse-tui again"
    if spec.origin is None:
        return _hidden(package, next(iter(spec.submodule_search_locations or ["?"])))
    try:
        ours = MARKER in Path(spec.origin).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return f"{spec.origin} cannot be read: {error.strerror}"
    return None if ours else _hidden(package, spec.origin)


def _hidden(package: str, place: str) -> str:
    return (
        f"{place} hides the package {package!r} of collapse-tui: rename or remove it,"
        " or install collapse-tui into an environment of its own"
    )


def installed_version(package: str) -> str | None:
    """Return the version of a package without importing it, None if it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None
