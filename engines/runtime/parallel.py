"""Replicates as separate jobs: one after the other on one device, in parallel on several.

Each job is a generator of `Step` that returns its result as arrays by name. The partial arrays
of all jobs are yielded together, so that an interrupted step continues each of them.
"""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import partial as bind
from queue import Queue
from threading import Event, Thread
from typing import Any

from engines.arrays import Arrays
from engines.runtime.array_names import add_prefix, select_prefix
from engines.runtime.step import Step, map_steps

Job = Callable[[str, Arrays | None], Generator[Step, None, Arrays]]
"""Device, and the job's last partial arrays or None → its steps; it returns its result."""
STORE_AFTER = 5.0
"""Seconds after which a finished replicate is stored even if no job yields partial arrays."""
Start = Callable[[], Generator[Step, None, Arrays]]
Item = tuple[int, Any]
"""Number of a job, and a `Step` of it, its result or the exception that ended it."""


def run_jobs(
    jobs: Sequence[Job], devices: tuple[str, ...], partial: Arrays | None
) -> Generator[Step, None, list[Arrays]]:
    """Return the results of all jobs, in their order.

    Parameters
    ----------
    jobs : sequence of callable
        Job r runs on device r modulo their number.
    devices : tuple of str
    partial : mapping of str to ndarray, or None
        The last `Step.partial` of an interrupted call.

    Yields
    ------
    Step
        Its fraction is the mean over the jobs.
    """
    progress = _Progress(len(jobs), partial)
    lanes: list[list[tuple[int, Start]]] = [[] for _ in devices]
    for number, job in enumerate(jobs):
        if progress.results[number] is None:
            lane = number % len(devices)
            lanes[lane].append((number, bind(job, devices[lane], progress.parts[number])))
    items = _run_in_threads(lanes) if len(devices) > 1 else _run_in_turn(lanes[0])
    with closing(items):
        for number, item in items:
            if isinstance(item, Exception):
                raise item
            step = progress.update(number, item)
            if step is not None:
                yield step
    return [result for result in progress.results if result is not None]


class _Progress:
    """Results, partial arrays and fractions of all jobs."""

    def __init__(self, count: int, partial: Arrays | None) -> None:
        stored = [select_prefix(_name(number), partial or {}) for number in range(count)]
        self.results: list[Arrays | None] = [select_prefix("done", a) or None for a in stored]
        self.parts: list[Arrays | None] = [select_prefix("part", a) or None for a in stored]
        self.fractions = [0.0 if result is None else 1.0 for result in self.results]
        self.has_partial = partial is not None
        self.stored_at = time.monotonic()

    def update(self, number: int, item: Step | Arrays) -> Step | None:
        """Return the step to yield after a job's step or result; None where nothing is worth it."""
        job = f"replicate {number + 1:,}"
        if isinstance(item, Step):
            self.fractions[number] = item.fraction
            partial = None
            if item.partial is not None:
                self.parts[number], self.has_partial = item.partial, True
                partial = self._arrays()
            count = len(self.results)
            message = f"{job} of {count:,}, {item.message}" if count > 1 else item.message
            return Step(self._fraction, message, partial)
        self.results[number], self.parts[number] = item, None
        self.fractions[number] = 1.0
        is_worth_it = self.has_partial or time.monotonic() - self.stored_at > STORE_AFTER
        if not is_worth_it or all(result is not None for result in self.results):
            return None
        return Step(self._fraction, f"{job} is done", self._arrays())

    @property
    def _fraction(self) -> float:
        return sum(self.fractions) / len(self.fractions)

    def _arrays(self) -> Arrays:
        self.stored_at = time.monotonic()
        arrays: Arrays = {}
        for number, (result, part) in enumerate(zip(self.results, self.parts, strict=True)):
            if result is not None:
                arrays |= add_prefix(f"{_name(number)}/done", result)
            elif part is not None:
                arrays |= add_prefix(f"{_name(number)}/part", part)
        return arrays


def _name(number: int) -> str:
    return f"replicate/{number:06d}"


def _run_in_turn(starts: list[tuple[int, Start]]) -> Generator[Item, None, None]:
    """Yield the steps and results of jobs, one job after the other."""
    for number, start in starts:
        result = yield from map_steps(start(), lambda step, number=number: (number, step))
        yield number, result


def _run_in_threads(lanes: list[list[tuple[int, Start]]]) -> Generator[Item, None, None]:
    """Yield the steps and results of jobs as they come, from one thread for each lane."""
    queue: Queue[Item | None] = Queue(maxsize=len(lanes))
    stopped = Event()
    for lane in lanes:
        Thread(target=_fill_queue, args=(queue, stopped, lane), daemon=True).start()
    running = len(lanes)
    try:
        while running:
            item = queue.get()
            running -= item is None
            if item is not None:
                yield item
    finally:
        stopped.set()
        while running:
            running -= queue.get() is None


def _fill_queue(queue: Queue[Item | None], stopped: Event, starts: list[tuple[int, Start]]) -> None:
    """Put the steps and results of the jobs into a queue, and None at the end."""
    try:
        for item in _run_in_turn(starts):
            queue.put(item)
            if stopped.is_set():
                break
    except Exception as error:  # noqa: BLE001 - raised where the results are awaited
        queue.put((-1, error))
    queue.put(None)
