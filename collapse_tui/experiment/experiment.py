"""A validated experiment: the source, the settings at every step, the metrics and the device."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import itemgetter
from typing import Any

import tomli_w

from collapse_tui.experiment.claim import Claim
from collapse_tui.experiment.document import Document
from collapse_tui.experiment.end_condition import EndCondition
from collapse_tui.experiment.interventions import Intervention
from collapse_tui.experiment.knobs import Knob, knobs_of
from collapse_tui.experiment.sample_sizes import SampleSizes
from collapse_tui.experiment.schema import KeepState
from engines.base import Source
from engines.data import FORMS, Form
from engines.errors import InvalidExperimentError
from engines.policies.base import Needs
from engines.recursion import Recursion, Setup


@dataclass(frozen=True, eq=False)
class Experiment:
    """All that a run depends on; `resolve` makes it from a document, `edit` changes one thing.

    Attributes
    ----------
    name : str
        Name of the preset or file.
    document : dict
        The content of experiment.toml: every default filled in.
    title, paper, figure, watch : str
        What it shows in one line, the paper and figure that it reproduces, what to watch for.
    seed : int
        Seed of D_0, and of every step until an intervention changes it.
    generations, replicates : int
        G and R.
    source : Source
    interventions : tuple of Intervention
        In order of their steps.
    setups : tuple of (int, Setup)
        The settings in force from a step on; the engines compute on `device`.
    metric_names : tuple of str
    left_out : mapping of str to str
        Default metric of the engine that does not exist for this source → why; empty where
        the document names its metrics.
    state : KeepState
    claims : tuple of Claim
        What its paper reports, and what must hold.
    ends : tuple of EndCondition
        Conditions of which the first that is met ends the run.
    device : str
        ``"cpu"``, ``"cuda"``, ``"cuda:N"`` or ``"mps"``.
    """

    name: str
    document: Document
    title: str
    paper: str
    figure: str
    watch: str
    seed: int
    generations: int
    replicates: int
    source: Source
    interventions: tuple[Intervention, ...]
    setups: tuple[tuple[int, Setup], ...] = field(repr=False)
    metric_names: tuple[str, ...]
    left_out: Mapping[str, str]
    state: KeepState
    claims: tuple[Claim, ...]
    ends: tuple[EndCondition, ...] = ()
    device: str = "cpu"

    def setup(self, generation: int) -> Setup:
        """Return the settings in force at a step."""
        return self.setups[bisect_right(self.setups, generation, key=itemgetter(0)) - 1][1]

    def changes_at(self, step: int) -> bool:
        """Return whether an intervention changes more than the seed from a step on."""
        return any(
            item.at == step and set(item.settings) != {"seed"} for item in self.interventions
        )

    @cached_property
    def real_size(self) -> int:
        """M_0, the size of D_0."""
        source: Any = self.source
        return int(source.size or source.natural_size or self.setup(0).schedule.samples(0))

    @cached_property
    def sizes(self) -> SampleSizes:
        """M_0 … M_G."""
        schedules = [(at, setup.schedule) for at, setup in self.setups]
        return SampleSizes(self.real_size, schedules, self.generations)

    def spans(self, first: int, last: int) -> list[tuple[int, int, Setup]]:
        """Return the settings of generations `first` … `last`, with those where each holds."""
        starts = [at for at, _ in self.setups if first < at <= last]
        ends = [*(start - 1 for start in starts), last]
        return [
            (start, end, self.setup(start))
            for start, end in zip([first, *starts], ends, strict=True)
            if start <= end
        ]

    @cached_property
    def needs(self) -> Needs:
        """What the policies of the whole run need."""
        return reduce(Needs.__or__, (setup.policy.needs for _, setup in self.setups))

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

    def recursion(self) -> Recursion:
        """Return the loop that runs this experiment."""
        return Recursion(
            self.source, self.setup, self.replicates, self.real_size, self.form, self.needs
        )

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
