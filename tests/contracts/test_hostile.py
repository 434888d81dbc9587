"""Hostile presets, data files and run folders: a sentence each, and nothing outside is touched.

Each case is made by a seeded generator and goes through the commands that read it, in a process
of its own with 2 GB of memory (`hostile/trial.py`). A part of each corpus runs with the tests;
`make soak` runs all and writes the counts into docs/reliability.md.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRIAL = Path(__file__).parent / "hostile" / "trial.py"
CORPORA = {
    "preset_corpus": (150, 1_400),
    "data_corpus": (90, 600),
    "table_corpus": (25, 600),
    "folder_corpus": (16, 400),
}
"""Cases that run with the tests, and those of `make soak`."""
WORDS = {
    "preset_corpus": "hostile presets and `--set` options",
    "data_corpus": "hostile data files",
    "table_corpus": "hostile tables: Parquet, Feather, packed text",
    "folder_corpus": "damaged and hostile run folders",
}


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which everything that is written lies in `folder`."""
    places = {name: str(folder / name) for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME",
              "XDG_STATE_HOME", "TMPDIR")}  # fmt: skip
    (folder / "TMPDIR").mkdir(parents=True)
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    # its default pool reserves more addresses than the process may have
    pool = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
    return {**os.environ, **places, **threads, **pool, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}


def run_trial(corpus: str, numbers: range, folder: Path) -> tuple[list[str], Counter[str]]:
    """Return what went wrong in some cases of a corpus, and the counts."""
    variables = environment(folder)
    command = [sys.executable, TRIAL, corpus, numbers.start, numbers.stop, folder]
    ended = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    rows = [json.loads(line) for line in ended.stdout.splitlines()]
    if ended.returncode or not rows or "cases" not in rows[-1]:
        return [f"the process ended with {ended.returncode}: {ended.stderr[-3_000:]}"], Counter()
    return [json.dumps(row) for row in rows[:-1]], Counter(rows[-1])


@pytest.mark.slow
@pytest.mark.parametrize("corpus", CORPORA)
def test_a_hostile_input_is_answered_with_a_sentence(corpus: str, tmp_path: Path) -> None:
    cases = CORPORA[corpus][0]
    faults, counts = run_trial(corpus, range(cases), tmp_path)
    assert not faults, "\n".join(faults)
    assert counts["cases"] == cases
    assert counts["ended with 2"] > cases / 3


@pytest.mark.soak
@pytest.mark.parametrize("corpus", CORPORA)
def test_all_hostile_inputs(
    corpus: str, tmp_path: Path, record_property: Callable[[str, str], None]
) -> None:
    cases, size = CORPORA[corpus][1], 50
    parts = [range(first, min(first + size, cases)) for first in range(0, cases, size)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = list(
            pool.map(lambda part: run_trial(corpus, part, tmp_path / str(part.start)), parts)
        )
    faults = [fault for found, _ in ended for fault in found]
    counts = sum((counts for _, counts in ended), Counter[str]())
    record_property("what", WORDS[corpus])
    record_property(
        "found",
        f"{counts['cases']:,} cases, {counts['commands']:,} commands: {counts['ended with 0']:,}"
        f" ended with 0, {counts['ended with 2']:,} with 2 (refused),"
        f" {counts['ended with 1'] + counts['ended with 3']:,} with 1 or 3; {len(faults)} faults",
    )
    assert not faults, "\n".join(faults)
    assert counts["cases"] == cases
