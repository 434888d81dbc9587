"""Versions of this program and of what it stands on, without importing any of it."""

from importlib.metadata import PackageNotFoundError, version

DEPENDENCIES = (
    "numpy", "scipy", "scikit-learn", "torch", "transformers", "tokenizers", "safetensors",
    "huggingface-hub", "textual", "plotext", "rich", "typer",
    "pydantic", "pyarrow", "psutil", "platformdirs", "tomli-w",
)  # fmt: skip
OPTIONAL = ("matplotlib", "ray", "textual-serve")


def own_version() -> str:
    """Return the version of collapse-tui."""
    return installed("collapse-tui") or "(not installed: run from its source)"


def installed(package: str) -> str | None:
    """Return the version of a package, None if it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
