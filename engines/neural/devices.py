"""The device that a run computes on, and the devices that this machine has."""

import re

from engines.errors import InvalidExperimentError
from engines.external.libraries import torch

KINDS = {"cpu": "CPU", "cuda": "GPU (cuda)"}
NAMES = re.compile(r"auto|cpu|mps|cuda(?::\d+)?")


def choose_device(wanted: str, engine_name: str, kinds: tuple[str, ...]) -> str:
    """Return the device for an engine: cpu, cuda (all of them), cuda:N or mps.

    Parameters
    ----------
    wanted : str
        ``"auto"`` takes the fastest available one that the engine runs on.
    engine_name : str
    kinds : tuple of str
        Kinds of devices that the engine runs on.

    Raises
    ------
    InvalidExperimentError
        If it is not a device, the engine does not run on it, or this machine lacks it.
    """
    if not NAMES.fullmatch(wanted):
        raise InvalidExperimentError(
            f"--device must be auto, cpu, cuda, cuda:N or mps, got {wanted!r}"
        )
    if wanted == "cpu" or (wanted == "auto" and kinds == ("cpu",)):
        return "cpu"
    kind = wanted.partition(":")[0]
    if kind not in {*kinds, "auto"}:
        raise InvalidExperimentError(
            f"--device {wanted}: engine {engine_name!r} runs on the"
            f" {' or '.join(KINDS.get(one, one) for one in kinds)} only"
        )
    available = accelerators()
    if wanted == "auto":
        return next((name for name in ("cuda", "mps") if name in {*available} & {*kinds}), "cpu")
    if wanted not in available:
        found = ", ".join(available) or "none"
        raise InvalidExperimentError(
            f"--device {wanted} is not available: torch finds {found}; use --device cpu, or install"
            " a torch made for this machine's accelerator"
        )
    return wanted


def accelerators() -> tuple[str, ...]:
    """Return the accelerators that torch can use: ``"cuda"``, ``"cuda:0"`` …, ``"mps"``."""
    library = torch()
    count = library.cuda.device_count() if library.cuda.is_available() else 0
    cards = ("cuda", *(f"cuda:{index}" for index in range(count))) if count else ()
    return (*cards, "mps") if library.backends.mps.is_available() else cards


def replicate_device(device: str, replicate: int) -> str:
    """Return the single device, among those of ``device``, that a replicate computes on.

    Parameters
    ----------
    device : str
    replicate : int
    """
    cards = single_devices(device)
    return cards[replicate % len(cards)]


def single_devices(device: str) -> tuple[str, ...]:
    """Return the single devices that ``device`` stands for, to spread replicates over."""
    if device != "cuda":
        return (device,)
    return tuple(name for name in accelerators() if name.startswith("cuda:"))
