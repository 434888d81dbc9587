"""Presets: one experiment a TOML file, named after what it shows. Found and read here only."""

from pathlib import Path

COLLAPSE_TUI_PACKAGE = "presets"
"""Marker by which the command line recognises this package (see `collapse_tui.cli`)."""

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Return the names of all presets, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def path(name: str) -> Path:
    """Return where a preset lies; it may not exist."""
    return FOLDER / f"{name}.toml"


def sketch_path(name: str) -> Path:
    """Return where the sketch of a preset lies, which some presets have not."""
    return FOLDER / "sketches" / f"{name}.json"
