"""The recursion: fit a model, sample it, form the next training set, repeat.

    real data D_0 ──fit──▶ model 1 ──sample, as the policy says──▶ D_1 ──fit──▶ model 2 ──▶ …

T_0 = D_0 is real. Step n fits model n on T_{n-1}, draws D_n with M_n points, and the policy
forms T_n. Every paper's system is this loop with another source, engine, policy, schedule or
metric; the loop knows none of them by name.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from functools import partial as bind
from typing import Any

from engines.arrays import Arrays, BoolArray
from engines.base import Context, EngineConfig, Source
from engines.data import FORMS, Data, Form, Points
from engines.data.pool import PointPool, Pool, new_pool
from engines.laws.law import Law
from engines.neural.weights import model_arrays, model_of
from engines.policies.base import Needs, PastLaw, Policy, PolicyContext
from engines.runtime.journal import Journal
from engines.runtime.step import Step
from engines.schedules import Schedule
from engines.streams import Streams


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings in force at one step: base values and interventions up to it."""

    engine: EngineConfig
    policy: Policy
    schedule: Schedule
    seed: int


@dataclass(frozen=True, slots=True)
class State:
    """Everything that step n + 1 needs.

    Attributes
    ----------
    generation : int
        n.
    training : Data
        T_n as the fit takes it.
    model : object or None
        Model n, where it is kept (`EngineConfig.keeps_model`).
    reference : object or None
        Model 1, where metrics describe later data by it (`EngineConfig.keeps_reference`).
    union : Data or None
        D_0 ∪ … ∪ D_n as the fit takes it, where a policy needs it.
    pool : Pool or None
        D_0 … D_n as drawn, where a policy needs them.
    past : tuple of PastLaw
        p_1 … p_n, where a policy needs them.
    """

    generation: int
    training: Data
    model: Any = None
    reference: Any = None
    union: Data | None = None
    pool: Pool | None = None
    past: tuple[PastLaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one generation is measured by.

    Attributes
    ----------
    generation : int
        n.
    law : Law
        The law of model n; at generation 0 that of the source or of a pretrained model.
    drawn : Data
        D_n.
    streams : Streams
        Random streams of generation n.
    remarks : mapping of str to str
        Flags of the fit for the record.
    reference : Law or None
        The law of model 1 where the engine keeps it; None at generation 0.
    diverged : ndarray of bool, shape (R,), or None
        Replicates whose training diverged.
    """

    generation: int
    law: Law
    drawn: Data
    streams: Streams
    remarks: Mapping[str, str] = field(default_factory=dict[str, str])
    reference: Law | None = None
    diverged: BoolArray | None = None


@dataclass(frozen=True, eq=False)
class Recursion:
    """The loop for one source, one engine and R replicates.

    Attributes
    ----------
    source : Source
    setup : callable
        Generation → the settings in force at that step.
    replicates : int
        R.
    size : int
        M_0.
    form : Form
        Form in which data are drawn; it is the same throughout a run.
    needs : Needs
        What must be kept for the policies of the whole run.
    """

    source: Source
    setup: Callable[[int], Setup]
    replicates: int
    size: int
    form: Form
    needs: Needs

    @cached_property
    def law(self) -> Law:
        """The law p_0."""
        return self.source.law()

    @cached_property
    def real(self) -> Data:
        """D_0 as drawn; it depends on the first seed only."""
        streams = Streams(self.setup(0).seed, 0)
        return self.source.real(self.size, self.replicates, self.form, streams)

    def start(self) -> tuple[State, Outcome]:
        """Return the state and the outcome of generation 0."""
        engine = self.setup(1).engine
        training = FORMS[engine.fits].of(self.real)
        has_points = isinstance(training, Points)
        union: Data | None = None
        pool: Pool | None = None
        if self.needs.union:
            union = training.sort() if has_points else training
        if self.needs.pool or (self.needs.union and has_points):
            pool = new_pool(self.real)
        law = engine.initial_law(self.law)
        outcome = Outcome(0, law, self.real, Streams(self.setup(0).seed, 0))
        return State(0, training, union=union, pool=pool), outcome

    def step(
        self, state: State, partial: Arrays | None = None
    ) -> Generator[Step, None, tuple[State, Outcome]]:
        """Run step n = state.generation + 1.

        Parameters
        ----------
        state : State
        partial : mapping of str to ndarray, or None
            The last `Step.partial` of this step if it was interrupted.

        Yields
        ------
        Step
            Progress of long fits and draws.

        Returns
        -------
        tuple of (State, Outcome)
        """
        n = state.generation + 1
        setup = self.setup(n)
        engine, policy = setup.engine, setup.policy
        streams = Streams(setup.seed, n)
        journal = Journal(partial)

        def fit(part: Arrays | None) -> Any:
            context = Context(streams, state.model, self.real, part, self.law)
            return engine.fit(state.training, context)

        model = yield from journal.run("fit", fit, model_arrays, bind(model_of, engine))
        context = PolicyContext(
            generation=n,
            size=setup.schedule.samples(n),
            replicates=self.replicates,
            form=self.form,
            engine=engine,
            source=self.source,
            law=self.law,
            model=model,
            streams=streams,
            real=self.real,
            past=state.past,
            journal=journal,
        )
        drawn = yield from policy.draw(context)
        after = self._next_state(state, context, policy, drawn)
        remarks = engine.remarks(model)
        law = engine.law(model, self.law)
        reference = None
        if after.reference is not None:
            # Model 1 keeps the settings of step 1, but not its chunks, which fit a device's memory.
            first = self.setup(1).engine.with_chunk_of(engine)
            reference = law if n == 1 else first.law(after.reference, self.law)
        diverged = engine.divergence(model)
        return after, Outcome(n, law, drawn, streams, remarks, reference, diverged)

    def _next_state(
        self, state: State, context: PolicyContext, policy: Policy, drawn: Data
    ) -> State:
        n, engine, model = context.generation, context.engine, context.model
        form = FORMS[engine.fits]
        usable = form.of(drawn)
        union = None if state.union is None else state.union.union(usable)
        pool = None if state.pool is None else state.pool.append(drawn)  # pyright: ignore[reportArgumentType]
        if union is not None or pool is not None:
            context = replace(context, union=union, pool=pool)
        trained = policy.train(context, drawn)
        past = state.past
        if self.needs.past:
            past = (*past, PastLaw(n, engine, model, policy))
        return State(
            generation=n,
            training=usable if trained is drawn else form.of(trained),
            model=model if engine.keeps_model else None,
            reference=model if engine.keeps_reference and n == 1 else state.reference,
            union=union,
            pool=pool,
            past=past,
        )


def pool_union(pool: PointPool) -> Points:
    """Return D_0 ∪ … ∪ D_n from a pool of points, sorted if one-dimensional."""
    return pool.kind.of_rows(pool.points).sort()
