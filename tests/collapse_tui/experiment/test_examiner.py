"""What a run would be: found out without the memory that it would take, or refused."""

import json
import tracemalloc
from typing import Any

import pytest

import presets
from collapse_tui.execution import runner
from collapse_tui.experiment import examiner
from collapse_tui.experiment.examination import Examination, to_examination
from collapse_tui.experiment.examiner import describe_estimate, examine, list_lacking
from collapse_tui.experiment.examiner_process import answer
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load


@pytest.fixture(autouse=True)
def _speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner, "machine_speed", lambda: 1.0)


def test_a_preset_is_described_with_what_it_takes() -> None:
    found = examine("borji", {})
    assert found.refusal == ""
    assert found.estimate.startswith("300 generations × 1 replicate · ")
    assert "2.2 MB of memory" in found.estimate
    assert len(found.claims) > 5
    keys = [one.key for one in found.fields]
    assert {"generations", "engine.bandwidth", "metrics.names"} <= set(keys)


def test_nothing_is_run_for_an_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "run", lambda *_, **__: pytest.fail("it ran"))
    assert "s on one core" in examine("vae", {}, "cpu").estimate
    monkeypatch.setattr(Experiment, "weight_bytes", lambda _: 2_345_000_000)
    assert "2.3 GB of disk" in examine("shumailov", {"generations": 5}).estimate


@pytest.mark.parametrize(
    ("preset", "settings"),
    [
        ("regression", {"source.inputs": 5000, "schedule.size": 6000}),
        ("borji", {"schedule.size": 10**7}),
        ("borji", {"schedule.size": 10**12}),
        ("suresh-zipf", {"source.states": 10**8}),
        ("discrete", {"source.bins.count": 10**8}),
        ("shumailov", {"replicates": 10**7, "generations": 10**9}),
        ("gmm", {"replicates": 10**5}),
    ],
)
def test_an_answer_allocates_nothing_of_the_size_of_the_run(
    preset: str, settings: dict[str, Any]
) -> None:
    examine(preset, {})
    tracemalloc.start()
    found = examine(preset, settings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40e6
    assert found.estimate or found.refusal


def test_a_refusal_names_its_field() -> None:
    found = examine("borji", {"engine.bandwidth": -1})
    assert found.at == "engine.bandwidth"
    assert "engine.bandwidth" in found.refusal
    assert found.estimate == ""
    assert examine("borji", {"engine.kernel": "square"}).at == "engine.kernel"
    component = {"family": "normal", "weight": 1, "mean": 0}
    assert examine("borji", {"source.components": [component]}).at == "source.components"
    assert examine("borji", {"policy.name": "nothing"}).at == "policy.name"


def test_another_name_brings_its_fields_and_drops_what_it_has_not() -> None:
    found = examine("borji", {"policy.name": "subsample"})
    keys = {one.key for one in found.fields}
    assert "policy.replacement" in keys
    assert "policy.fresh" not in keys


def test_what_lacks_its_data_is_described_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.external.hub.find_download", _lack)
    found = examine("opt", {})
    assert found.lacks_data
    assert "collapse-tui fetch opt" in found.refusal
    assert {"generations", "engine.model"} <= {one.key for one in found.fields}
    assert found.claims


def _lack(download: Any) -> None:
    from engines.external.hub import MissingDownloadError

    raise MissingDownloadError(f"{download.repository} is not there")


def test_presets_that_lack_data_are_found_by_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        examiner, "seems_cached", lambda download: "wikitext" in download.repository
    )
    lacking = list_lacking()
    assert lacking["opt"] == "collapse-tui fetch opt"
    assert lacking["vae-mnist"] == "collapse-tui fetch vae-mnist"
    assert "suresh-unigram" not in lacking
    assert not {"borji", "vae", "unigram", "opt-tiny"} & set(lacking)


def test_the_speed_of_the_machine_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner, "needed_seconds", lambda _: 0.3)
    experiment = load("shumailov")
    assert "under a second at full speed" in describe_estimate(experiment)
    monkeypatch.setattr(examiner, "machine_speed", lambda: 31.0)
    assert "about 9 s at full speed" in describe_estimate(experiment)


@pytest.mark.parametrize("preset", ["borji", "gmm-2d", "opt-tiny"])
def test_an_answer_survives_json(preset: str) -> None:
    found = examine(preset, {})
    again = to_examination(json.loads(json.dumps(found.to_plain())))
    assert again.estimate == found.estimate
    assert [one.key for one in again.fields] == [one.key for one in found.fields]
    rows = [one for one in again.fields if one.kind == "rows"]
    assert [[column.key for column in one.columns_of({})] for one in rows] == [
        [column.key for column in one.columns_of({})] for one in found.fields if one.kind == "rows"
    ]


def test_questions_that_make_no_sense_are_answered_too() -> None:
    unknown = answer({"preset": "borij", "settings": {}, "device": "auto"})
    assert "borji" in unknown["refusal"]
    broken = answer({"preset": "borji", "settings": {"generations": [1]}, "device": "auto"})
    assert "generations" in broken["refusal"]
    assert set(answer({"lacking": True})["lacking"]) <= set(presets.names())
    assert Examination().to_plain().keys() == unknown.keys()
