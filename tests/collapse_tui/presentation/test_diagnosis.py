"""The diagnosis in words: what a stage means, why, in this run's numbers, and what would help."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from collapse_tui.charts.palette import Colour
from collapse_tui.events import Curve, Generation
from collapse_tui.execution.overlays import curves_of
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.presentation.diagnosis import Diagnosis, commonest_stage, diagnose_scene
from collapse_tui.presentation.diagnosis_text import diagnosis_line, diagnosis_lines
from collapse_tui.presentation.heavy_tails import count_carriers, find_carriers
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import RunHistory
from engines.theory.regression import replace_error


def diagnosed(name, generations, **settings):
    """Return the scene of a run, and its diagnosis."""
    experiment = load(name, generations=generations, **settings)
    history = RunHistory()
    for event in run(experiment, device="cpu"):
        if isinstance(event, Generation):
            history.add_record(event, math.nan)
    topics = experiment.metric_names
    scene = Scene(history.snapshot, topics=topics, replicates=experiment.replicates)
    setup = experiment.setup(generations)
    return scene, diagnose_scene(scene, experiment.source, setup)


def test_a_kernel_disperses_and_the_sum_says_so():
    scene, found = diagnosed("borji", 40, **{"schedule.size": 3000})
    assert found.stage == "dispersing"
    assert found.reason == "each refit adds the kernel's variance h² = 0.25"
    assert found.hold == "nothing stops it"
    numbers = re.fullmatch(
        r"now ([\d.]+) = ([\d.]+) \(real\) \+ 40 × 0.25 \+ chance of sampling", found.numbers
    )
    assert numbers is not None
    now, real = map(float, numbers.groups())
    assert now == pytest.approx(scene.snapshot.column("variance", "q50")[-1], rel=0.01)
    assert now == pytest.approx(real + 10, abs=6.0)
    assert found.remedy == "+ + +  a few per cent of real data stop it"


def test_real_data_pull_back_and_no_sum_is_claimed():
    _, found = diagnosed("borji", 20, **{"schedule.size": 2000, "policy.fresh": 0.1})
    assert found.hold == "10 % real data in each generation pull it back"
    assert not found.numbers.startswith("now")
    assert found.remedy == ""


@pytest.mark.parametrize(
    ("name", "generations", "reason", "hold"),
    [
        ("shumailov", 300, "each fit to 100 points takes 0.51 % off the typical sd", "nothing"),
        ("shumailov-accumulate", 20, "each fit to 100 points takes", "all data so far stay"),
        ("shumailov-subsample", 60, "each fit to 100 points takes 1 % off", "drawn again"),
        ("borkar-collapse", 80, "each sample of 50 loses 2 % of the diversity", "nothing stops it"),
        ("borkar", 40, "loses 2 % of the diversity, rare states first", "10 % real data"),
        ("golden-ratio", 10, "each fit to 100 points takes", "real data weigh 61.8 %"),
        ("regression", 20, "σ² d/(M − d − 1) = 0.112", "nothing stops it"),
        ("suresh-poisson", 30, "is 0 once all 10 draws are", "nothing stops it"),
        ("kazdan", 60, "each fit to 10 points takes 11 % off the typical sd", "nothing"),
    ],
)
def test_each_engine_and_policy_says_its_part(name, generations, reason, hold):
    _, found = diagnosed(name, generations, replicates=20)
    assert reason in found.reason
    assert hold in found.hold or found.stage == "stable"
    assert found.meaning
    assert found.total == 20


def test_generation_0_is_the_real_data():
    _, found = diagnosed("shumailov", 1, replicates=3)
    experiment = load("shumailov")
    scene, _ = diagnosed("shumailov", 1, replicates=3)
    found = diagnose_scene(replace(scene, shown=0), experiment.source, experiment.setup(1))
    assert found.meaning == "the real data themselves, no fit yet"
    assert found.reason == ""


def test_a_training_that_diverged_is_never_stable():
    assert commonest_stage({"stable": 9, "diverged": 1}) == "diverged"
    scene, _ = diagnosed("shumailov", 2, replicates=3)
    stages = [{"stable": 3}, {"stable": 3}, {"stable": 2, "diverged": 1}]
    scene = replace(scene, snapshot=replace(scene.snapshot, stages=stages))
    experiment = load("shumailov")
    found = diagnose_scene(scene, experiment.source, experiment.setup(1))
    assert found.stage == "diverged"
    assert found.meaning == "a training met numbers that are not finite"
    assert found.share == "1 of 3 runs"
    assert "learning rate" in found.remedy


def test_the_loss_of_a_gaussian_fit_is_that_of_its_logarithm():
    """E ln sd falls by (ψ((M-1)/2) - ln((M-1)/2)) / 2 each fit, of which -1/(2(M-1)) is said."""
    special = pytest.importorskip("scipy.special")
    for size in (20, 100, 1000):
        half = (size - 1) / 2
        exact = (special.digamma(half) - math.log(half)) / 2
        assert -1 / (2 * (size - 1)) == pytest.approx(exact, rel=0.05)


def test_the_loss_of_a_fit_in_several_dimensions_is_that_of_its_volume():
    scene, found = diagnosed("gaussian-nd", 2, replicates=5)
    del scene
    assert found.reason == "each fit to 50 points takes 2 % off the typical sd"
    experiment = load("gaussian-nd", generations=100)
    curves, _ = curves_of(experiment, 100)
    law = next(c for c in curves if c.metric == "log_det_ratio" and c.statistic == "mean")
    assert (law.values[99] - law.values[100]) / 6 == pytest.approx(0.0204, rel=0.05)


def test_the_error_of_a_regression_grows_by_what_is_said():
    error = replace_error(10, 1.0, np.full(21, 100.0))
    assert np.diff(error)[1:] == pytest.approx(10 / 89, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "metric", "settings"),
    [
        ("borji", "variance", {"engine.bandwidth": 0.5}),
        ("shumailov", "variance", {"engine.estimator": "mle"}),
        ("borkar-collapse", "heterozygosity", {}),
    ],
)
def test_a_few_per_cent_of_real_data_stop_it_as_theory_says(name, metric, settings):
    """With them the law settles; without them its drift goes on."""
    ends = {}
    for fresh in (0.0, 0.05):
        policy = {"policy": {"name": "mix", "fresh": fresh}}
        experiment = load(name, generations=2000, **settings, **policy)
        curves, _ = curves_of(experiment, 2000)
        law = next(c for c in curves if c.metric == metric and c.status == "exact")
        ends[fresh] = (law.values[1000], law.values[2000])
    before, after = ends[0.05]
    assert after == pytest.approx(before, rel=1e-3)
    assert after > 0.1 * load(name).source.law().variance()[0] or metric == "heterozygosity"
    before, after = ends[0.0]
    assert abs(math.log(after / before)) > 0.3


def test_those_that_carry_a_mean_are_counted():
    assert count_carriers(np.array([100.0, 1.0, 1.0, 1.0])) == 1
    assert count_carriers(np.array([1.0] * 10)) == 5
    assert count_carriers(np.array([5.0, 5.0, np.nan, np.inf, 0.0])) == 1
    values = np.r_[np.full(98, 0.01), 300.0, 500.0]
    summary = {"w2": {"mean": 8.0, "q95": 0.01}, "kl": {"mean": 1.0, "q95": 2.0}}
    record = Generation(1, {"w2": values, "kl": values}, summary, {}, {}, None)
    assert find_carriers(record) == {"w2": 1}


def test_a_mean_that_few_runs_carry_is_said():
    scene, _ = diagnosed("shumailov", 3, replicates=40)
    rows = {name: values.copy() for name, values in scene.snapshot.series.items()}
    rows["variance"][3, :7] = [5.0, 0.1, 0.1, 0.1, 0.1, 1.0, 9.0]
    carriers = [{}, {}, {}, {"variance": 2}]
    snapshot = replace(scene.snapshot, series=rows, carriers=carriers)
    scene = replace(scene, snapshot=snapshot, leading="variance")
    experiment = load("shumailov")
    found = diagnose_scene(scene, experiment.source, experiment.setup(1))
    assert found.caution == "the mean of variance is carried by 2 of 40 runs"
    stored = replace(scene, snapshot=replace(snapshot, carriers=[]))
    found = diagnose_scene(stored, experiment.source, experiment.setup(1))
    assert "fewer than a twentieth of 40 runs" in found.caution


def test_theory_whose_mean_rests_on_rare_runs_says_so():
    scene, _ = diagnosed("shumailov", 3, replicates=40)
    variance = np.array([0.0, 1.0, np.nan, np.nan])
    law = Curve("one", "exact mean", "variance", "mean", "exact", np.ones(4), variance, "")
    scene = replace(scene, snapshot=replace(scene.snapshot, curves=(law,)), leading="variance")
    experiment = load("shumailov")
    found = diagnose_scene(scene, experiment.source, experiment.setup(1))
    assert found.caution.startswith("theory's mean rests on rare, large runs")


FULL = Diagnosis(
    "late", 74, 100, "the variance is below a quarter of the real one",
    "each fit to 100 points takes 0.51 % off the typical sd", "nothing stops it",
    "variance 0.05 (real 1)", "the mean of variance is carried by 2 of 100 runs",
    "+ + +  a few per cent of real data stop it",
)  # fmt: skip


def test_one_row_has_the_stage_first_and_the_clauses_that_fit():
    spans = diagnosis_line(FULL, 78)
    assert spans[0] == ("LATE COLLAPSE 74/100", Colour.BAD)
    assert spans[1:] == [("  each fit to 100 points takes 0.51 % off the typical sd", Colour.TEXT)]
    brief = diagnosis_line(FULL, 74)
    assert brief[0][0] == "LATE 74/100"
    others = replace(FULL, others=(("early", 20), ("stable", 6)))
    assert diagnosis_line(others, 98)[0][0] == "LATE COLLAPSE 74/100, 20 early, 6 stable"
    assert diagnosis_line(others, 90)[0][0] == "LATE COLLAPSE 74/100, 20 early, …"
    whole = diagnosis_line(others, 200)[0][0]
    assert whole == "LATE COLLAPSE in 74 of 100 runs, 20 early, 6 stable"
    assert brief[1:] == spans[1:]
    wide = diagnosis_line(FULL, 300)
    assert [text for text, _ in wide[2:4]] == [f" · {FULL.hold}", f" · {FULL.caution}"]
    assert wide[-1][0].startswith(" · try + + +")
    assert diagnosis_line(Diagnosis(), 80) == []


def test_on_a_narrow_screen_the_reason_loses_its_last_clause_before_it_is_cut():
    lost = Diagnosis("late", 9, 9, reason="each sample loses 1 % of it, rare states first")
    rows = ("".join(text for text, _ in diagnosis_line(lost, width)) for width in (52, 51, 50, 34))
    assert list(rows) == [
        "LATE  each sample loses 1 % of it, rare states first",
        "LATE each sample loses 1 % of it, rare states first",
        *["LATE  each sample loses 1 % of it"] * 2,
    ]


def test_what_holds_a_stable_run_is_said_before_what_each_refit_does():
    held = Diagnosis("stable", 3, 3, reason="each sample loses 2 %", hold="10 % pull it back")
    said = "".join(text for text, _ in diagnosis_line(held, 80))
    assert said == "STABLE  10 % pull it back · each sample loses 2 %"
    late = "".join(text for text, _ in diagnosis_line(replace(held, stage="late"), 80))
    assert late == "LATE COLLAPSE  each sample loses 2 % · 10 % pull it back"


def test_a_stable_run_says_what_it_is_judged_by():
    held = Diagnosis("stable", 3, 3, reason="each sample loses 2 %", judged="variance and tails")
    said = "".join(text for text, _ in diagnosis_line(held, 80))
    assert said == "STABLE in variance and tails  each sample loses 2 %"
    assert diagnosis_line(held, 80)[0][1] is Colour.GOOD
    assert diagnosis_line(held, 30)[0][0] == "STABLE"


def test_stable_text_of_growing_perplexity_is_not_green():
    experiment = load("opt-tiny")
    blocks = {"perplexity": [math.nan, 45.7, 47.0, 87.1]}
    history = RunHistory()
    for at, value in enumerate(blocks["perplexity"]):
        metrics = {"perplexity": np.array([value])}
        summary = {"perplexity": {"n": int(value > 0), "q50": value if value > 0 else None}}
        record = Generation(at, metrics, summary, {"stable": 1}, {})
        history.add_record(record, math.nan)
    scene = Scene(history.snapshot, topics=("perplexity",))
    found = diagnose_scene(scene, experiment.source, experiment.setup(3))
    assert found.doubt == "but perplexity has grown from 45.7 to 87.1"
    (head, colour), (rest, _), *_ = diagnosis_line(found, 100)
    assert (head, colour) == ("STABLE in variety of words", Colour.SERIES)
    assert rest.strip() == found.doubt
    earlier = replace(scene, shown=2)
    assert diagnose_scene(earlier, experiment.source, experiment.setup(2)).doubt == ""


def test_the_stages_of_such_data_are_told_with_their_thresholds():
    words = dict(diagnosed("shumailov", 3)[1].words)
    assert list(words) == ["stable", "early", "late", "dispersing"]
    assert words["stable"] == "none of the others, judged by variance and tails"
    assert "a quarter of the real one" in words["late"]


@pytest.mark.parametrize("height", [3, 8, 12, 20])
@pytest.mark.parametrize("width", [24, 52, 80])
def test_a_pane_begins_with_the_stage_and_ends_with_what_helps(width, height):
    lines = diagnosis_lines(FULL, "Watch the median and the mean part. " * 4, width, height)
    rows = ["".join(text for text, _ in line) for line in lines]
    assert len(rows) <= height
    assert max(map(len, rows)) <= width
    assert rows[0].startswith("LATE COLLAPSE in 74")
    text = " ".join(" ".join(rows).split())
    if width * height >= 600:
        assert (
            "Each fit to 100 points takes 0.51 % off the typical sd, and nothing stops it." in text
        )
        assert "Try + + + a few per cent" in text
    if width * height >= 900:
        assert "Watch the median" in text
