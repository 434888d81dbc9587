"""What the machine does: numbers that can be checked, and GPUs made up."""

import time
from types import SimpleNamespace

import numpy as np
import pytest

from collapse_tui.tui.screens import live as live_screen
from collapse_tui.tui.usage import GpuUsage, Usage, UsageMeter
from collapse_tui.tui.widgets.system_line import SystemLine, usage_spans

GB = 10**9
GPU = SimpleNamespace(
    nvmlInit=lambda: None,
    nvmlDeviceGetCount=lambda: 2,
    nvmlDeviceGetHandleByIndex=lambda number: number,
    nvmlDeviceGetMemoryInfo=lambda number: SimpleNamespace(used=(number + 1) * GB, total=80 * GB),
    nvmlDeviceGetUtilizationRates=lambda number: SimpleNamespace(gpu=90 + number),
)


def test_a_busy_process_is_seen_busy_and_its_memory_seen_to_grow():
    meter = UsageMeter()
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass
    busy = meter.look()
    assert 0 < busy.cores <= busy.cores_of * 1.5
    block = np.ones(20_000_000)
    assert meter.look().memory > busy.memory + block.nbytes / 2
    assert busy.gpus == ()


def test_gpus_are_listed_and_a_lost_one_costs_nothing():
    assert UsageMeter(GPU).look().gpus == (
        GpuUsage(0, 0.9, GB, 80 * GB), GpuUsage(1, 0.91, 2 * GB, 80 * GB),
    )  # fmt: skip

    def lost(number):
        raise RuntimeError(f"GPU {number} is lost")

    broken = SimpleNamespace(**{**vars(GPU), "nvmlDeviceGetMemoryInfo": lost})
    assert UsageMeter(broken).look().gpus == ()


def test_nvidias_library_is_used_where_it_finds_a_driver(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pynvml", GPU)
    assert len(UsageMeter.of_machine().look().gpus) == 2


def test_the_line_says_it_in_words():
    usage = Usage(1.9, 2, int(1.3 * GB), 24 * GB, (GpuUsage(0, 0.93, 12 * GB, 80 * GB),))
    text = "".join(part for part, _ in usage_spans(usage))
    assert text == ("processor 1.9 of 2 cores · memory 1.3 GB of 24 GB · GPU 0 93%, 12 GB of 80 GB")


@pytest.mark.parametrize(("height", "shown"), [(34, True), (24, False)])
async def test_the_line_is_there_while_a_generation_takes_long(start, monkeypatch, height, shown):
    async with start(size=(100, height)) as bench:
        await bench.run_to(5)
        line = bench.live.query_one(SystemLine)
        bench.live._look_at_machine()
        await bench.settle()
        assert not line.display
        monkeypatch.setattr(live_screen.LiveScreen, "_step", lambda self: self.runs.newest.step)
        bench.live._look_at_machine()
        if shown:
            await bench.until(lambda: line.display)
            assert "cores" in line.text()
        else:
            await bench.settle()
            assert not line.display
