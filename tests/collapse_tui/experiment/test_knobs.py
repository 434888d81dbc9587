"""Settings in words: every one that may be changed during a run has them, with its bounds."""

from pkgutil import resolve_name

import pytest

from collapse_tui.experiment.knobs import Knob, knobs_of, plain_words, setting_labels
from collapse_tui.experiment.loader import load
from engines import registry
from engines.config import Config

CLASSES = {
    f"{table} {name}": registry.find(table, name)
    for table in ("policy", "schedule", "engine")
    for name in registry.names(table)
}


def keys_of(kind: type[Config]) -> list[str]:
    """Return the keys that an intervention may set."""
    changeable = getattr(kind, "changeable", None)
    return [key for key in kind.model_fields if changeable is None or key in changeable]


@pytest.mark.parametrize("name", CLASSES)
def test_every_setting_that_can_be_changed_has_words(name: str) -> None:
    kind = CLASSES[name]
    words = kind.setting_words
    assert set(words) == set(keys_of(kind))
    for key, each in words.items():
        assert len(each.symbol) <= 1
        assert 0 < len(each.brief) <= 13, key
        assert len(each.brief) <= len(each.name) <= 30, key
        assert kind.model_fields[key].description
    assert len({each.rank for each in words.values()}) == len(words)
    assert len({each.brief for each in words.values()}) == len(words)


@pytest.mark.parametrize(
    ("preset", "first"),
    [
        ("borji", ["λ real data", "M samples", "h bandwidth"]),
        ("shumailov", ["λ real data", "M samples", "estimator"]),
        ("golden-ratio", ["ω weight", "λ real data", "M samples"]),
        ("shumailov-subsample", ["M samples", "replacement", "estimator"]),
    ],
)
def test_those_that_matter_come_first(preset: str, first: list[str]) -> None:
    assert [knob.label for knob in load(preset).knobs()[:3]] == first


def test_bounds_and_choices_are_those_of_the_configuration() -> None:
    knobs = {knob.key: knob for knob in load("borji").knobs()}
    share, width = knobs["policy.fresh"], knobs["engine.bandwidth"]
    assert share.is_share
    assert [share.allows(value) for value in (-0.1, 0, 1, 1.1)] == [False, True, True, False]
    assert [width.allows(value) for value in (0, 0.1, 1e9)] == [False, True, True]
    assert width.choices == ("scott", "silverman", "scott-sklearn", "silverman-sklearn")
    assert knobs["policy.counts"].choices == ("iid", "fixed")
    fresh = {knob.key: knob for knob in load("golden-ratio").knobs()}["policy.fresh"]
    assert [fresh.allows(value) for value in (0, 0.5, 1)] == [False, True, False]
    flag = {knob.key: knob for knob in load("gmm").knobs()}["engine.warm_start"]
    assert flag.choices == (False, True)
    assert not flag.is_share


def test_an_engine_of_another_package_has_its_keys_for_words() -> None:
    kind = resolve_name("engines.families.kde:KernelDensity")

    class Foreign(kind):  # pyright: ignore[reportGeneralTypeIssues]
        setting_words = {}  # noqa: RUF012

    setup = load("borji").setup(0)
    found = {knob.key: knob for knob in knobs_of(type(setup)(
        Foreign(), setup.policy, setup.schedule, setup.seed))}  # fmt: skip
    assert found["engine.bandwidth"].label == found["engine.bandwidth"].long == "bandwidth"
    assert list(found)[-1] in ("engine.kernel", "engine.bandwidth")


def test_labels() -> None:
    assert setting_labels([Knob("policy.fresh", 0.0, symbol="λ", brief="real data")]) == {
        "policy.fresh": "λ real data"
    }
    assert plain_words("policy.name") == "policy"
    assert plain_words("engine.reg_covar") == "reg covar"
    assert plain_words("seed") == "seed"
