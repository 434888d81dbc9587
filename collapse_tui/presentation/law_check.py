"""A topic at one generation beside its law: both values, the z-score, or why there is none."""

import math
from dataclasses import dataclass

from collapse_tui.charts.palette import Colour
from collapse_tui.events import Curve
from collapse_tui.number_format import format_fixed
from collapse_tui.presentation.law_lines import LAW_STYLES
from collapse_tui.presentation.laws import explain_end_of_laws, rank_laws, why_absent
from collapse_tui.presentation.metric_chart import SINGLE_RUN_FLAGS
from collapse_tui.presentation.scene import Scene, split_topic
from collapse_tui.presentation.shares import is_share, typical_statistic
from collapse_tui.presentation.snapshot import STATISTICS

NO_Z_SCORE = {
    "limit": "a limit",
    "bound": "a bound",
    "published": "as published",
    "approximation": "approximate",
}
"""Why there is no z-score, by the status of the law."""

HEAVY_TAIL, OTHER_STATISTIC = "heavy tail", "law of the "
EXPLANATIONS = {
    "a limit": "theory gives a limit (of many samples, M→∞, or of many generations): how far a run"
    " that has not reached it may lie from it is not known, so there is no z",
    "a bound": "theory gives a bound, on one side of which the value must lie: no z",
    "as published": "the curve is drawn as it was published, where it is wrong or a first"
    " approximation: no z against it",
    "approximate": "theory is an approximation, of unknown error: no z",
    HEAVY_TAIL: "a few rare runs with large values make up theory's mean, which the mean of some"
    " hundred runs misses by far without contradicting it: no z; compare the medians",
    "sd unknown": "theory gives the mean, not how far single runs scatter around it: no z",
    "no value": "the value is undefined here: no z",
    "runs without a value": "it is undefined in some of the runs, which are not left out at random:"
    " no z",
    "no spread": "theory says that all runs have the same value: no z",
    OTHER_STATISTIC: "theory gives another statistic than the mean of the runs: no z",
}
"""What the reasons for which there is no z-score mean."""

WORDS = {
    "mean": "mean", "q50": "median", "q05": "5 % quantile", "q25": "25 % quantile",
    "q75": "75 % quantile", "q95": "95 % quantile", "var": "variance", "share": "share",
}  # fmt: skip

SURPRISE = 3.0
"""A z-score beyond this is shown in the colour of a failure."""

NEAR, MANY = 0.005, 10.0
"""A share of the law's value below which a difference is not told, and one from which it is
told as a multiple."""

CLOSE = 0.2
"""A share of the value of a limit or an approximation within which a run is close to it."""
NOTHING = 1e-12
"""A share of the value below which that of the law is told as 0."""


@dataclass(frozen=True, slots=True)
class LawCheck:
    """A topic at one generation, and its law.

    Attributes
    ----------
    word : str
        Which statistic: ``"run"``, ``"median"``, ``"mean"``, …
    value : float
    flag : str
        What is undefined or infinite; empty if nothing is.
    curve : Curve or None
        The law that has a value here, the exact one first.
    expected : float
        Its value; NaN without a law.
    score : float
        z-score; NaN where there is none.
    reason : str
        Why there is no law, or no z-score; empty where there are both.
    """

    word: str
    value: float
    flag: str = ""
    curve: Curve | None = None
    expected: float = math.nan
    score: float = math.nan
    reason: str = ""

    @property
    def has_law(self) -> bool:
        """Whether a law has a value here."""
        return self.curve is not None and not math.isnan(self.expected)

    @property
    def number(self) -> str:
        """The value as text."""
        return "undefined" if math.isnan(self.value) and not self.flag else format_fixed(self.value)

    @property
    def expected_number(self) -> str:
        """The law's value as text."""
        return format_fixed(self.told)

    @property
    def told(self) -> float:
        """The law's value; 0 where it is nothing beside the value that it is compared with."""
        return 0.0 if abs(self.expected) < NOTHING * abs(self.value) else self.expected

    @property
    def colour(self) -> Colour:
        """The colour of the curve whose value it is."""
        return Colour.MEAN if self.word == "mean" else Colour.SERIES

    @property
    def law_colour(self) -> Colour:
        """The colour of the law's curve."""
        status = self.curve.status if self.curve is not None else ""
        return LAW_STYLES.get(status, (Colour.LIMIT, "dotted"))[0]

    @property
    def law(self) -> str:
        """The law in words."""
        return self.curve.label if self.curve is not None else ""

    @property
    def is_close(self) -> bool:
        """Whether it is within a fifth of a limit or an approximation, which have no z-score."""
        status = self.curve.status if self.curve is not None else ""
        if status not in {"limit", "approximation"} or not math.isfinite(self.value):
            return False
        return abs(self.value - self.expected) <= CLOSE * abs(self.expected)

    def explain_score(self) -> str:
        """Return how value and theory compare, or why they cannot be, as a clause."""
        if math.isfinite(self.score):
            agrees = abs(self.score) < SURPRISE
            word = "they agree" if agrees else "they differ by more than chance makes likely"
            return f"z {format_score(self.score)}, so many standard errors apart: {word}"
        starts = (text for start, text in EXPLANATIONS.items() if self.reason.startswith(start))
        said = next(starts, self.reason)
        near = f"; it is within {100 * CLOSE:.0f} %, close to it" if self.is_close else ""
        return f"{said[:1].upper()}{said[1:]}{near}"

    @property
    def apart(self) -> str:
        """How far the value lies above or below the law's, before its name: "2 % above "."""
        if not (math.isfinite(self.value) and math.isfinite(self.expected)) or self.expected == 0:
            return ""
        share = (self.value - self.expected) / abs(self.expected)
        if abs(share) >= MANY:
            return ""
        if abs(share) < NEAR:
            return "as in "
        return f"{100 * abs(share):.0f} % {'above' if share > 0 else 'below'} "


