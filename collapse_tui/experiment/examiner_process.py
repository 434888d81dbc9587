"""A process that answers questions about experiments: one line of JSON in, one line out.

The screen asks here, so that nothing that is read, imported or computed for an answer can hold
up its keys, and so that a question whose answer nobody waits for any more can be ended.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Any

from collapse_tui.experiment.examination import Examination
from collapse_tui.experiment.examiner import examine, list_lacking
from engines.errors import CollapseError

NICENESS = 5
"""Others go first: the screen, and runs."""


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a question, as JSON can carry it.

    Parameters
    ----------
    question : dict
        ``{"lacking": true}``, or ``{"preset": name, "settings": {…}, "device": name}``.
    """
    if "lacking" in question:
        return {"lacking": list_lacking()}
    try:
        found = examine(question["preset"], question["settings"], question["device"])
    except CollapseError as error:
        found = Examination(refusal=str(error))
    except Exception as fault:  # noqa: BLE001 - the next question is answered all the same
        found = Examination(refusal=f"it cannot be checked: {type(fault).__name__}: {fault}")
    return found.to_plain()


def answer_lines() -> None:
    """Answer questions until the standard input ends."""
    with suppress(OSError):
        os.nice(NICENESS)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    for line in sys.stdin.buffer:
        with suppress(BrokenPipeError):
            out.write(json.dumps(answer(json.loads(line))).encode() + b"\n")
            out.flush()
