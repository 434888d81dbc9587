"""A state as named arrays, and back: what a run folder stores to resume from.

Names below ``once/`` never change once written, so that a checkpoint of an
accumulating run writes one generation and not all of them.
"""

from collections.abc import Mapping

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import FORMS, Data, Points
from engines.policies.base import PastLaw
from engines.pools import PointPool, Pool, RunningPool
from engines.recursion import Recursion, State, in_form, union_of

Arrays = dict[str, FloatArray | IntArray]


def to_arrays(state: State) -> Arrays:
    """Return all that `state` needs, by name.

    Parameters
    ----------
    state : State

    Returns
    -------
    dict of str to ndarray
        float64 or int64 arrays.
    """
    arrays: Arrays = {}
    whole = state.training is state.union
    if not (whole and isinstance(state.pool, PointPool)):
        arrays |= _prefixed("training", state.training.arrays())
    arrays["training_is_union"] = np.array([int(whole)], dtype=np.int64)
    if state.model is not None:
        arrays |= _prefixed("model", state.model._asdict())
    if state.union is not None and not isinstance(state.union, Points):
        arrays |= _prefixed("union", state.union.arrays())
    if isinstance(state.pool, PointPool):
        for generation in range(len(state.pool.ends)):
            name = f"once/pool/{generation:06d}"
            arrays[name] = state.pool.chunk(generation)
    elif state.pool is not None:
        arrays |= _prefixed("pool", state.pool.total.arrays())
    for law in state.past:
        arrays |= _prefixed(f"once/past/{law.generation:06d}", law.model._asdict())
    return arrays


def from_arrays(
    arrays: Mapping[str, FloatArray | IntArray], generation: int, loop: Recursion
) -> State:
    """Return the state that `arrays` came from.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        As `to_arrays` gave them.
    generation : int
    loop : Recursion
        The recursion that the state belongs to.
    """
    engine = loop.setup(max(generation, 1)).engine
    fit_form, draw_form = FORMS[engine.fits], FORMS[loop.form]
    pool = _pool(arrays, draw_form)
    past = tuple(_past(arrays, number, loop) for number in _past_numbers(arrays))
    union: Data | None = None
    if loop.needs.union:
        stored = _group(arrays, "union")
        union = fit_form.restore(stored) if stored else _union_of_points(pool, fit_form)
    if arrays["training_is_union"][0] and union is not None:
        training = union
    else:
        training = in_form(fit_form.restore(_group(arrays, "training")), engine.fits)
    stored = _group(arrays, "model")
    model = getattr(engine, "model")(**stored) if stored else None  # noqa: B009 - no part of the protocol
    return State(generation, training, model, union, pool, past)


def _union_of_points(pool: Pool | None, form: type[Data]) -> Data | None:
    # None where an earlier policy did not keep the points: then the run is replayed.
    return union_of(pool) if isinstance(pool, PointPool) and form is Points else None


def _pool(arrays: Mapping[str, FloatArray | IntArray], form: type[Data]) -> Pool | None:
    chunks = [arrays[name] for name in sorted(arrays) if name.startswith("once/pool/")]
    if chunks:
        ends = tuple(int(end) for end in np.cumsum([chunk.shape[1] for chunk in chunks]))
        return PointPool(np.concatenate(chunks, axis=1).astype(np.float64, copy=False), ends)
    stored = _group(arrays, "pool")
    return RunningPool(form.restore(stored)) if stored else None


def _past_numbers(arrays: Mapping[str, FloatArray | IntArray]) -> list[int]:
    found = {int(name.split("/")[2]) for name in arrays if name.startswith("once/past/")}
    return sorted(found)


def _past(arrays: Mapping[str, FloatArray | IntArray], generation: int, loop: Recursion) -> PastLaw:
    setup = loop.setup(generation)
    fields = _group(arrays, f"once/past/{generation:06d}")
    model = getattr(setup.engine, "model")(**fields)  # noqa: B009 - no part of the protocol
    return PastLaw(generation, setup.engine, model, setup.policy)


def _prefixed(prefix: str, arrays: Mapping[str, FloatArray | IntArray]) -> Arrays:
    return {f"{prefix}/{name}": array for name, array in arrays.items()}


def _group(arrays: Mapping[str, FloatArray | IntArray], prefix: str) -> Arrays:
    start = prefix + "/"
    return {name.removeprefix(start): a for name, a in arrays.items() if name.startswith(start)}
