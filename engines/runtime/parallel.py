"""Replicates side by side: one after the other on one device, spread over several.

Each is a generator of `Step` that returns its result as arrays by name. What all of them have
told is told together, so that a killed step goes on with each where it stood.
"""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from queue import Queue
from threading import Event, Thread
from typing import Any

from engines.arrays import Arrays
from engines.runtime.array_names import add_prefix, select_prefix
from engines.runtime.step import Step

Job = Callable[[str, Arrays | None], Generator[Step, None, Arrays]]
"""Device, and what the job last told → its steps; it returns its result."""
PATIENCE = 5.0
"""Seconds after which finished replicates are told, however small they are."""
Item = tuple[int, Any]
"""Number of a job, and a `Step` of it, its result or the exception that ended it."""


def run_jobs(
    jobs: Sequence[Job], devices: tuple[str, ...], begun: Arrays | None
) -> Generator[Step, None, list[Arrays]]:
    """Return the results of all jobs, in their order.

    Parameters
    ----------
    jobs : sequence of callable
        Job r runs on device r modulo their number.
    devices : tuple of str
    begun : mapping of str to ndarray, or None
        The last `Step.partial` of an interrupted call.

    Yields
    ------
    Step
        Their fraction is the mean over the jobs.
    """
    book = _Book(len(jobs), begun)
    left = [number for number in range(len(jobs)) if book.results[number] is None]
    started = [_bound(jobs[number], book.parts[number]) for number in left]
    lanes = [
        (device, [(r, start) for r, start in zip(left, started, strict=True) if r % count == lane])
        for count in (len(devices),)
        for lane, device in enumerate(devices)
    ]
    items = _threaded(lanes) if len(devices) > 1 else _in_turn(*lanes[0])
    with closing(items):
        for number, item in items:
            if isinstance(item, Exception):
                raise item
            step = book.entered(number, item)
            if step is not None:
                yield step
    return [result for result in book.results if result is not None]


class _Book:
    """What each job has told and given."""

    def __init__(self, count: int, begun: Arrays | None) -> None:
        names = [f"replicate/{number:06d}" for number in range(count)]
        kept = [select_prefix(name, begun or {}) for name in names]
        self.results: list[Arrays | None] = [select_prefix("done", one) or None for one in kept]
        self.parts: list[Arrays | None] = [select_prefix("part", one) or None for one in kept]
        self.shares = [0.0 if result is None else 1.0 for result in self.results]
        self.has_told = begun is not None
        self.told_at = time.monotonic()

    def entered(self, number: int, item: Step | Arrays) -> Step | None:
        """Return what to tell of a job's step; of its result, only if it told before."""
        if isinstance(item, Step):
            self.shares[number] = item.fraction
            if item.partial is not None:
                self.parts[number], self.has_told = item.partial, True
            message = item.message
            if len(self.results) > 1:
                message = f"replicate {number + 1:,} of {len(self.results):,}, {message}"
            partial = None if item.partial is None else self._partial()
            return replace(item, fraction=self._share, message=message, partial=partial)
        self.results[number], self.parts[number] = item, None
        self.shares[number] = 1.0
        worth_it = self.has_told or time.monotonic() - self.told_at > PATIENCE
        if not worth_it or all(result is not None for result in self.results):
            return None
        return Step(self._share, f"replicate {number + 1:,} is done", self._partial())

    @property
    def _share(self) -> float:
        return sum(self.shares) / len(self.shares)

    def _partial(self) -> Arrays:
        self.told_at = time.monotonic()
        arrays: Arrays = {}
        for number, (result, part) in enumerate(zip(self.results, self.parts, strict=True)):
            name = f"replicate/{number:06d}"
            if result is not None:
                arrays |= add_prefix(f"{name}/done", result)
            elif part is not None:
                arrays |= add_prefix(f"{name}/part", part)
        return arrays


Start = Callable[[str], Generator[Step, None, Arrays]]


def _bound(job: Job, part: Arrays | None) -> Start:
    return lambda device: job(device, part)


def _in_turn(device: str, starts: list[tuple[int, Start]]) -> Generator[Item, None, None]:
    """Yield what jobs on one device tell and give, one after the other."""
    for number, start in starts:
        steps = start(device)
        while True:
            try:
                step = next(steps)
            except StopIteration as stop:
                yield number, stop.value
                break
            yield number, step


def _threaded(lanes: list[tuple[str, list[tuple[int, Start]]]]) -> Generator[Item, None, None]:
    """Yield what jobs on several devices tell and give, as it comes; a thread a device."""
    queue: Queue[Item | None] = Queue(maxsize=len(lanes))
    stopped = Event()
    threads = [Thread(target=_ran, args=(queue, stopped, *lane), daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    running = len(threads)
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


def _ran(
    queue: Queue[Item | None], stopped: Event, device: str, starts: list[tuple[int, Start]]
) -> None:
    """Put what the jobs of one device tell and give into a queue, and None at the end."""
    try:
        for item in _in_turn(device, starts):
            queue.put(item)
            if stopped.is_set():
                break
    except Exception as error:  # noqa: BLE001 - raised where the results are awaited
        queue.put((-1, error))
    queue.put(None)
