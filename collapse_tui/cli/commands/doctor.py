"""`doctor`: what this machine has for running experiments, and what is missing."""

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

import psutil

import presets
from collapse_tui.cli.output import put
from collapse_tui.cli.packages import PACKAGES
from collapse_tui.cli.versions import DEPENDENCIES, OPTIONAL, installed, own_version
from collapse_tui.experiment import document
from collapse_tui.experiment.downloads import downloads_of
from collapse_tui.storage import runs_folder, saved_runs
from engines.external.hub import Download, cache_folder, is_cached

Wanted = dict[str, set[Download]]

GIGABYTE = 1e9
COLOURS = {"truecolor": "16 million", "24bit": "16 million"}


def examine(runs: str | None) -> int:
    """Print what there is; return 2 if something that every run needs is missing."""
    folder = runs_folder(runs)
    missing = [name for name in DEPENDENCIES if installed(name) is None]
    writable = _writable(folder)
    rows = [*_program(), *_machine(), *_terminal(), *_storage(folder, writable=writable)]
    rows += [("packages", _versions(DEPENDENCIES)), ("optional", _versions(OPTIONAL))]
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        put(f"{name:{width}}  {text}")
    faults = [f"{name} is not installed" for name in missing]
    faults += [] if writable else [f"{folder} cannot be written"]
    put("")
    put("missing: " + "; ".join(faults) if faults else _verdict())
    return 2 if faults else 0


def _verdict() -> str:
    """Return what can be run of a program that is whole: everything, or all but what lacks data."""
    left = _lacking()
    if not left:
        return "everything that a run needs is there"
    names = list(left)
    told: list[str] = []
    while left:
        # The one that needs most fetches for others too.
        name = max(left, key=lambda one: len(left[one]))
        told.append(f"`collapse-tui fetch {name}`")
        left = _without(left, left[name])
    return (
        f"everything is there but the data of {_and(names)}: {_and(told)}"
        f" {'fetches' if len(told) == 1 else 'fetch'} them"
    )


def _without(left: Wanted, fetched: set[Download]) -> Wanted:
    return {name: wants - fetched for name, wants in left.items() if wants - fetched}


def _lacking() -> Wanted:
    """Return the presets whose models or data are not on this machine, and which those are."""
    found: Wanted = {}
    for name in presets.names():
        wanted = set(downloads_of(document.read(name)[1]))
        missing = {download for download in wanted if not is_cached(download)}
        if missing:
            found[name] = missing
    return found


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _program() -> list[tuple[str, str]]:
    places = {name: importlib.util.find_spec(name) for name in PACKAGES}
    ours = [str(Path(spec.origin).parent) for spec in places.values() if spec and spec.origin]
    return [
        ("collapse-tui", own_version()),
        ("python", f"{platform.python_version()} at {sys.executable}"),
        ("engines, presets", f"ours, in {', '.join(ours)}"),
    ]


def _machine() -> list[tuple[str, str]]:
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
    import torch  # takes seconds

    count = torch.cuda.device_count()
    found = [f"cuda:{index} {torch.cuda.get_device_name(index)}" for index in range(count)]
    if torch.backends.mps.is_available():
        found.append("mps")
    none = f"none that torch {torch.__version__} can use"
    return ", ".join(found) or none


def _downloads() -> str:
    """Return what of Hugging Face is on this machine, and where."""
    folder = cache_folder()
    names = [
        path.name.partition("--")[2].replace("--", "/")
        for kind in ("models", "datasets")
        for path in sorted(folder.glob(f"{kind}--*"))
    ]
    known = ", ".join(names) if names else "nothing yet: `collapse-tui fetch opt` gets a model"
    return f"{folder}: {known}"


def _terminal() -> list[tuple[str, str]]:
    size = shutil.get_terminal_size()
    kind = os.environ.get("TERM", "unknown")
    colours = COLOURS.get(os.environ.get("COLORTERM", ""), "256" if "256" in kind else "16")
    if os.environ.get("NO_COLOR"):
        colours = "none (NO_COLOR)"
    is_terminal = "a terminal" if sys.stdout.isatty() else "not a terminal"
    encoding = sys.stdout.encoding
    return [
        ("output", f"{is_terminal}, {size.columns}×{size.lines}, TERM={kind}, colours: {colours}"),
        ("encoding", f"{encoding}; braille ⣿ blocks ▁▄█ (choose with --marker)"),
    ]


def _storage(folder: Path, *, writable: bool) -> list[tuple[str, str]]:
    there = _nearest_existing(folder)
    free = shutil.disk_usage(there).free / GIGABYTE
    state = "writable" if writable else "NOT writable"
    count = len(saved_runs(folder))
    return [
        ("runs folder", f"{folder} ({state}, {count} runs)"),
        ("disk", f"{free:.1f} GB free at {there}"),
        ("Hugging Face", _downloads()),
    ]


def _nearest_existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _writable(folder: Path) -> bool:
    """Return whether a run could be made in `folder`, which need not exist yet."""
    there = _nearest_existing(folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return False
    # the superuser is refused nowhere by permission bits: only trying tells of a read-only disk
    probe = there / f".collapse-tui-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError:
        return False
    return True


def _versions(packages: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {installed(name) or 'not installed'}" for name in packages)
