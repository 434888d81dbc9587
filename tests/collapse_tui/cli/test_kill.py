"""kill -9 at any instant: what is resumed equals what nobody interrupted, byte for byte."""

import secrets
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KILLS = 2
SOAK_KILLS = 12
"""Of each preset."""

LONG = {
    "borji": ("--generations", 60, "--set", "schedule.size=20000"),
    "discrete": ("--generations", 250),
    "shumailov-accumulate": ("--generations", 600, "--replicates", 150),
    "shumailov-subsample": ("--generations", 200, "--replicates", 20),
    "rescue": ("--generations", 300, "--replicates", 20),
    "vae": ("--generations", 6, "--set", "engine.epochs=4"),
}
"""At least half a second each."""


@pytest.mark.slow
@pytest.mark.parametrize("preset", LONG)
def test_killed_and_resumed(
    preset: str, cli: Callable[..., Any], spawn: Callable[..., Any], grown: Callable[..., None],
    runs: Path, contents: Callable[[Path], dict[str, bytes]],
) -> None:  # fmt: skip
    options = ("batch", "--preset", preset, "--quiet", *LONG[preset], "--out")
    assert cli(*options, runs / "whole").code == 0
    folder = runs / "killed"
    total = LONG[preset][1]
    process = spawn(*options, folder)
    records = 0
    for _ in range(KILLS):
        grown(process, folder, records + 1 + secrets.randbelow(total // KILLS))
        time.sleep(secrets.randbelow(1000) / 100_000)
        process.kill()
        _, err = process.communicate(timeout=30)
        assert folder.exists(), err
        records = contents(folder)["metrics.jsonl"].count(b"\n")
        process = spawn("resume", folder)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "diagnosis" in out
    assert contents(folder) == contents(runs / "whole")


@pytest.mark.soak
@pytest.mark.parametrize("preset", LONG)
def test_killed_at_any_moment(
    preset: str, cli: Callable[..., Any], spawn: Callable[..., Any], runs: Path,
    contents: Callable[[Path], dict[str, bytes]], record_property: Callable[[str, Any], None],
) -> None:  # fmt: skip
    """Also while it starts, replays, or makes its folder."""
    options = ("batch", "--preset", preset, "--quiet", *LONG[preset], "--out")
    assert cli(*options, runs / "whole").code == 0
    folder, killed = runs / "killed", 0
    while killed < SOAK_KILLS:
        process = spawn(*(("resume", folder) if folder.exists() else (*options, folder)))
        time.sleep(0.3 + secrets.randbelow(1000) / 500)
        process.kill()
        _, err = process.communicate(timeout=60)
        assert process.returncode in {0, -signal.SIGKILL}, err
        killed += process.returncode == -signal.SIGKILL
        if process.returncode == 0:
            assert contents(folder) == contents(runs / "whole")
            shutil.rmtree(folder)
    if folder.exists():
        assert cli("resume", folder).code == 0
        assert contents(folder) == contents(runs / "whole")
    record_property("what", "`kill -9` at random moments, and `resume`")
    record_property("count", killed)
    record_property("unit", "kills, and each run ended with the same bytes")


@pytest.mark.slow
def test_a_kill_at_the_start_leaves_nothing_half_made(
    cli: Callable[..., Any], spawn: Callable[..., Any], runs: Path
) -> None:
    """Whatever instant it was: no folder, or one that resumes."""
    for number in range(3):
        folder = runs / f"run{number}"
        process = spawn("batch", "--preset", "shumailov", "--generations", 50, "--out", folder)
        while process.poll() is None and not (runs.exists() and any(runs.glob("*run*"))):
            time.sleep(0.0005)
        time.sleep(number / 500)
        process.kill()
        process.communicate(timeout=30)
        if folder.exists():
            assert cli("resume", folder).code == 0
        else:
            assert cli("show", folder).code == 2
