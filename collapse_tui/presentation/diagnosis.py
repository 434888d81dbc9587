"""The diagnosis of one generation in words: the stage, what it means, why, and what would help.

The stage is decided by the metrics (`engines.metrics.diagnosis`). What it says of such data
stands with the kind of data, what each refit does with the engine, and what holds it back with
the policy: so a new one of these brings its own words.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from collapse_tui.number_format import format_number
from collapse_tui.presentation.law_check import check_law, rests_on_rare_runs
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.scene import Scene, split_topic, typical_values

if TYPE_CHECKING:
    from engines.base import Source
    from engines.recursion import Setup

MOST_NUMBERS = 2
"""Numbers that are told with the stage at most."""
STAGE_NAMES = {"early": "early collapse", "late": "late collapse"}
"""Stages that a reader knows by a longer name than files do."""
GROWN = 1.1
"""Multiple of its first value above which a metric has grown."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One generation in words; each part is a clause, empty where there is nothing to say.

    Attributes
    ----------
    stage : str
        That of most replicates; empty before the first record.
    count, total : int
        Replicates in it, of all.
    judged : str
        By what it is decided.
    others : tuple of (str, int)
        The other stages, and how many replicates are in each.
    doubt : str
        What has grown though the stage is stable.
    words : tuple of (str, str)
        Each stage of such data, and what it says.
    meaning : str
        What the stage says of such data.
    reason : str
        What each refit does.
    hold : str
        What holds it back, or that nothing does.
    numbers : str
        How the present value comes about, or the values by which the stage is decided.
    caution : str
        Why a mean and its law are not to be compared.
    remedy : str
        What would help; said only where theory shows it, or as a question.
    """

    stage: str = ""
    count: int = 0
    total: int = 0
    meaning: str = ""
    reason: str = ""
    hold: str = ""
    numbers: str = ""
    caution: str = ""
    remedy: str = ""
    judged: str = ""
    others: tuple[tuple[str, int], ...] = ()
    doubt: str = ""
    words: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The stage as a reader knows it: "late collapse"."""
        return STAGE_NAMES.get(self.stage, self.stage)

    @property
    def rest(self) -> str:
        """The other stages: "20 early, 1 stable"; empty for none."""
        return ", ".join(f"{count:,} {stage}" for stage, count in self.others)

    @property
    def share(self) -> str:
        """In how many of the runs, empty if in all."""
        return f"{self.count:,} of {self.total:,} runs" if self.count < self.total else ""


def commonest_stage(stages: Mapping[str, int]) -> str:
    """Return the most frequent stage, before it a training that diverged; empty for none."""
    if not stages:
        return ""
    return max(stages, key=lambda stage: (stage == "diverged", stages[stage]))


def diagnose_scene(scene: Scene, source: "Source", setup: "Setup") -> Diagnosis:
    """Return the diagnosis of the generation shown.

    Parameters
    ----------
    scene : Scene
    source : Source
    setup : Setup
        The settings in force there.
    """
    stages = scene.snapshot.stages
    counts: Mapping[str, int] = {}
    if 0 <= scene.row < len(stages):
        counts = stages[scene.row]
    stage = commonest_stage(counts)
    if not stage:
        return Diagnosis()
    # the first paint does not wait for the science
    from engines.kinds import KINDS
    from engines.situation import Situation

    kind, engine, policy = KINDS[source.kind], setup.engine, setup.policy
    now, real = _values(scene, scene.row), _values(scene, 0)
    size = setup.schedule.samples(max(0, scene.generation - 1))
    situation = Situation(stage, scene.generation, size, source.dimension, now, real)
    steady = not any(change.at <= scene.generation for change in scene.snapshot.interventions)
    replaces = not policy.pull and steady
    account = engine.account(situation, replaces=replaces) if scene.generation > 0 else ""
    total = sum(counts.values())
    if scene.generation == 0:
        return Diagnosis(
            stage, counts[stage], total, "the real data themselves, no fit yet",
            judged=kind.judged, words=tuple(kind.describe_stages()),
        )  # fmt: skip
    others = sorted(
        ((count, name) for name, count in counts.items() if name != stage), reverse=True
    )
    return Diagnosis(
        stage, counts[stage], total, kind.describe_stage(stage),
        *_reasons(engine.drift(situation), policy.pull, stage),
        account or _told_numbers(kind.tells, now, real),
        _caution(scene),
        _remedy(policy.remedy, stage, proved=engine.held_by_real_data),
        kind.judged, tuple((name, count) for count, name in others if count),
        _doubt(scene, kind.beside) if stage == "stable" else "", tuple(kind.describe_stages()),
    )  # fmt: skip


