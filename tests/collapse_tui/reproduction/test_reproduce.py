"""Runs that decide claims: shared, stored, and never accepted when doctored."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import presets
from collapse_tui.events import Generation
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.reproduction import observe as module
from collapse_tui.reproduction.by_seed import group_by_claim
from collapse_tui.reproduction.observe import ClaimRunError
from collapse_tui.reproduction.plan import (
    list_waiting_claims,
    plan_runs,
    resolve_claim,
    resolve_claims,
)
from collapse_tui.reproduction.reproduce import decide_claims
from collapse_tui.reproduction.stated_claim import ResolvedClaim
from collapse_tui.reproduction.statistic import MetricStatistic, measure
from engines.errors import CollapseError
from engines.external.hub import MissingDownloadError

Preset = Callable[..., Path]
TWO_BUMPS = [{"family": "normal", "weight": 1, "mean": mean, "sd": 1.0} for mean in (-2.9, 3.0)]


def verdicts(claims: tuple[ResolvedClaim, ...], **how: Any) -> list[str]:
    return [item.verdict for item in decide_claims(claims, **how)]


def test_verdicts(preset: Preset) -> None:
    claims = resolve_claims(str(preset("right", "law", "erratum", "wrong", "slow")))
    expected = ["holds", "holds", "erratum confirmed", "fails"]
    assert verdicts(claims) == [*expected, "not run"]
    assert verdicts(claims, slow=True) == [*expected, "holds"]


def test_claims_that_agree_in_all_else_share_a_run(preset: Preset) -> None:
    claims = resolve_claims(str(preset("right", "law", "erratum", "slow")))
    tasks = plan_runs(claims)
    assert [len(task.claims) for task in tasks] == [3, 1]
    assert tasks[0].experiment.generations == 10
    assert set(tasks[0].experiment.metric_names) == {"variance", "log_sigma", "w2_squared"}
    assert tasks[1].experiment.seed == 2


def test_a_shared_run_gives_what_the_experiment_gives(preset: Preset) -> None:
    path = preset("right", "law", "erratum")
    found = decide_claims(resolve_claims(str(path)))
    for event in run(load(str(path))):
        if isinstance(event, Generation) and event.generation == 5:
            row = event.metrics["variance"]
            alone = measure(MetricStatistic("variance", "mean", 5), row)
            assert repr(found[0].obtained) == repr(alone)


def test_results_of_runs_are_stored(preset: Preset, cache: Path, monkeypatch: Any) -> None:
    claims = resolve_claims(str(preset("right", "law")))
    first = decide_claims(claims)
    assert len(list(cache.glob("small-*.json"))) == 1
    monkeypatch.setattr(module, "run", None)
    assert repr(decide_claims(claims)) == repr(first)
    with pytest.raises(TypeError):
        decide_claims(claims, use_cache=False)


def test_a_new_tolerance_needs_no_new_run_but_a_new_setting_does(
    preset: Preset, monkeypatch: Any
) -> None:
    decide_claims(resolve_claims(str(preset("right"))))
    monkeypatch.setattr(module, "run", None)
    assert verdicts(resolve_claims(str(preset("wrong")))) == ["fails"]
    with pytest.raises(TypeError):
        decide_claims(resolve_claims(str(preset("slow"))), slow=True)


def test_doctored_stored_results_fail(preset: Preset, cache: Path) -> None:
    claims = resolve_claims(str(preset("right")))
    assert verdicts(claims) == ["holds"]
    (path,) = cache.iterdir()
    rows = json.loads(path.read_text())
    rows[0]["measurement"]["value"] *= 1.2
    path.write_text(json.dumps(rows))
    assert verdicts(claims) == ["fails"]
    assert verdicts(claims, use_cache=False) == ["holds"]


@pytest.mark.parametrize("garbage", ["", "{", "[1]", '[{"statistic": {}, "measurement": {}}]'])
def test_damaged_stored_results_are_replaced(preset: Preset, cache: Path, garbage: str) -> None:
    claims = resolve_claims(str(preset("right")))
    decide_claims(claims)
    (path,) = cache.iterdir()
    path.write_text(garbage)
    assert verdicts(claims) == ["holds"]
    assert json.loads(path.read_text())


def test_a_doctored_run_fails(preset: Preset, monkeypatch: Any) -> None:
    def doctored(experiment: Any) -> Any:
        for event in run(experiment):
            if isinstance(event, Generation):
                wrong = {name: values * 2.0 for name, values in event.metrics.items()}
                yield Generation(event.generation, wrong, {}, {}, {})
            else:
                yield event

    monkeypatch.setattr(module, "run", doctored)
    claims = resolve_claims(str(preset("right", "law", "erratum")))
    assert verdicts(claims) == ["fails", "fails", "fails"]


def test_a_failing_run_is_an_error(preset: Preset, monkeypatch: Any) -> None:
    from collapse_tui.events import Failed

    monkeypatch.setattr(module, "run", lambda _: (event for event in [Failed(3, "out of luck")]))
    with pytest.raises(ClaimRunError, match="small failed at generation 3: out of luck"):
        decide_claims(resolve_claims(str(preset("right"))))


@pytest.mark.parametrize("statistic", ["time below", "ever below"])
def test_passages_are_those_of_each_replicate(statistic: str) -> None:
    collector = module.Collector(MetricStatistic("variance", statistic, 4, 0.5), 3)
    for generation, row in enumerate([[1, 1, 0.1], [0.4, 1, 1], [0.3, 1, 1], [1, 0.2, 1]]):
        assert not collector.done
        collector.add(generation, {"variance": np.array(row)})
    assert collector.done
    assert collector.values.tolist() == [1, 3, 0]


def test_a_share_of_an_earlier_value_is_taken_replicate_by_replicate() -> None:
    collector = module.Collector(MetricStatistic("variance", "mean", 3, since=1), 2)
    assert collector.start == 1
    for generation, row in enumerate([[9.0, 9.0], [2.0, 4.0], [7.0, 7.0], [1.0, 3.0]]):
        collector.add(generation, {"variance": np.array(row)})
    assert collector.done
    assert collector.values.tolist() == [0.5, 0.75]
    assert collector.statistic.words == "mean of variance / its value at 1 at 3"


def test_a_correlation_is_with_the_earlier_generation() -> None:
    collector = module.Collector(MetricStatistic("variance", "correlation", 2, since=0), 3)
    for generation, row in enumerate([[1.0, 2.0, 3.0], [9.0, 0.0, 1.0], [3.0, 2.0, 1.0]]):
        collector.add(generation, {"variance": np.array(row)})
    assert collector.result().value == pytest.approx(-1.0)
    assert collector.statistic.words == "correlation of variance at 2 and 0"


def test_seeds_have_runs_of_their_own_and_their_verdicts_are_grouped(preset: Preset) -> None:
    path = str(preset("right", "law", "slow"))
    claims = [item for shift in range(3) for item in resolve_claims(path, seed=7, shift=shift)]
    assert [item.seed for item in claims] == [7, 7, 7, 8, 8, 8, 9, 9, 9]
    found = group_by_claim(decide_claims(claims))
    assert [len(item.judgements) for item in found] == [3, 3, 3]
    values = [one.obtained.value for one in found[0].judgements if one.obtained]
    assert len(set(values)) == 3
    (alone, *_) = decide_claims(resolve_claims(path, seed=8), use_cache=False)
    assert alone.obtained is not None
    assert alone.obtained.value == values[1]
    assert [item.share for item in found] == [1.0, 1.0, None]


def test_without_a_seed_each_claim_keeps_its_own(preset: Preset) -> None:
    claims = resolve_claims(str(preset("right", "slow")), shift=2)
    assert [item.seed for item in claims] == [3, 4]


@pytest.mark.parametrize(
    ("preset_name", "count"),
    [("opt", 4), ("opt-keep10", 2), ("opt-penalty", 1), ("suresh-unigram", 5), ("vae-mnist", 2)],
)
def test_claims_without_their_data_are_stated(preset_name: str, count: int) -> None:
    claims = list_waiting_claims(preset_name, "needs its data")
    assert len(claims) >= count
    assert [item.number for item in claims] == list(range(1, len(claims) + 1))
    for item in decide_claims(claims, slow=True):
        assert (item.verdict, item.note, item.good) == ("not run", "needs its data", True)
        assert item.expected == pytest.approx(item.expected)


def test_a_law_is_not_evaluated_without_data(preset: Preset) -> None:
    (item,) = decide_claims(list_waiting_claims(str(preset("law")), "needs x"))
    assert np.isnan(item.expected).all()


def test_a_run_ends_when_all_statistics_are_known(preset: Preset) -> None:
    claim = """
