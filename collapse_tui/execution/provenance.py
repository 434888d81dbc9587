"""What a run ran on: versions, platform, device, threads, arguments, times."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from collapse_tui import __version__
from collapse_tui.experiment.document import is_table
from collapse_tui.experiment.experiment import Experiment
from engines.sources.readers.regular_file import open_source

DECISIVE = ("python", "packages", "platform", "processor", "threads", "device")
"""What may change the last digit of a number: where all are equal, runs are equal bit for bit."""


def provenance(experiment: Experiment, arguments: Sequence[str]) -> dict[str, object]:
    """Return the content of provenance.json when a run begins."""
    return {
        **environment(experiment),
        "arguments": list(arguments),
        "files": digest_files(experiment),
        "started": timestamp(),
        "ended": None,
    }


def environment(experiment: Experiment) -> dict[str, Any]:
    """Return the versions and the machine that numbers may depend on."""
    names = ("numpy", "scipy", *experiment.setup(0).engine.libraries)
    packages = {"collapse-tui": __version__, **{name: _version(name) for name in names}}
    return {
        "python": platform.python_version(),
        "packages": packages,
        "platform": platform.platform(),
        "processor": platform.machine(),
        "threads": os.environ.get("OMP_NUM_THREADS", "default"),
        "device": experiment.device,
    }


def differences(stored: Mapping[str, Any], experiment: Experiment) -> list[str]:
    """Return what of the environment differs from a stored one, as clauses."""
    current = environment(experiment)
    return [
        f"{key} was {stored[key]}, is {current[key]}"
        for key in DECISIVE
        if key in stored and stored[key] != current[key]
    ]


def changed_files(experiment: Experiment, stored: Mapping[str, Any]) -> list[str]:
    """Return the paths of data files whose content has changed since the run began."""
    known = stored.get("files")
    if not is_table(known):
        return []
    present = digest_files(experiment)
    return [path for path, digest in present.items() if known.get(path, digest) != digest]


def timestamp() -> str:
    """Return the time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def digest_files(experiment: Experiment) -> dict[str, str]:
    """Return path → sha256 of the user's data files."""
    return {str(path): _digest(path) for path in experiment.source.files}


def _digest(path: Path) -> str:
    with open_source(path) as file:
        return file_digest(file, "sha256").hexdigest()


def _version(name: str) -> str:
    # what a loaded package says of itself costs nothing
    loaded = getattr(sys.modules.get(name), "__version__", None)
    if loaded is not None:
        return str(loaded)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
