"""What runs gave before, so that the same claims are decided at once.

One small JSON file an experiment, below the user's cache folder. Its name is a digest of all
that the numbers depend on: the experiment, the version, the program's own sources, numpy and
scipy, the machine's platform and the content of data files.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from collapse_tui.execution.provenance import provenance
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.reproduction.plan import essence
from collapse_tui.reproduction.statistic import Measured, Quantity

VARIABLE = "COLLAPSE_TUI_CACHE"
ROOT = Path(__file__).parents[2]
LENGTH = 20


def folder() -> Path:
    """Return where results are remembered: the variable, else the user's cache folder."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_cache_dir  # only here

    return Path(user_cache_dir("collapse-tui", appauthor=False)) / "claims"


def path_of(experiment: Experiment) -> Path:
    """Return the file of an experiment, its length and metrics left out."""
    facts = provenance(experiment, ())
    for key in ("arguments", "started", "ended"):
        facts.pop(key, None)
    document: dict[str, Any] = {**experiment.document, "generations": 0, "metrics": {}}
    text = "\n".join((essence(document), json.dumps(facts, sort_keys=True), _sources()))
    name = f"{experiment.name}-{sha256(text.encode()).hexdigest()[:LENGTH]}.json"
    return folder() / name


@cache
def _sources() -> str:
    digest = sha256()
    for package in ("engines", "collapse_tui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"charts", "cli", "presentation", "tui"} & set(path.relative_to(ROOT).parts):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def recall(path: Path) -> dict[Quantity, Measured]:
    """Return what is remembered in a file; nothing if it is absent or damaged."""
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))
        return {Quantity(**row["quantity"]): Measured(**row["measured"]) for row in rows}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def remember(path: Path, results: Mapping[Quantity, Measured]) -> None:
    """Keep results beside those that are there; a cache that cannot be written is no fault."""
    known = {**recall(path), **results}
    rows = [{"quantity": asdict(q), "measured": asdict(m)} for q, m in known.items()]
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
