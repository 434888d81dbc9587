"""What libraries write unasked: kept from the terminal, counted, and named in a note."""

import logging
import warnings
from pathlib import Path

import pytest

from collapse_tui.cli.library_warnings import MOST, collect_warnings


def warn(*_: object) -> list[str]:
    warnings.warn("overflow encountered in multiply", RuntimeWarning, stacklevel=1)
    logging.getLogger("some.library").warning("slow path \x1b[2J")
    return ["borji"]


def test_warnings_and_records_are_kept_and_counted(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with collect_warnings() as kept:
            for _ in range(3):
                warn()
            for number in range(2 * MOST):
                logging.getLogger("other").error("number %d", number)
    assert capfd.readouterr().err == ""
    assert kept.counts["some.library: slow path \x1b[2J"] == 3
    assert kept.counts.total() == 6 + 2 * MOST
    assert len(kept.counts) == MOST + 1
    assert "3 × RuntimeWarning: overflow encountered in multiply (" in str(kept)


def test_a_command_says_once_where_they_are(cli, monkeypatch):
    monkeypatch.setattr("presets.names", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        ended = cli("presets")
    assert ended.code == 0
    (line,) = ended.err.splitlines()
    assert line.startswith("note: libraries warned ")
    assert " times (RuntimeWarning: overflow encountered" in line
    log = Path(line.rpartition(" in ")[2]).read_text()
    assert "× some.library: slow path \\u001b[2J" in log


@pytest.mark.slow
def test_a_collapse_below_the_smallest_number_warns_of_nothing(cli):
    arguments = (
        "--set",
        "schedule.size=2",
        "--generations",
        "1300",
        "--replicates",
        "20",
        "--quiet",
    )
    ended = cli("batch", "--preset", "shumailov", *arguments)
    assert ended.code == 0
    assert ended.err == ""  # pytest makes every warning an error
    (row,) = [line for line in ended.out.splitlines() if "(log_sigma) " in line]
    assert row.split()[-1] == "–"