def explain_check(shown: LawCheck) -> str:
    """Return the value, that of theory, and how they compare, in a sentence or two."""
    now = f"Shown: {shown.word} {shown.number}"
    if not shown.has_law:
        return f"{now}. Theory: {shown.reason}." if shown.reason else f"{now}."
    return f"{now}; {shown.law}: {shown.expected_number}. {shown.explain_score()}."


def format_score(score: float) -> str:
    """Return a z-score as text."""
    return f"{score:+.1f}".replace("-", "−")


def check_law(scene: Scene, topic: str) -> LawCheck:
    """Return a topic of a scene beside its law, at the generation shown."""
    at, row, snapshot = scene.generation, scene.row, scene.snapshot
    metric, of_variance = split_topic(topic)
    laws = scene.curves(topic)
    curve = next(iter(rank_laws(laws, at)), None) if at >= 0 else None
    typical = typical_statistic(metric)
    column = "var" if of_variance else curve.statistic if curve else typical
    column = column if column in STATISTICS else typical
    values = snapshot.column(metric, column)
    value = float(values[row]) if 0 <= row < values.size else math.nan
    word = WORDS["share" if is_share(metric) and column == "mean" else column]
    word = "run" if scene.replicates == 1 else word
    flag = snapshot.flags[row].get(metric, "") if 0 <= row < len(snapshot.flags) else ""
    if scene.replicates == 1:
        flag = SINGLE_RUN_FLAGS.get(flag, flag)
    if curve is None and laws:
        reach = max(law.values.size for law in laws) - 1
        return LawCheck(word, value, flag, reason=f"theory is known to gen {reach:,}")
    if curve is None:
        return LawCheck(word, value, flag, reason=why_no_law(scene, metric))
    expected = float(curve.values[at])
    if math.isnan(expected):
        ends = explain_end_of_laws(snapshot, metric, at)
        return LawCheck(word, value, flag, curve, reason=ends or "theory says nothing here")
    score, reason = _score(scene, curve, expected)
    return LawCheck(word, value, flag, curve, expected, score, reason)


def _score(scene: Scene, curve: Curve, expected: float) -> tuple[float, str]:
    """Return the z-score of a mean, or NaN and why there is none."""
    at, row = scene.generation, scene.row
    columns = (scene.snapshot.column(curve.metric, name) for name in ("mean", "n"))
    mean, count = (float(values[row]) if row < values.size else math.nan for values in columns)
    variance = math.nan if curve.variance is None else float(curve.variance[at])
    error = math.sqrt(variance / max(1.0, count))
    reasons = (
        (curve.status in NO_Z_SCORE, NO_Z_SCORE.get(curve.status, "")),
        (curve.statistic != "mean", f"{OTHER_STATISTIC}{curve.statistic}"),
        (not math.isfinite(expected), "law ends"),
        (rests_on_rare_runs(curve, at), HEAVY_TAIL),
        (not math.isfinite(variance), "sd unknown"),
        (not math.isfinite(mean), "no value"),
        # they are not left out at random: the mean of the others is no test of the law
        (count < scene.replicates, "runs without a value"),
        (error == 0, "no spread"),
    )
    reason = next((why for holds, why in reasons if holds), "")
    return (math.nan, reason) if reason else ((mean - expected) / error, "")


def rests_on_rare_runs(curve: Curve, generation: int) -> bool:
    """Return whether a law's scatter is known, but too heavy-tailed for a z-score here."""
    scatter = curve.variance
    if scatter is None or curve.statistic != "mean" or generation >= scatter.size:
        return False
    return math.isnan(scatter[generation]) and bool((scatter[:generation] > 0).any())


def why_no_law(scene: Scene, metric: str) -> str:
    """Return why theory has no law for a metric, naming the first condition that is not met."""
    if not scene.theory and any(curve.metric == metric for curve in scene.snapshot.curves):
        return "theory hidden (o shows it)"
    return why_absent(scene.snapshot.absent, metric)
