"""The one place where a preset becomes source, engine, policy, schedule and metrics.

All validation happens here, before anything runs.
"""

import copy
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import tomli_w

from collapse_tui.experiment import document as text
from collapse_tui.experiment.checks import check, chosen_metrics, kinds_agree
from collapse_tui.experiment.claim import Claim, read_claims
from collapse_tui.experiment.document import Document
from collapse_tui.experiment.interventions import Intervention, read_interventions, setups
from collapse_tui.experiment.knobs import Knob, knobs_of
from collapse_tui.experiment.schema import KeepState, Top
from collapse_tui.experiment.validation import build, configure
from engines.arrays import IntArray
from engines.base import Source
from engines.config import is_list
from engines.data import FORMS, Form
from engines.errors import InvalidExperimentError, nearest
from engines.external.hub import MissingDownloadError
from engines.neural.devices import chosen
from engines.policies.base import Needs
from engines.recursion import Recursion, Setup
from engines.schedules import MOST
from engines.sources.binned import BinnedSource, Bins


@dataclass(frozen=True, eq=False)
class Experiment:
    """A validated experiment: frozen, and all that a run depends on.

    Attributes
    ----------
    name : str
        Of the preset or file that it came from.
    document : dict
        Its text, fully resolved: defaults filled in.
    top : Top
    source : Source
    interventions : tuple of Intervention
        In order of their steps.
    metric_names : tuple of str
    left_out : mapping of str to str
        Metric of the engine that does not exist for this source → why; nothing where the
        preset names its metrics.
    """

    name: str
    document: Document
    top: Top
    source: Source
    interventions: tuple[Intervention, ...]
    metric_names: tuple[str, ...]
    left_out: Mapping[str, str]
    state: KeepState
    _setups: tuple[tuple[int, Setup], ...] = field(repr=False)

    @property
    def title(self) -> str:
        """One line on what it shows."""
        return self.top.title or self.name

    @property
    def paper(self) -> str:
        """The paper that it is from."""
        return self.top.paper

    @property
    def figure(self) -> str:
        """The figure that it reproduces."""
        return self.top.figure

    @property
    def watch(self) -> str:
        """What to watch for."""
        return self.top.watch

    @property
    def seed(self) -> int:
        """Seed of D_0 and of every step until an intervention changes it."""
        return self.top.seed

    @property
    def generations(self) -> int:
        """G."""
        return self.top.generations

    @property
    def replicates(self) -> int:
        """R."""
        return self.top.replicates

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What its paper says, and what must hold."""
        return read_claims(self.document.get("claims", []))

    def setup(self, generation: int) -> Setup:
        """Return the settings in force at a step."""
        index = bisect_right([at for at, _ in self._setups], generation) - 1
        return self._setups[index][1]

    @cached_property
    def real_size(self) -> int:
        """M_0, the size of D_0."""
        source: Any = self.source
        natural = self.source.natural_size
        return int(source.size or natural or self.setup(0).schedule.samples(0))

    @cached_property
    def sizes(self) -> IntArray:
        """M_0 … M_G, shape (G + 1,)."""
        drawn = [self.setup(n).schedule.samples(n) for n in range(1, self.generations + 1)]
        return np.array([min(self.real_size, MOST), *drawn], dtype=np.int64)

    @cached_property
    def needs(self) -> Needs:
        """What the policies of the whole run need."""
        needs = Needs()
        for _, setup in self._setups:
            needs |= setup.policy.needs
        return needs

    @cached_property
    def form(self) -> Form:
        """The form in which data are drawn: the cheapest that everybody can take."""
        engine = self.setup(0).engine
        shared = [form for form in engine.draws if form in self.source.draws]
        if self.needs.subsets:
            shared = [form for form in shared if FORMS[form].has_subsets]
        if not shared:
            raise InvalidExperimentError(
                f"policy {self.setup(0).policy.name!r} draws again from earlier points, which"
                f" engine {engine.name!r} with source {self.source.name!r} does not keep"
            )
        return shared[0]

    def recursion(self, device: str = "cpu") -> Recursion:
        """Return the loop that runs this experiment on a device."""
        placed = {
            id(setup): replace(setup, engine=setup.engine.on(device)) for _, setup in self._setups
        }
        return Recursion(
            self.source,
            lambda generation: placed[id(self.setup(generation))],
            self.replicates,
            self.real_size,
            self.form,
            self.needs,
        )

    def device(self, wanted: str) -> str:
        """Return the device that it will run on.

        Raises
        ------
        InvalidExperimentError
            If its engine does not run on the device, or that is not there.
        """
        engine = self.setup(0).engine
        return chosen(wanted, engine.name, engine.devices)

    def settled(self, device: str) -> "Experiment":
        """Return the experiment with all that depends on the device written down."""
        keys = self.setup(0).engine.settled(device)
        if not keys:
            return self
        document = copy.deepcopy(self.document)
        document["engine"] |= keys
        return replace(resolve(self.name, document), left_out=self.left_out)

    def intervened(self, at: int, settings: Mapping[str, Any]) -> "Experiment":
        """Return the experiment with one more intervention.

        Raises
        ------
        InvalidExperimentError
            If a setting may not be changed, or its value is wrong.
        """
        added = copy.deepcopy(self.document)
        added.pop("claims", None)
        added.setdefault("interventions", []).append({"at": at, "set": dict(settings)})
        return resolve(self.name, added)

    @cached_property
    def base(self) -> "Experiment":
        """The experiment without its interventions."""
        if not self.interventions:
            return self
        return resolve(self.name, {**copy.deepcopy(self.document), "interventions": []})

    def cut(self, at: int) -> "Experiment":
        """Return the experiment without the interventions after step `at`."""
        kept = [
            {"at": item.at, "set": dict(item.settings)}
            for item in self.interventions
            if item.at <= at
        ]
        return resolve(self.name, {**copy.deepcopy(self.document), "interventions": kept})

    def extended(self, generations: int) -> "Experiment":
        """Return the experiment with another number of generations."""
        return resolve(self.name, {**copy.deepcopy(self.document), "generations": generations})

    def weight_bytes(self) -> int:
        """Return about how many bytes of networks the run folder will hold; 0 for none."""
        engine = self.setup(0).engine
        kept = min(self.state.keep + engine.keeps_reference, self.generations)
        return engine.weight_bytes(self.source) * self.replicates * kept

    def to_toml(self) -> str:
        """Return the text of experiment.toml."""
        return tomli_w.dumps(self.document)

    def knobs(self, generation: int = 0) -> list[Knob]:
        """Return the settings that may be changed now, with their bounds."""
        return knobs_of(self.setup(generation))


def load(preset: str, /, **settings: Any) -> Experiment:
    """Return the experiment of a preset or a TOML file, with some of its values changed.

    Parameters
    ----------
    preset : str
        Name of a preset, or path of a TOML file.
    **settings : object
        Values by dotted key, e.g. ``seed=1, **{"engine.bandwidth": 0.1}``.

    Raises
    ------
    InvalidExperimentError
        With one sentence that says what is wrong and what would be right.
    """
    name, document = text.read(preset)
    return resolve(name, text.overridden(document, settings))


def resolve(name: str, document: Document) -> Experiment:
    """Return the validated experiment that a document describes.

    Raises
    ------
    InvalidExperimentError
        With one sentence that says what is wrong and what would be right.
    """
    try:
        return _validated(name, document)
    except MissingDownloadError as missing:
        raise MissingDownloadError(
            f"{missing}; `collapse-tui fetch {text.fetchable(name)}` fetches what is missing"
        ) from None


def _validated(name: str, document: Document) -> Experiment:
    unknown = [key for key in document if key not in text.TOP]
    if unknown:
        raise InvalidExperimentError(
            f"{unknown[0]} is no key of an experiment: {nearest(unknown[0], text.TOP)}"
        )
    top = configure(
        Top, "experiment", {key: document[key] for key in text.SCALARS if key in document}
    )
    if top.format != 1:
        raise InvalidExperimentError(
            f"format is {top.format}; this version of collapse-tui reads format 1"
        )
    for table in text.TABLES:
        if not isinstance(document.get(table, {}), dict):
            raise InvalidExperimentError(f"[{table}] must be a table of keys")
    for table in ("source", "engine"):
        if table not in document:
            raise InvalidExperimentError(f"the experiment has no [{table}] table")
    return _assembled(name, document, top)


def _assembled(name: str, document: Document, top: Top) -> Experiment:
    source = _source(document["source"])
    tables = {
        "engine": dict(document["engine"]),
        "policy": {"name": "replace"} | document.get("policy", {}),
        "schedule": {"name": "constant"} | document.get("schedule", {}),
    }
    source = build("engine", tables["engine"]).reads(source)
    _default_size(tables["schedule"], source)
    interventions = read_interventions(document.get("interventions", []))
    steps = tuple(setups(tables, top.seed, interventions))
    kinds_agree(source, steps[0][1].engine)
    metrics, left_out = chosen_metrics(document.get("metrics", {}), source, steps[0][1].engine)
    state = _kept_state(document, top, steps[0][1])
    read_claims(document.get("claims", []))
    resolved = _resolved(document, top, source, steps[0][1], metrics, state)
    experiment = Experiment(
        name, resolved, top, source, interventions, metrics, left_out, state, steps
    )
    check(experiment)
    return experiment


def _kept_state(document: Document, top: Top, setup: Setup) -> KeepState:
    values = dict(document.get("state", {}))
    if setup.engine.keeps_all:
        values.setdefault("keep", top.generations)
    return configure(KeepState, "state", values)


def _source(values: Mapping[str, Any]) -> Source:
    plain = {key: value for key, value in values.items() if key != "bins"}
    source = build("source", plain)
    if "bins" not in values:
        return source
    bins = values["bins"]
    if not text.is_table(bins):
        raise InvalidExperimentError("source.bins must be a table: {low, high, count}")
    if source.kind != "real":
        raise InvalidExperimentError(
            f"source.bins cuts one-dimensional numbers, but source {source.name!r} gives"
            f" {source.kind} data"
        )
    return BinnedSource(source, configure(Bins, "source.bins", bins))


def _default_size(schedule: dict[str, Any], source: Any) -> None:
    if "size" in schedule or schedule.get("name") == "list":
        return
    default = source.size or source.natural_size
    if default is None:
        raise InvalidExperimentError("schedule.size is missing: how many samples per generation?")
    schedule["size"] = default


def _resolved(
    document: Document,
    top: Top,
    source: Any,
    setup: Setup,
    metrics: tuple[str, ...],
    state: KeepState,
) -> Document:
    inner = getattr(source, "source", source)
    resolved: Document = top.model_dump()
    resolved["source"] = _dump(inner)
    if isinstance(source, BinnedSource):
        resolved["source"]["bins"] = dict(document["source"]["bins"])
    resolved["engine"] = _dump(setup.engine)
    resolved["policy"] = _dump(setup.policy)
    resolved["schedule"] = _dump(setup.schedule)
    resolved["metrics"] = {"names": list(metrics)}
    resolved["state"] = state.model_dump()
    for key in text.LISTS:
        if document.get(key):
            resolved[key] = document[key]
    return resolved


def _dump(config: Any) -> dict[str, Any]:
    return {"name": config.name} | _plain(config.model_dump(exclude_none=True))


def _plain(value: Any) -> Any:
    if text.is_table(value):
        return {key: _plain(item) for key, item in value.items()}
    if is_list(value):
        return [_plain(item) for item in value]
    return value