[[claims]]
text = "t"
metric = "log_sigma"
statistic = "time below"
threshold = -0.5
generation = 3000
expected = [1.0, 1000.0]
set = { replicates = 20 }
"""
    seen: list[int] = []
    (task,) = plan_runs(resolve_claims(str(preset(claim))))
    found = module.observe(
        task.experiment,
        [MetricStatistic.of(task.claims[0].claim)],
        lambda event: seen.append(event.generation) if isinstance(event, Generation) else None,
    )
    (got,) = found.values()
    assert not got.note
    assert 10 < seen[-1] < 1000


@pytest.mark.slow
@pytest.mark.parametrize("name", presets.names())
def test_the_claims_of_every_preset_can_be_decided(name: str) -> None:
    try:
        items = resolve_claims(name)
    except MissingDownloadError:
        pytest.skip("its data are not on this machine")
    for item in items:
        assert item.claim.text.endswith((".", "…"))
        assert item.claim.source
        low, high = item.expected
        assert low <= high
        if item.corrected is not None:
            assert item.corrected != item.expected


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rescue", "shumailov-accumulate", "borkar"])
def test_some_presets_keep_their_promise(name: str) -> None:
    cheap = tuple(item for item in resolve_claims(name) if item.claim.generation <= 100)
    assert set(verdicts(cheap)) <= {"holds", "erratum confirmed"}


WRONG_SETTINGS = {
    "early": {1: {"schedule.size": 500}, 2: {"schedule.size": 500}, 3: {"schedule.size": 50}},
    "functional": {1: {"source.components": TWO_BUMPS}, 3: {"source.components": TWO_BUMPS}},
    "borkar": {1: {"source.probabilities": [0.38, 0.3, 0.2, 0.12]}, 8: {"policy.fresh": 0.2}},
    "gaussian-nd": {6: {"engine.estimator": "mle"}, 9: {"schedule.size": 200}},
    "mad-biased": {6: {"engine.sampling_bias": 1.0}},
    "rescue": {3: {"engine.estimator": "mle"}},
    "suresh-bernoulli": {5: {"schedule.size": 400}, 7: {"schedule.size": 20000}},
    "suresh-gaussian": {4: {"engine.estimator": "mle"}, 7: {"source.sd": 10.0}},
    "suresh-poisson": {3: {"schedule.size": 20}},
    "borji": {24: {"engine.bandwidth": 1.0}, 26: {"engine.bandwidth": 0.4}},
}
"""Preset → claims that are decided in seconds → settings with which they do not hold."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, wrong in WRONG_SETTINGS.items() for number in wrong],
)
def test_a_claim_holds_and_fails_with_wrong_settings(name: str, number: int) -> None:
    preset, stated = load(name), resolve_claims(name)[number - 1]
    few = {**stated.claim.set, "replicates": min(stated.replicates, 1000)}
    wrong = {**few, **WRONG_SETTINGS[name][number]}
    claims = tuple(
        resolve_claim(
            preset,
            number,
            stated.claim.model_copy(update={"set": settings, "expected": stated.expected}),
        )
        for settings in (few, wrong)
    )
    assert verdicts(claims) == ["holds", "fails"]


def test_a_cache_that_is_no_folder_is_refused(tmp_path, monkeypatch) -> None:
    (tmp_path / "file").touch()
    for chosen in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("COLLAPSE_TUI_CACHE", str(chosen))
        with pytest.raises(
            CollapseError, match=r"COLLAPSE_TUI_CACHE must name a folder.*is a file"
        ):
            decide_claims(resolve_claims("kazdan-discrete"))
