"""`doctor`: what this machine has for running experiments, and what is missing."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from collapse_tui import __version__
from collapse_tui.cli.output import write_result
from collapse_tui.cli.packages import (
    DEPENDENCIES,
    OPTIONAL,
    PACKAGES,
    installed_version,
)

if TYPE_CHECKING:
    from engines.external.hub import Download

Row = tuple[str, str]
GIGABYTE = 1e9
COLOURS = {"truecolor": "16 million", "24bit": "16 million"}


def doctor(context: typer.Context) -> int:
    """Print what this machine has for running experiments, and what is missing."""
    from collapse_tui.storage.errors import StorageError
    from collapse_tui.storage.runs_folder import runs_folder

    try:
        folder = runs_folder(context.obj)
    except StorageError as error:
        storage, problems = [("runs folder", "none")], [str(error)]
    else:
        writable = _is_writable(folder)
        storage = _storage(folder, writable=writable)
        problems = [] if writable else [f"{folder} cannot be written"]
    rows = [*_program(), *_machine(), *_terminal(), *storage, ("Hugging Face", _downloads())]
    rows += [("packages", _versions(DEPENDENCIES)), ("optional", _versions(OPTIONAL))]
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        write_result(f"{name:{width}}  {text}")
    missing = [f"{name} is not installed" for name in DEPENDENCIES if not installed_version(name)]
    missing += problems
    write_result("")
    write_result("missing: " + "; ".join(missing) if missing else _missing_data())
    return 2 if missing else 0


def _program() -> list[Row]:
    places = {name: importlib.util.find_spec(name) for name in PACKAGES}
    ours = [str(Path(spec.origin).parent) for spec in places.values() if spec and spec.origin]
    return [
        ("collapse-tui", __version__),
        ("python", f"{platform.python_version()} at {sys.executable}"),
        ("engines, presets", f"ours, in {', '.join(ours)}"),
    ]


def _machine() -> list[Row]:
    import psutil

    memory = psutil.virtual_memory()
    cores = len(psutil.Process().cpu_affinity() or []) if hasattr(psutil.Process, "cpu_affinity") \
        else os.cpu_count()  # fmt: skip
    free, total = memory.available / GIGABYTE, memory.total / GIGABYTE
    return [
        ("platform", platform.platform()),
        ("processor", f"{cores} cores for this process, {os.cpu_count()} in the machine"),
        ("memory", f"{free:.1f} GB free of {total:.1f} GB"),
        ("accelerators", _accelerators()),
    ]


def _accelerators() -> str:
    if importlib.util.find_spec("torch") is None:
        return "unknown: torch is not installed"
    from engines.external import libraries

    torch = libraries.torch()
    count = torch.cuda.device_count()
    found = [f"cuda:{index} {torch.cuda.get_device_name(index)}" for index in range(count)]
    if torch.backends.mps.is_available():
        found.append("mps")
    return ", ".join(found) or f"none that torch {torch.__version__} can use"


def _terminal() -> list[Row]:
    size = shutil.get_terminal_size()
    kind = os.environ.get("TERM", "unknown")
    colours = COLOURS.get(os.environ.get("COLORTERM", ""), "256" if "256" in kind else "16")
    if os.environ.get("NO_COLOR"):
        colours = "none (NO_COLOR)"
    place = "a terminal" if sys.stdout.isatty() else "not a terminal"
    return [
        ("output", f"{place}, {size.columns}×{size.lines}, TERM={kind}, colours: {colours}"),
        ("encoding", f"{sys.stdout.encoding}; braille ⣿ blocks ▁▄█ (choose with --marker)"),
    ]


def _storage(folder: Path, *, writable: bool) -> list[Row]:
    from collapse_tui.storage.catalogue import saved_runs

    existing = _nearest_existing(folder)
    free = shutil.disk_usage(existing).free / GIGABYTE
    state = "writable" if writable else "NOT writable"
    return [
        ("runs folder", f"{folder} ({state}, {len(saved_runs(folder))} runs)"),
        ("disk", f"{free:.1f} GB free at {existing}"),
    ]


def _downloads() -> str:
    """Return the models and data sets in the cache of Hugging Face, and its folder."""
    from engines.external.hub import cache_folder

    folder = cache_folder()
    names = [
        path.name.partition("--")[2].replace("--", "/")
        for kind in ("models", "datasets")
        for path in sorted(folder.glob(f"{kind}--*"))
    ]
    known = ", ".join(names) or "nothing yet: `collapse-tui fetch opt` downloads a model"
    return f"{folder}: {known}"


def _nearest_existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _is_writable(folder: Path) -> bool:
    """Return whether a run could be saved in `folder`, which need not exist yet."""
    existing = _nearest_existing(folder)
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return False
    # permission bits do not apply to the superuser: a read-only disk shows only on writing
    probe = existing / f".collapse-tui-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError:
        return False
    return True


def _versions(packages: Sequence[str]) -> str:
    return ", ".join(f"{name} {installed_version(name) or 'not installed'}" for name in packages)


def _missing_data() -> str:
    """Return which presets lack their models or data, and the commands that download them."""
    missing: dict[str, set[Download]] = _missing_downloads()
    if not missing:
        return "everything that a run needs is there"
    names = list(missing)
    commands: list[str] = []
    while missing:
        # the preset that needs most comes first: its downloads serve others too
        name = max(missing, key=lambda one: len(missing[one]))
        commands.append(f"`collapse-tui fetch {name}`")
        done = missing[name]
        missing = {name: wants - done for name, wants in missing.items() if wants - done}
    verb = "downloads" if len(commands) == 1 else "download"
    return f"only the data of {_and(names)} are missing: {_and(commands)} {verb} them"


def _missing_downloads() -> "dict[str, set[Download]]":
    """Return the downloads that are not on this machine, for each preset that needs some."""
    import presets
    from collapse_tui.experiment import document
    from collapse_tui.experiment.downloads import downloads_of
    from engines.external.hub import is_cached

    wanted = {name: downloads_of(document.read(name)[1]) for name in presets.names()}
    missing = {name: {one for one in each if not is_cached(one)} for name, each in wanted.items()}
    return {name: each for name, each in missing.items() if each}


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
