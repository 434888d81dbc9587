"""Stored results of earlier runs, so that the same claims are decided at once.

One small JSON file an experiment, below the user's cache folder. Its name is a digest of all
that the numbers depend on: the experiment, the version, the program's own sources, numpy and
scipy, the machine's platform and the content of data files.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from collapse_tui.execution.provenance import digest_files, environment
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.reproduction.plan import shared_run_key
from collapse_tui.reproduction.statistic import Measurement, MetricStatistic
from collapse_tui.storage.files import replacement
from collapse_tui.user_folders import user_folder
from engines.errors import CollapseError

VARIABLE = "COLLAPSE_TUI_CACHE"
ROOT = Path(__file__).parents[2]
DIGEST_LENGTH = 20
NO_NUMBERS = {"charts", "cli", "presentation", "tui"}
"""Folders of the program on which no number depends."""


def results_folder() -> Path | None:
    """Return where results are stored: the environment variable, else the user's cache folder.

    Raises
    ------
    CollapseError
        If the variable names what cannot be a folder.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        folder = Path(chosen).expanduser().absolute()
        file = next((path for path in (folder, *folder.parents) if path.is_file()), None)
        if file is not None:
            raise CollapseError(f"{VARIABLE} must name a folder, got {chosen!r}: {file} is a file")
        return folder
    folder = user_folder("cache")
    return folder and folder / "claims"


def results_path(experiment: Experiment) -> Path | None:
    """Return the file for the results of an experiment, whatever its length and metrics.

    None for a user without a home, who has no folder for them.
    """
    folder = results_folder()
    if folder is None:
        return None
    facts = {**environment(experiment), "files": digest_files(experiment)}
    key = shared_run_key(experiment.document)
    text = "\n".join((key, json.dumps(facts, sort_keys=True), _source_digest()))
    digest = sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]
    return folder / f"{experiment.name}-{digest}.json"


@cache
def _source_digest() -> str:
    digest = sha256()
    for package in ("engines", "collapse_tui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not NO_NUMBERS & set(path.relative_to(ROOT).parts):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def load_results(path: Path | None) -> dict[MetricStatistic, Measurement]:
    """Return the results in a file; none if it is absent or damaged."""
    if path is None:
        return {}
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))
        return {
            MetricStatistic(**row["statistic"]): Measurement(**row["measurement"]) for row in rows
        }
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def save_results(path: Path | None, results: Mapping[MetricStatistic, Measurement]) -> None:
    """Add results to those in a file; a cache that cannot be written is no error."""
    if path is None:
        return
    known = {**load_results(path), **results}
    rows = [{"statistic": asdict(key), "measurement": asdict(one)} for key, one in known.items()]
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacement(path, str(os.getpid())) as partial:
            partial.write_text(json.dumps(rows, indent=1), encoding="utf-8")
