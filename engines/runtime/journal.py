"""What a step in flight has finished, so that a kill costs minutes of it and not all.

A long computation tells now and then all that it needs to go on (`engines.base.Step.partial`).
The journal adds what was finished before it within the same step, and hands both back when
the step is begun again. Computations that never tell anything leave no trace here.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any, cast

from engines.arrays import Arrays
from engines.base import Step, mapped
from engines.neural.weights import below, shared, under

FIT = "fit/done"
"""Where a step keeps the whole result of its fit."""


def fitted(partial: Mapping[str, Any]) -> Arrays:
    """Return the fit that a step has finished, without draws and without what is in flight.

    Where a step is tried again in smaller chunks its draws come out otherwise, so that only the
    fit may be taken over.
    """
    own = under(FIT, below(FIT, partial))
    return (own | shared(partial)) if own else {}


class Journal:
    """The finished parts of one step.

    Parameters
    ----------
    kept : mapping of str to ndarray, or None
        `Step.partial` of the interrupted step, as the recursion gave it.
    """

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        self._kept: Arrays = dict(kept or {})

    def run(
        self,
        key: str,
        begin: Callable[[Arrays | None], Any],
        pack: Callable[[Any], Arrays],
        unpack: Callable[[Arrays], Any],
    ) -> Generator[Step, None, Any]:
        """Return the result of a computation, kept or computed from where it stopped.

        Parameters
        ----------
        key : str
            Its name within the step.
        begin : callable
            What it last told, or None → the result, or a generator of `Step`.
        pack, unpack : callable
            Result → arrays by name, and back.

        Yields
        ------
        Step
            With all that the whole step needs as its `partial`.
        """
        done, part = f"{key}/done", f"{key}/part"
        begun: Arrays | None = None
        if self._kept:
            whole = below(done, self._kept)
            if whole:
                return unpack(whole | shared(self._kept))
            begun = below(part, self._kept) or None
        steps = begin(begun)
        if not isinstance(steps, Generator):
            return steps
        last: Step | None = None

        def told(step: Step) -> Step:
            nonlocal last
            if step.partial is None:
                return step
            last = replace(step, partial=self._without(part) | under(part, step.partial))
            return last

        result = yield from mapped(cast("Generator[Step, None, Any]", steps), told)
        if last is not None:
            self._kept = self._without(part) | under(done, pack(result))
            yield replace(last, partial=dict(self._kept))
        return result

    def _without(self, prefix: str) -> Arrays:
        start = prefix + "/"
        return {name: a for name, a in self._kept.items() if not name.startswith(start)}
