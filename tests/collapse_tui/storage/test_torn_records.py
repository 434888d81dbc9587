"""Whatever part of the last record reached the disk, opening leaves the records before it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collapse_tui.events import Generation
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun

# the order of `Records.append`
ORDER = (
    "metrics/mean.f64",
    "metrics/w1.f64",
    "views/arrays.bin",
    "views/index.jsonl",
    "timing.jsonl",
    "metrics.jsonl",
)


def contents(path: Path) -> dict[str, bytes]:
    """Return the tables of a run."""
    return {name: (path / name).read_bytes() for name in ORDER if (path / name).exists()}


def last_record(
    path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation], replicates: int
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the tables before the last record, and what it appends to each."""
    with new(path, replicates) as folder:
        for number in range(3):
            folder.append(record(number, replicates), seconds=None)
        before = contents(path)
        folder.append(record(3, replicates), seconds=None)
        after = contents(path)
        folder.truncate(2)
    assert contents(path) == before
    return before, {name: after[name][len(before[name]) :] for name in before}


def tear(path: Path, before: dict[str, bytes], added: dict[str, bytes], offset: int) -> None:
    """Leave the folder as a kill after `offset` bytes of the last record does."""
    for name, data in added.items():
        (path / name).write_bytes(before[name] + data[: max(offset, 0)])
        offset -= len(data)


@pytest.mark.slow
def test_every_byte_offset(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    path = tmp_path / "run"
    before, added = last_record(path, new, record, 1)
    total = sum(map(len, added.values()))
    for offset in range(total):
        tear(path, before, added, offset)
        saved = SavedRun.open(path)
        assert saved.last == 2
        assert len(list(saved.records())) == 3
        with RunFolder.open(path) as folder:
            assert folder.last == 2
        assert contents(path) == before
    tear(path, before, added, total)
    with RunFolder.open(path) as folder:
        assert folder.last == 3
        assert folder.matches(record(3, 1))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("torn")


@pytest.mark.slow
@settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(share=st.floats(0.0, 1.0, exclude_max=True))
def test_rows_are_cut_too(
    shared: Path,
    new: Callable[..., RunFolder],
    record: Callable[..., Generation],
    share: float,
) -> None:
    path = shared / "run"
    if path.exists():
        with RunFolder.open(path) as folder:
            before = contents(path)
            folder.append(record(3, 150), seconds=None)
        added = {name: data[len(before[name]) :] for name, data in contents(path).items()}
    else:
        before, added = last_record(path, new, record, 150)
    tear(path, before, added, int(share * sum(map(len, added.values()))))
    assert SavedRun.open(path).values("w1").shape == (3, 150)
    with RunFolder.open(path) as folder:
        assert folder.last == 2
    assert contents(path) == before


def test_rows_lost_with_the_power_take_their_record_along(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    path = tmp_path / "run"
    with new(path, 150) as folder:
        for number in range(4):
            folder.append(record(number, 150), seconds=None)
    values = path / "metrics" / "w1.f64"
    values.write_bytes(values.read_bytes()[: 2 * 8 * 150 + 4])
    with RunFolder.open(path) as folder:
        assert folder.last == 1
        folder.append(record(2, 150), seconds=None)
        assert folder.matches(record(2, 150))


def test_a_reader_survives_a_cut_and_rewritten_tail(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    path = tmp_path / "run"
    with new(path, 3) as folder:
        for number in range(5):
            folder.append(record(number, 3), seconds=None)
        saved = SavedRun.open(path)
        assert saved.record(4)["generation"] == 4
        folder.truncate(1)
        assert saved.last == 1
        assert len(list(saved.records())) == 2
        folder.append(record(2, 3), seconds=None)
        assert [entry["generation"] for entry in saved.records()] == [0, 1, 2]