def _values(scene: Scene, row: int) -> dict[str, float]:
    """Return the typical value of each metric in one row."""
    found: dict[str, float] = {}
    for topic in scene.topics:
        metric, of_variance = split_topic(topic)
        values = typical_values(scene.snapshot, topic)
        if not of_variance and 0 <= row < values.size:
            found[metric] = float(values[row])
    return found


def _reasons(drift: str, pull: str, stage: str) -> tuple[str, str]:
    """Return what each refit does, and what holds it back."""
    if stage == "diverged":
        return "", ""
    return drift, pull or ("" if stage == "stable" or not drift else "nothing stops it")


def _told_numbers(
    tells: tuple[str, ...], now: Mapping[str, float], real: Mapping[str, float]
) -> str:
    parts: list[str] = []
    for metric in tells:
        value = now.get(metric, math.nan)
        if math.isnan(value) or len(parts) == MOST_NUMBERS:
            continue
        before = real.get(metric, math.nan)
        was = f" (real {format_number(before)})" if math.isfinite(before) else ""
        parts.append(f"{metric_words(metric).short} {format_number(value)}{was}")
    return ", ".join(parts)


def _doubt(scene: Scene, beside: tuple[str, ...]) -> str:
    """Return which metric has grown though the stage, which is not decided by it, is stable."""
    for metric in beside:
        values = typical_values(scene.snapshot, metric)[: scene.row + 1]
        known = values[np.isfinite(values)]
        if known.size and known[-1] > GROWN * known[0]:
            first, last = (format_number(float(value)) for value in (known[0], known[-1]))
            return f"but {metric_words(metric).short} has grown from {first} to {last}"
    return ""


def _caution(scene: Scene) -> str:
    """Return why the mean of the leading topic is not that of a typical run."""
    topic = scene.topic
    if scene.replicates == 1 or not topic or split_topic(topic)[1]:
        return ""
    snapshot, row = scene.snapshot, scene.row
    mean, high = (snapshot.column(topic, name) for name in ("mean", "q95"))
    name = metric_words(topic).short
    if 0 <= row < mean.size and math.isfinite(mean[row]) and mean[row] > high[row] > 0:
        carriers = snapshot.carriers[row].get(topic, 0) if row < len(snapshot.carriers) else 0
        few = f"{carriers:,}" if carriers else "fewer than a twentieth"
        return f"the mean of {name} is carried by {few} of {scene.replicates:,} runs"
    return _beware_of_rare_runs(scene, topic)


def _beware_of_rare_runs(scene: Scene, topic: str) -> str:
    """Return that the mean of a law is made by rare runs; empty where it is not."""
    shown = check_law(scene, topic)
    if shown.curve is None or not shown.has_law:
        return ""
    if not rests_on_rare_runs(shown.curve, scene.generation):
        return ""
    runs = f"{scene.replicates:,} runs"
    return f"theory's mean rests on rare, large runs: a mean of {runs} may miss it by far"


def _remedy(keys: str, stage: str, *, proved: bool) -> str:
    if stage == "diverged":
        return "a smaller learning rate"
    if not keys or stage == "stable":
        return ""
    if proved:
        return f"{keys}  a few per cent of real data stop it"
    return f"{keys}  and see whether a few per cent of real data hold it"
