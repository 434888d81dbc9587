"""How far a run is, on standard error: a bar on a terminal, else a line every ten seconds."""

import math
import sys
import time
from collections import deque
from contextlib import suppress
from typing import Any

from collapse_tui.events import Event, Generation, Progress, Started
from collapse_tui.number_format import format_duration
from collapse_tui.presentation.eta import Timing, time_left
from collapse_tui.visible_text import to_visible_line

BAR_SECONDS = 0.1
LINE_SECONDS = 10.0
WINDOW = 100


class Meter:
    """Counts generations and shows them from time to time; an event costs one reading of the clock.

    Parameters
    ----------
    name : str
        Of the run.

    Attributes
    ----------
    generation, generations : int
    leading : str
        The leading metric and its median.
    timing : Timing
        The clock of the run, with the generation in progress.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.generation = -1
        self.generations = 0
        self.leading = ""
        self.timing = Timing()
        self._marks: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self._display: LineDisplay | BarDisplay | None = None
        self._interval = 0.0
        self._due = 0.0

    def update(self, event: Event) -> None:
        """Count one event, and show the state if the interval is over."""
        now = time.monotonic()
        match event:
            case Started():
                self._begin(event)
            case Generation():
                self.generation = event.generation
                self.timing = self.timing.finish(now).begin(event.generation + 1, now)
            case Progress():
                self.timing = self.timing.report(
                    event.generation, event.fraction, event.message, now
                )
            case _:
                return
        if self._display is None or now < self._due:
            return
        self._due = now + self._interval
        self._marks.append((now, self.generation))
        if isinstance(event, Generation):
            self.leading = _leading_metric(event)
        self._draw()

    def close(self) -> None:
        """Remove the display."""
        if self._display is not None:
            with suppress(OSError):
                self._display.close()
        self._display = None

    @property
    def rate(self) -> float:
        """Generations per second over the last displays, NaN if unknown."""
        if len(self._marks) < 2:
            return math.nan
        (start, first), (end, last) = self._marks[0], self._marks[-1]
        return (last - first) / (end - start) if end > start and last > first else math.nan

    @property
    def speed(self) -> str:
        """Rate and remaining time as text."""
        rate, run_left = self.rate, math.nan
        if self.timing.message:
            run_left = self.timing.estimate(time.monotonic()).run_left
        left = time_left(self.generations - self.generation, rate, run_left)
        if math.isnan(left):
            return ""
        shown = "" if math.isfinite(run_left) else f"{rate:.3g} gen/s, "
        return f"{shown}{format_duration(left)} left"

    @property
    def fraction(self) -> float:
        """Completed share of the generation in progress, 0 where it is unknown."""
        fraction = self.timing.estimate(time.monotonic()).fraction
        return 0.0 if math.isnan(fraction) else fraction

    @property
    def activity(self) -> str:
        """Last message of the generation in progress with its share; empty for quick ones."""
        if not self.timing.message:
            return ""
        estimate = self.timing.estimate(time.monotonic())
        left = f" ({format_duration(estimate.left)} left)" if math.isfinite(estimate.left) else ""
        where = f"in generation {self.timing.generation} {self.fraction:.0%}{left}"
        return f"{where}: {self.timing.message}"

    def _begin(self, event: Started) -> None:
        self.generation, self.generations = event.generation, event.generations
        terminal = sys.stderr is not None and sys.stderr.isatty()
        self._display = BarDisplay(self.name, event.generations) if terminal else LineDisplay()
        self._interval = BAR_SECONDS if terminal else LINE_SECONDS
        now = time.monotonic()
        self._due = now + self._interval
        self._marks.append((now, event.generation))
        self.timing = Timing(event.generations, event.generation).begin(event.generation + 1, now)

    def _draw(self) -> None:
        try:
            if self._display is not None:
                self._display.draw(self)
        except OSError:
            # the terminal hung up: the run goes on unless a signal stops it
            self._display = None


class LineDisplay:
    """Writes a line each time."""

    def draw(self, meter: Meter) -> None:
        """Write one line."""
        parts = [
            f"{meter.name}: generation {meter.generation}/{meter.generations}",
            *(part for part in (meter.speed, meter.leading, meter.activity) if part),
        ]
        sys.stderr.write(f"{to_visible_line(', '.join(parts))}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Do nothing: lines stay."""


class BarDisplay:
    """One line with a bar that is redrawn each time."""

    def __init__(self, name: str, generations: int) -> None:
        from rich.console import Console  # only on a terminal
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        columns: list[Any] = [
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[whole]}/{task.total:.0f}", markup=False),
            TextColumn("{task.fields[words]}", markup=False),
        ]
        # drawn by the run itself when an event comes: no thread of rich takes time from it
        self._progress = RichProgress(
            *columns, console=Console(file=sys.stderr), auto_refresh=False, transient=True
        )
        shown = to_visible_line(name)
        self._task = self._progress.add_task(shown, total=generations, words="", whole=0)
        self._progress.start()
        # ctrl+z and kill -9 leave the line as it is: with a hidden cursor the shell would have none
        self._progress.console.show_cursor(show=True)

    def draw(self, meter: Meter) -> None:
        """Redraw the line."""
        parts = (meter.speed, meter.activity or meter.leading)
        words = to_visible_line("  ".join(part for part in parts if part))
        whole = max(0, meter.generation)
        done = min(meter.generations, whole + meter.fraction)
        self._progress.update(self._task, completed=done, words=words, whole=whole)
        self._progress.refresh()

    def close(self) -> None:
        """Remove the line."""
        self._progress.stop()


def _leading_metric(event: Generation) -> str:
    """Return the first metric and its median as text."""
    for name, summary in event.summary.items():
        median = summary.get("q50")
        several = any(values.size > 1 for values in event.metrics.values())
        what = f"{name} median" if several else name
        return f"{what} –" if median is None else f"{what} {median:.4g}"
    return ""
