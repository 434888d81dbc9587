"""Which device a run computes on, and the error where that device is missing."""

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
        ``"auto"`` takes the fastest that the engine runs on and that is there.
    engine_name : str
    kinds : tuple of str
        What the engine runs on.

    Raises
    ------
    InvalidExperimentError
        If it is no device, the engine does not run on it, or it is not there.
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
    there = accelerators()
    if wanted == "auto":
        return next((name for name in ("cuda", "mps") if name in there and name in kinds), "cpu")
    if wanted not in there:
        found = ", ".join(there) if there else "none"
        raise InvalidExperimentError(
            f"--device {wanted} is not there: torch finds {found}; use --device cpu, or install a"
            " torch made for this machine's accelerator"
        )
    return wanted


def accelerators() -> tuple[str, ...]:
    """Return the accelerators that torch can use: ``"cuda"``, ``"cuda:0"`` …, ``"mps"``."""
    library = torch()  # only asked for engines that can use one
    count = library.cuda.device_count() if library.cuda.is_available() else 0
    cards = ("cuda", *(f"cuda:{index}" for index in range(count))) if count else ()
    return (*cards, "mps") if library.backends.mps.is_available() else cards


def replicate_device(device: str, replicate: int) -> str:
    """Return the single device among those of ``device`` that a replicate has.

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
