"""Events of TensorBoard, read by other code than wrote them."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.optional_packages import MissingPackageError
from collapse_tui.storage import tensorboard_export
from collapse_tui.storage.export import export
from collapse_tui.storage.saved import SavedRun

POLYNOMIAL = 0x82F63B78


def checksum(data: bytes) -> int:
    """CRC-32C bit by bit, masked as TensorFlow stores it."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
    value ^= 0xFFFFFFFF
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    while data:
        (size,) = struct.unpack("<Q", data[:8])
        assert struct.unpack("<I", data[8:12]) == (checksum(data[:8]),)
        content = data[12 : 12 + size]
        assert struct.unpack("<I", data[12 + size : 16 + size]) == (checksum(content),)
        yield content
        data = data[16 + size :]


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protobuf message: number and raw content."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        match key & 7:
            case 0:
                yield key >> 3, varint()
            case 1:
                yield key >> 3, struct.unpack("<d", data[at : at + 8])[0]
                at += 8
            case 5:
                yield key >> 3, struct.unpack("<f", data[at : at + 4])[0]
                at += 4
            case _:
                size = varint()
                yield key >> 3, data[at : at + size]
                at += size


def scalars(event: bytes) -> tuple[int, dict[str, float]]:
    """The step of an event (field 2) and its values (summary 5, value 1: tag 1, number 2)."""
    found = dict(fields(event))
    values: dict[str, float] = {}
    for _, value in fields(found.get(5, b"")):
        parts = dict(fields(value))
        if 2 in parts:
            values[parts[1].decode()] = parts[2]
    return found.get(2, 0), values


@pytest.fixture
def run(run_path: Path) -> SavedRun:
    return SavedRun.open(run_path)


def test_every_statistic_is_a_scalar_by_generation(run: SavedRun, tmp_path: Path) -> None:
    export(run, tmp_path / "run.tfevents")
    first, text, *events = records(tmp_path / "run.tfevents")
    assert dict(fields(first))[3] == b"brain.Event:2"
    assert run.experiment_text.encode() in text
    assert len(events) == 10
    for generation, (event, record) in enumerate(zip(events, run.records(), strict=True)):
        step, values = scalars(event)
        assert step == generation
        expected = {
            f"{metric}/{name}": np.float32(value)
            for metric, statistics in record["summary"].items()
            for name, value in statistics.items()
            if value is not None
        }
        assert {tag: values[tag] for tag in expected} == expected
        assert values["stage/stable"] == 1
        assert "w1/var" not in values, "what is undefined has no value"


def test_of_a_long_run_some_records_are_written(
    run: SavedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensorboard_export, "MOST_RECORDS", 4)
    export(run, tmp_path / "run.tfevents")
    steps = [scalars(event)[0] for event in records(tmp_path / "run.tfevents")][2:]
    assert steps == [0, 3, 6, 9]


def test_the_same_run_gives_the_same_bytes(run: SavedRun, tmp_path: Path) -> None:
    for name in ("a.tfevents", "b.tfevents"):
        export(run, tmp_path / name)
    assert (tmp_path / "a.tfevents").read_bytes() == (tmp_path / "b.tfevents").read_bytes()


def test_without_tensorboardx_a_sentence_says_what_to_install(
    run: SavedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collapse_tui.optional_packages.find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"pip install 'collapse-tui\[tensorboard\]'"):
        export(run, tmp_path / "run.tfevents")
    assert not list(tmp_path.glob("*.tfevents*"))
