"""A state as named arrays and back: what a run folder stores to resume from.

Arrays below ``once/`` and ``weights/`` never change after they are written, so that a checkpoint
of an accumulating run adds one generation instead of all, and each network is stored only once.
Names ``once/<series>/<generation in six digits>`` are appended to one file a series.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engines.arrays import Arrays
from engines.data import FORMS, Data, Points
from engines.data.pool import PointPool, Pool, RunningPool
from engines.neural.weights import model_arrays, model_of
from engines.policies.base import PastLaw
from engines.recursion import Recursion, State, pool_union
from engines.runtime.array_names import absolute_arrays, add_prefix, select_prefix

PAST = "once/past/"
POOL = "once/pool/"
"""Prefixes of what is written once, followed by the generation."""


def to_arrays(state: State) -> Arrays:
    """Return the arrays of a state by name."""
    arrays = _models(state)
    whole = state.training is state.union
    if not (whole and isinstance(state.pool, PointPool)):
        arrays |= add_prefix("training", state.training.arrays())
    arrays["training_is_union"] = np.array([int(whole)], dtype=np.int64)
    if state.union is not None and not isinstance(state.union, Points):
        arrays |= add_prefix("union", state.union.arrays())
    if isinstance(state.pool, PointPool):
        for generation in range(len(state.pool.ends)):
            name = f"{POOL}{generation:06d}"
            arrays[name] = state.pool.chunk(generation)
    elif state.pool is not None:
        arrays |= add_prefix("pool", state.pool.total.arrays())
    return arrays


def _models(state: State) -> Arrays:
    models = {f"{PAST}{law.generation:06d}": law.model for law in state.past}
    models |= {"model": state.model, "reference": state.reference}
    arrays: Arrays = {}
    for prefix, model in models.items():
        if model is not None:
            arrays |= add_prefix(prefix, model_arrays(model))
    return arrays


def from_arrays(arrays: Mapping[str, Any], generation: int, loop: Recursion) -> State:
    """Return the state whose arrays `to_arrays` returned.

    Parameters
    ----------
    arrays : mapping of str to ndarray
    generation : int
    loop : Recursion
        The recursion that the state belongs to.
    """
    engine = loop.setup(max(generation, 1)).engine
    fit_form, draw_form = FORMS[engine.fits], FORMS[loop.form]
    pool = _pool(arrays, draw_form)
    union: Data | None = None
    if loop.needs.union:
        stored = select_prefix("union", arrays)
        union = fit_form.restore(stored) if stored else _union_of_points(pool, fit_form)
    if arrays["training_is_union"][0] and union is not None:
        training = union
    else:
        training = fit_form.restore(select_prefix("training", arrays))
    model = _model(arrays, "model", engine)
    reference = _model(arrays, "reference", loop.setup(1).engine)
    return State(generation, training, model, reference, union, pool, _past(arrays, loop))


def _union_of_points(pool: Pool | None, form: type[Data]) -> Data | None:
    # None where an earlier policy did not keep the points: then the run is replayed.
    return pool_union(pool) if isinstance(pool, PointPool) and issubclass(form, Points) else None


def _pool(arrays: Mapping[str, Any], form: type[Data]) -> Pool | None:
    chunks = [arrays[name] for name in sorted(arrays) if name.startswith(POOL)]
    if chunks:
        ends = tuple(int(end) for end in np.cumsum([chunk.shape[1] for chunk in chunks]))
        kind = form if issubclass(form, Points) else Points
        buffer = np.concatenate(chunks, axis=1).astype(kind.dtype, copy=False)
        return PointPool(buffer, ends, kind)
    stored = select_prefix("pool", arrays)
    return RunningPool(form.restore(stored)) if stored else None


def _past(arrays: Mapping[str, Any], loop: Recursion) -> tuple[PastLaw, ...]:
    # in one pass: there are as many models as generations
    models: dict[int, Arrays] = {}
    for name, array in arrays.items():
        if name.startswith(PAST):
            generation, _, rest = name.removeprefix(PAST).partition("/")
            models.setdefault(int(generation), {})[rest] = array
    absolute = absolute_arrays(arrays)
    past: list[PastLaw] = []
    for generation, stored in sorted(models.items()):
        setup = loop.setup(generation)
        model = model_of(setup.engine, stored | absolute)
        past.append(PastLaw(generation, setup.engine, model, setup.policy))
    return tuple(past)


def _model(arrays: Mapping[str, Any], prefix: str, engine: Any) -> Any:
    stored = select_prefix(prefix, arrays)
    return model_of(engine, stored | absolute_arrays(arrays)) if stored else None
