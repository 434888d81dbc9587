"""What this process takes of the machine: processor, memory, and GPUs where NVIDIA's library is."""

from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class GpuUsage:
    """One GPU, with everything that runs on it.

    Attributes
    ----------
    number : int
    busy : float
        Share of the last second in which it computed.
    memory, memory_of : int
        Bytes in use, and in all.
    """

    number: int
    busy: float
    memory: int
    memory_of: int


@dataclass(frozen=True, slots=True)
class Usage:
    """The machine at one instant.

    Attributes
    ----------
    cores : float
        Cores that this process kept busy since the last look.
    cores_of : int
    memory, memory_of : int
        Bytes of this process, and of the machine.
    gpus : tuple of GpuUsage
    """

    cores: float
    cores_of: int
    memory: int
    memory_of: int
    gpus: tuple[GpuUsage, ...] = ()


class UsageMeter:
    """Looks at the machine; a look takes some milliseconds, so it is for a worker.

    Parameters
    ----------
    nvml : module or None
        NVIDIA's management library, initialised; None where there is none.
    """

    def __init__(self, nvml: Any = None) -> None:
        import psutil

        self._process = psutil.Process()
        self._process.cpu_percent()
        self._cores = psutil.cpu_count() or 1
        self._memory = psutil.virtual_memory().total
        self._nvml = nvml

    @classmethod
    def of_machine(cls) -> "UsageMeter":
        """Return a meter that sees the GPUs, where nvidia-ml-py is installed and finds a driver."""
        with suppress(Exception):  # the library, its driver or its devices may be missing
            library = import_module("pynvml")
            library.nvmlInit()
            return cls(library)
        return cls()

    def look(self) -> Usage:
        """Return the usage since the last look."""
        busy = self._process.cpu_percent() / 100
        return Usage(
            busy, self._cores, self._process.memory_info().rss, self._memory, tuple(self._gpus())
        )

    def _gpus(self) -> list[GpuUsage]:
        found: list[GpuUsage] = []
        with suppress(Exception):  # a device may be lost while the run goes on
            for number in range(self._nvml.nvmlDeviceGetCount() if self._nvml else 0):
                device = self._nvml.nvmlDeviceGetHandleByIndex(number)
                memory = self._nvml.nvmlDeviceGetMemoryInfo(device)
                busy = self._nvml.nvmlDeviceGetUtilizationRates(device).gpu / 100
                found.append(GpuUsage(number, busy, int(memory.used), int(memory.total)))
        return found
