"""Questions about runs, answered in a process of its own; the newest question wins.

A question that another one has overtaken is dropped; if its answer takes long, the process is
ended and a new one answers. An answer therefore always belongs to the newest question.
"""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from collapse_tui.experiment.examination import Examination, to_examination

PATIENCE = 0.5
"""Seconds that an overtaken question may still take before its process is ended."""
LONGEST = 20.0
"""Seconds after which nobody waits for an answer any more."""
LOOK = 0.05
"""Seconds between two looks at whether a question is still the newest."""
PROGRAM = "from collapse_tui.experiment.examiner_process import answer_lines; answer_lines()"


@dataclass(frozen=True, slots=True)
class Question:
    """What a run of a preset would be.

    Attributes
    ----------
    serial : int
        Rises with every question; the answer carries it.
    preset : str
    settings : mapping
        What differs from the preset, by dotted key.
    """

    serial: int
    preset: str
    settings: Mapping[str, object]


class Examiner(Protocol):
    """Answers questions about runs without holding up who asks; from any thread."""

    def ask(self, question: Question) -> None:
        """Answer this question instead of all before it."""
        ...

    def close(self) -> None:
        """Answer nothing more."""
        ...


class ProcessExaminer:
    """An examiner whose process starts at the first question.

    Parameters
    ----------
    device : str
        What runs compute on.
    on_answer : callable
        Gets each question and its answer, in a thread.
    on_lacking : callable
        Gets the presets that lack their model or data, name → what to type, in a thread.
    """

    def __init__(
        self,
        device: str,
        on_answer: Callable[[Question, Examination], object],
        on_lacking: Callable[[Mapping[str, str]], object],
    ) -> None:
        self._device = device
        self._on_answer = on_answer
        self._on_lacking = on_lacking
        self._newest: Question | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def ask(self, question: Question) -> None:
        """Answer this question instead of all before it."""
        with self._changed:
            self._newest = question
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="examiner", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Answer nothing more, and end the process."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._end_process()

    def _run(self) -> None:
        """Answer the newest question, again and again; list what lacks data in between, once."""
        listed = False
        while not self._closed:
            question = self._take(wait=listed)
            if question is not None:
                self._answer(question)
            elif not listed:
                listed = self._list_lacking()
        self._end_process()

    def _take(self, *, wait: bool) -> Question | None:
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._newest is not None or self._closed)
            question, self._newest = self._newest, None
            return question

    def _answer(self, question: Question) -> None:
        settings = {"preset": question.preset, "settings": dict(question.settings)}
        found = self._exchange(settings | {"device": self._device})
        if found is None or self._closed:
            return
        self._on_answer(question, to_examination(found))

    def _list_lacking(self) -> bool:
        found = self._exchange({"lacking": True})
        if found is not None and not self._closed:
            self._on_lacking(found.get("lacking", {}))
        return found is not None

    def _exchange(self, question: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the answer of the process; None if another question came, or there is none."""
        process = self._started()
        pipe_in, pipe_out = process.stdin, process.stdout
        if pipe_in is None or pipe_out is None:
            return None
        try:
            pipe_in.write(json.dumps(question, default=str).encode() + b"\n")
            pipe_in.flush()
            outcome = self._wait(pipe_out.fileno())
            line = pipe_out.readline() if outcome == "answer" else b""
        except (OSError, ValueError):  # the process has ended, or its pipes were closed
            outcome, line = "ended", b""
        if line.endswith(b"\n"):
            return json.loads(line)
        self._end_process()
        if outcome == "overtaken":
            return None
        said = f"takes more than {LONGEST:.0f} s" if outcome == "late" else "was not possible"
        return Examination(estimate=f"a check {said}: all is checked at the start").to_plain()

    def _wait(self, descriptor: int) -> str:
        """Wait for an answer: "answer", "overtaken" by a newer question, or "late"."""
        began = monotonic()
        while not select.select([descriptor], [], [], LOOK)[0]:
            waited = monotonic() - began
            if self._closed or (self._newest is not None and waited > PATIENCE):
                return "overtaken"
            if waited > LONGEST:
                return "late"
        return "answer"

    def _started(self) -> subprocess.Popen[bytes]:
        with self._changed:
            if self._process is None or self._process.poll() is not None:
                single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
                self._process = subprocess.Popen(  # noqa: S603 - a command of our own
                    [sys.executable, "-P", "-c", PROGRAM],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                    env=os.environ | single, start_new_session=True,
                )  # fmt: skip
            return self._process

    def _end_process(self) -> None:
        with self._changed:
            process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
