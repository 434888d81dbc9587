"""A claim: what a paper says, or what must hold, as a number that a run can be held against."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from collapse_tui.experiment import document as text
from collapse_tui.experiment.validation import configure
from engines.config import Config, Integer, Positive, Real, Size, is_list, to_tuple
from engines.errors import InvalidExperimentError, nearest
from engines.metrics.registry import METRICS

Statistic = Literal[
    "mean",
    "median",
    "variance",
    "sd",
    "q05",
    "q25",
    "q75",
    "q95",
    "correlation",
    "share above",
    "share below",
    "ever above",
    "ever below",
    "time above",
    "time below",
]
"""Across replicates. ``correlation``: with the value at an earlier generation; ``share``: of those
beyond the threshold; ``ever``: of those that were beyond it by then; ``time``: the mean of the
first generation at which one is beyond it."""

Origin = Literal["paper", "band", "listing", "law", "simulation"]
"""Where the value is from: print, a figure or stored results of a paper; a band set from runs of
this program, as a paper gives words alone or a number of other data; our run of a listing that a
paper prints; a closed form; points that were simulated by other code than the program."""

GIVEN = ("generations", "metrics")
"""What a claim does not set: a run is as long as its claims need and measures what they name."""


Interval = Annotated[tuple[Real, Real], BeforeValidator(to_tuple)]
Generation = Annotated[Integer, Field(ge=0)]
Value = Real | Interval | str
"""A number, ``[low, high]``, or the name of a law (an overlay, evaluated at the generation)."""


class Claim(Config):
    """One ``[[claims]]`` table.

    The run agrees with `expected` if the two differ by at most ``tolerance +
    relative * |expected| + standard_errors * SE``, where SE is the standard error of the
    statistic. With `runs` the published number is itself a statistic over so many runs and has
    a scatter of its own: it counts in SE, or, without `standard_errors`, the number must lie
    among the central 99 % of that statistic over groups of so many replicates.

    Attributes
    ----------
    text : str
        One sentence.
    metric : str
    statistic : str
        See `Statistic`.
    threshold : float or None
        Of a share or a time: of ``share``, ``ever`` and ``time``.
    generation : int
        At which; of a time, the last that is waited for.
    since : int or None
        An earlier generation: of the metric's share of its own value there, replicate by
        replicate. For "0.3 of the words of the first sample". Or that of a correlation.
    expected : float, (float, float) or str
        The value that a run is held against.
    origin : str
        Where that value is from, see `Origin`.
    corrected : float, (float, float), str or None
        What holds instead of a published value that is wrong.
    tolerance, relative, standard_errors : float or None
    runs : int or None
    set : dict
        Settings by dotted key in which the run differs from the preset.
    source : str
        Paper and equation, figure or table.
    erratum : str
        What is wrong with the published value.
    cost : str
        ``"quick"``, or ``"slow"``: run only when asked for.
    """

    text: str
    metric: str
    statistic: Statistic = "mean"
    threshold: Real | None = None
    generation: Generation
    since: Generation | None = None
    expected: Value
    corrected: Value | None = None
    tolerance: Positive | None = None
    relative: Positive | None = None
    standard_errors: Positive | None = None
    runs: Size | None = None
    set: dict[str, Any] = Field(default_factory=dict[str, Any])
    source: str = ""
    origin: Origin = "paper"
    erratum: str = ""
    cost: Literal["quick", "slow"] = "quick"

    @property
    def beyond(self) -> str:
        """``above`` or ``below`` where there is a threshold, else nothing."""
        return self.statistic.partition(" ")[2]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.metric not in METRICS:
            raise ValueError(f"unknown metric {self.metric!r}: {nearest(self.metric, METRICS)}")
        if (self.threshold is None) == bool(self.beyond):
            need = "needs a threshold" if self.beyond else "takes no threshold"
            raise ValueError(f"statistic {self.statistic!r} {need}")
        if self.statistic == "correlation" and (self.since is None or self.runs is not None):
            raise ValueError("statistic 'correlation' needs a since, and takes no runs")
        if self.since is not None:
            self._check_since(self.since)
        if (self.corrected is None) == bool(self.erratum):
            raise ValueError("erratum says what is wrong, corrected what holds: give both or none")
        if self.erratum and self.origin != "paper":
            raise ValueError(f"only a paper has an erratum, origin is {self.origin!r}")
        for key in ("expected", "corrected"):
            self._check_value(key, getattr(self, key))
        return self

    def _check_since(self, since: int) -> None:
        if since >= self.generation:
            raise ValueError(f"since must be before generation {self.generation}, got {since}")
        if self.statistic.startswith(("ever", "time")):
            raise ValueError(f"statistic {self.statistic!r} takes no since")
        if str in {type(self.expected), type(self.corrected)}:
            raise ValueError("since takes numbers: laws are of the metric itself")

    def _check_value(self, key: str, value: Value | None) -> None:
        if isinstance(value, tuple):
            if value[0] > value[1]:
                raise ValueError(f"{key} must be [low, high], got {list(value)}")
        elif value is not None and not any(
            (self.tolerance, self.relative, self.standard_errors, self.runs)
        ):
            raise ValueError("give tolerance, relative, standard_errors or runs")
        if isinstance(value, str):
            self._check_law(key, value)

    def _check_law(self, key: str, name: str) -> None:
        from engines.theory.registry import overlays  # only claims that name a law need them

        laws = {overlay.name: overlay for overlay in overlays()}
        law = laws.get(name)
        if law is None:
            raise ValueError(f"{key}: unknown law {name!r}: {nearest(name, laws)}")
        if law.metric != self.metric:
            raise ValueError(f"{key}: law {name!r} is about {law.metric}, not about {self.metric}")
        if law.status == "bound":
            raise ValueError(f"{key}: law {name!r} is a bound: say [low, high] instead")
        if law.statistic not in {self.statistic, "limit", "path"}:
            raise ValueError(f"{key}: law {name!r} is of the {law.statistic} across replicates")


def read_claims(entries: Any) -> tuple[Claim, ...]:
    """Return the claims of a document.

    Parameters
    ----------
    entries : object
        What stands under ``claims``.

    Raises
    ------
    InvalidExperimentError
        Naming the claim by its number, and the nearest key, metric or law.
    """
    if not is_list(entries):
        raise InvalidExperimentError("claims must be a list of tables, [[claims]]")
    return tuple(_read(number, entry) for number, entry in enumerate(entries, start=1))


def _read(number: int, entry: Any) -> Claim:
    where = f"claim {number}"
    if not text.is_table(entry):
        raise InvalidExperimentError(f"{where} must be a table, got {entry!r}")
    for key in entry:
        if key not in Claim.model_fields:
            known = nearest(key, Claim.model_fields)
            raise InvalidExperimentError(f"{where}: unknown key {key!r}: {known}")
    changed = entry.get("set", {})
    if text.is_table(changed):
        entry = {**entry, "set": text.flatten(changed)}
        for key in entry["set"]:
            if key.partition(".")[0] in GIVEN:
                raise InvalidExperimentError(
                    f"{where}: set has {key}, but a run is as long as its claims need and measures"
                    " what they name"
                )
    return configure(Claim, where, entry)
