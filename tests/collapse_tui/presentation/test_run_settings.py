"""Settings of stored runs: by key, side by side, and found by words."""

import pytest

from collapse_tui.presentation.run_settings import (
    compare_settings,
    list_settings,
    matches_words,
    name_differences,
    setting_text,
)

DOCUMENT = {
    "format": 1, "title": "A title", "seed": 3, "generations": 100,
    "engine": {"name": "kde", "bandwidth": 0.5},
    "policy": {"name": "mix", "fresh": 0.2, "detector": {"recall": 0.9}},
    "schedule": {"name": "constant", "size": 30000},
    "interventions": [{"at": 60, "set": {"policy.fresh": 0.4, "engine": {"bandwidth": 0.1}}}],
    "claims": [{"text": "no setting"}],
}  # fmt: skip
SETTINGS = list_settings(DOCUMENT)


def test_settings_are_listed_by_key_and_interventions_by_step():
    assert SETTINGS["policy.detector.recall"] == 0.9
    assert SETTINGS["policy.fresh from 60"] == 0.4
    assert SETTINGS["engine.bandwidth from 60"] == 0.1
    assert not {"title", "format", "claims"} & set(SETTINGS)


@pytest.mark.parametrize("interventions", ["no list", [1, "two"], [{"at": 3, "set": 4}], {}])
def test_what_is_no_intervention_is_left_out(interventions):
    assert list_settings({"seed": 1, "interventions": interventions})["seed"] == 1


@pytest.mark.parametrize(
    "words",
    ["kde", "KDE λ=0.2", "lambda=0.2", "fresh=.2", "M>=30000 M<=3e4", "h<1", "policy=mi",
     "engine=kde seed=3", "generations>99", "thesis", "engine.bandwidth=0.5", "size=30,000"],
)  # fmt: skip
def test_words_that_hold(words):
    assert matches_words("thesis engine.name kde", words, SETTINGS)


@pytest.mark.parametrize(
    "words", ["gmm", "kde λ=0.3", "M>30000", "h>=1", "policy=replace", "nothing=1", "λ=", "kde<3"]
)
def test_words_that_do_not_hold(words):
    assert not matches_words("thesis engine.name kde", words, SETTINGS)


def test_differences_come_first():
    rows = compare_settings([{"a": 1, "b": 2}, {"a": 1, "b": 3, "c": True}])
    assert [(row.key, row.values, row.differs) for row in rows] == [
        ("b", ("2", "3"), True), ("c", ("", "true"), True), ("a", ("1", "1"), False),
    ]  # fmt: skip


def test_tables_are_read_as_words():
    parts = [{"family": "normal", "weight": 0.5}, {"family": "uniform", "low": -1}]
    assert setting_text(parts) == "family normal weight 0.5; family uniform low -1"
    assert setting_text([1000, 2.5, True]) == "1,000, 2.5, true"


def test_runs_are_named_by_what_sets_them_apart():
    runs = [{"policy.fresh": 0.1, "seed": 1}, {"policy.fresh": 0.2, "seed": 2}]
    assert name_differences(runs) == ["λ 0.1", "λ 0.2"]
    assert name_differences([{"seed": 1}, {"seed": 2}]) == ["seed 1", "seed 2"]
    many = [dict.fromkeys("abcde", value) for value in (1, 2)]
    assert name_differences(many) == ["", ""]
