"""One process that runs hostile cases through the program, within 2 GB, and says what went wrong.

It is started with the name of a corpus, the numbers of its first and last case, and a folder.
Each case is a function of its number alone. What goes wrong is written as one line of JSON; the
last line holds the counts.
"""

import faulthandler
import gc
import hashlib
import json
import os
import resource
import shutil
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import numpy as np

from collapse_tui.cli import main

MEMORY = 2 << 30
SECONDS = 10.0
"""Of processor time, for one command."""
HANG = 100.0
"""Seconds after which a command that waits for something is ended, and with it the process."""
LONGEST_SENTENCE = 1_500
LEFT_OPEN: list[str] = []
"""Files that were not closed, as Python says it."""
FORBIDDEN = ("Traceback", "internal error of collapse-tui", "Warning:")


Photograph = dict[str, tuple[int, int, str]]


class Outcome(NamedTuple):
    """How one command ended."""

    code: object
    written: str
    results: str
    seconds: float
    raised: str


def run_command(arguments: list[str]) -> Outcome:
    """Run one command in this process, with streams of its own."""
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
    began, raised, code = time.process_time(), "", None
    faulthandler.dump_traceback_later(HANG, exit=True)
    try:
        with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.simplefilter("error", ResourceWarning)
            code = main(arguments)
    except SystemExit as ending:
        code = ending.code
    except BaseException:  # noqa: BLE001 - whatever leaves the program is what is looked for
        raised = traceback.format_exc()
    faulthandler.cancel_dump_traceback_later()
    seconds = time.process_time() - began
    out.flush()
    err.flush()
    written, results = (end.buffer.getvalue().decode("utf-8", "replace") for end in (err, out))
    return Outcome(code, written, results, seconds, raised)


def take_left_open() -> list[str]:
    """Return what was left open since the last call; the garbage collector finds it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        gc.collect()
    found = LEFT_OPEN.copy()
    LEFT_OPEN.clear()
    return found


def faults_of(outcome: Outcome) -> Iterator[str]:
    """Yield what one command did that it may not do."""
    if outcome.raised:
        yield f"raised: {outcome.raised[-1_500:]}"
    if outcome.code not in {0, 1, 2, 3}:
        yield f"exit code {outcome.code}"
    for words in FORBIDDEN:
        if words in outcome.written:
            yield f"{words}: {outcome.written[-600:]}"
    said = "error: " in outcome.written or (outcome.code == 1 and outcome.results)
    if outcome.code in {1, 2} and not said:
        yield f"exit code {outcome.code} without a sentence"
    longest = max(map(len, outcome.written.splitlines()), default=0)
    if longest > LONGEST_SENTENCE:
        yield f"a line of {longest:,} characters: {outcome.written[:200]}"
    if outcome.seconds > SECONDS:
        yield f"took {outcome.seconds:.1f} s of processor time"


def make_canary(folder: Path) -> Path:
    """Return a folder of files that no command may touch."""
    canary = folder / "canary"
    (canary / "state").mkdir(parents=True)
    for name in ("secret.txt", "numbers.csv", "state/0.npz", "metrics.jsonl"):
        (canary / name).write_bytes(b"1\n2\n3\n" + name.encode())
    return canary


def photograph(folder: Path) -> Photograph:
    """Return number of names, mode and digest of everything in a folder."""
    return {
        str(path.relative_to(folder)): (
            0 if path.is_dir() else path.lstat().st_nlink,
            path.lstat().st_mode,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in sorted(folder.rglob("*"))
    }


def differences(before: Photograph, after: Photograph) -> list[str]:
    """Return the files that changed; one may lose a name that it has in a run, and gain none."""
    found = sorted(before.keys() ^ after.keys())
    for name in before.keys() & after.keys():
        names_before, *old = before[name]
        names_after, *new = after[name]
        if old != new or names_after > names_before:
            found.append(name)
    return found


def run_case(corpus, number: int, folder: Path) -> Iterator[dict[str, object]]:
    """Run the commands of one case, and yield what each did wrong."""
    folder.mkdir()
    canary = make_canary(folder)
    generator = np.random.default_rng([corpus.SEED, number])
    name, commands = corpus.prepare(generator, folder)
    before = photograph(canary)
    os.chdir(folder)
    for command in commands:
        outcome = run_command(command)
        yield {"code": outcome.code}
        for fault in faults_of(outcome):
            yield {"case": number, "what": name, "command": command, "fault": fault}
        touched = differences(before, photograph(canary))
        if touched:
            yield {"case": number, "what": name, "command": command, "fault": f"touched {touched}"}
            break
    for left in take_left_open():
        yield {"case": number, "what": name, "command": commands, "fault": left}
    os.chdir(folder.parent)
    shutil.rmtree(folder)


def write(row: Mapping[str, object]) -> None:
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def run_cases(corpus, numbers: range, folder: Path) -> None:
    """Run cases, write what went wrong, and the counts at the end."""
    counts: Counter[str] = Counter()
    sys.unraisablehook = lambda raised: LEFT_OPEN.append(f"{raised.exc_value!r} {raised.object!r}")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for number in numbers:
        for row in run_case(corpus, number, folder / f"case-{number}"):
            if "fault" in row:
                write(row)
                counts["faults"] += 1
            else:
                counts["commands"] += 1
                counts[f"ended with {row['code']}"] += 1
        counts["cases"] += 1
    write(counts)


if __name__ == "__main__":
    from importlib import import_module

    name, first, last, place = sys.argv[1:]
    run_cases(import_module(name), range(int(first), int(last)), Path(place))
