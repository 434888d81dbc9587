"""The speed of the machine: measured once, kept under the processor and the versions."""

import json
from pathlib import Path

import pytest

from collapse_tui.experiment import calibration
from collapse_tui.experiment.calibration import machine_speed, measure_speed


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(calibration, "user_folder", lambda _: tmp_path / "cache")
    return tmp_path / "cache" / calibration.FILE


def test_the_speed_is_that_of_a_machine() -> None:
    assert 0.05 < measure_speed() < 50


def test_it_is_the_mean_of_the_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_trials", lambda: [(lambda: 0, 0.1), (lambda: 0, 0.4)])
    monkeypatch.setattr(calibration, "_fastest", lambda _: 0.4)
    assert measure_speed() == pytest.approx(2.0)  # 4 times slower in one, as fast in the other


def test_it_is_measured_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = []
    monkeypatch.setattr(calibration, "measure_speed", lambda: times.append(1) or 1.25)
    assert machine_speed() == machine_speed() == 1.25
    assert times == [1]
    assert list(json.loads(cache.read_text()).values()) == [1.25]


def test_another_processor_is_measured_anew_and_the_first_is_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "measure_speed", lambda: 1.25)
    machine_speed()
    monkeypatch.setattr(calibration, "_machine_key", lambda: "another")
    monkeypatch.setattr(calibration, "measure_speed", lambda: 3.0)
    assert machine_speed() == 3.0
    assert sorted(json.loads(cache.read_text()).values()) == [1.25, 3.0]


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"KEY": "fast"}', '{"KEY": 1e9}', '{"KEY": -1}'])
def test_a_file_that_makes_no_sense_is_measured_anew(
    cache: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    cache.parent.mkdir()
    cache.write_text(text.replace("KEY", calibration._machine_key()))
    monkeypatch.setattr(calibration, "measure_speed", lambda: 1.5)
    assert machine_speed() == 1.5


def test_without_a_cache_folder_it_is_measured_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "user_folder", lambda _: None)
    monkeypatch.setattr(calibration, "measure_speed", lambda: 1.5)
    assert machine_speed() == 1.5
