"""The one thread that draws charts.

Each pane has a slot for its newest job; a job that has not started when the next one comes is
dropped. A slow chart therefore delays only itself, never the keyboard, and no jobs pile up.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from textual.strip import Strip

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.tui.widgets.strips import canvas_strips

Paint = Callable[[int, int, Marker], Canvas]


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A chart to draw.

    Attributes
    ----------
    paint : callable
        (width, height, marker) → canvas; runs in the render thread.
    width, height : int
    marker : str
    palette : str
    deliver : callable
        Gets the rows and the canvas; must be safe to call from any thread.
    """

    paint: Paint
    width: int
    height: int
    marker: Marker
    palette: str
    deliver: Callable[[list[Strip], Canvas], object]


class Renderer:
    """Draws the newest job of every slot, one after another, in a thread of its own.

    Parameters
    ----------
    on_fault : callable
        Gets each error that a chart raises.
    """

    def __init__(self, on_fault: Callable[[Exception], object]) -> None:
        self._on_fault = on_fault
        self._jobs: dict[str, Job] = {}
        self._changed = threading.Condition()
        self._busy = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="charts", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, slot: str, job: Job) -> None:
        """Put `job` in a slot, replacing a job that waits there."""
        self.submit_in_order({slot: job})

    def submit_in_order(self, jobs: Mapping[str, Job]) -> None:
        """Put jobs in their slots, each of which uses what the one before it has drawn.

        Where some wait already, all come at the place of the first: none waits for ever.
        """
        with self._changed:
            waiting = list(self._jobs)
            place = min((waiting.index(slot) for slot in jobs if slot in waiting), default=None)
            others = [slot for slot in waiting if slot not in jobs]
            at = len(others) if place is None else place
            order = [*others[:at], *jobs, *others[at:]]
            self._jobs = {slot: jobs.get(slot) or self._jobs[slot] for slot in order}
            self._changed.notify_all()

    def drain(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is left to draw; return False if `timeout` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._busy, timeout)

    def close(self) -> None:
        """End the thread after the chart that it is drawing."""
        with self._changed:
            self._closed = True
            self._jobs.clear()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._jobs or self._closed)
                if self._closed:
                    return
                job = self._jobs.pop(next(iter(self._jobs)))
                self._busy = True
            try:
                _deliver(job, job.paint(job.width, job.height, job.marker))
            except Exception as fault:  # noqa: BLE001 - a chart that fails must not end the others
                self._on_fault(fault)
                _deliver_fault(job, fault)


def _deliver(job: Job, canvas: Canvas) -> None:
    job.deliver(canvas_strips(canvas, job.palette, ascii_only=job.marker == "ascii"), canvas)


def _deliver_fault(job: Job, fault: Exception) -> None:
    canvas = blank_canvas(job.width, job.height)
    canvas.write(0, 0, f"this chart cannot be drawn: {fault}", Colour.BAD)
    with suppress(Exception):  # it may be the delivery that fails
        _deliver(job, canvas)
