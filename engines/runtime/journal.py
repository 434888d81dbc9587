"""The finished parts of one step of the recursion, so that a kill loses minutes and not the step.

A long computation yields from time to time the arrays that it can continue from
(`engines.runtime.step.Step.partial`). The journal adds the results of the computations that
were finished earlier in the same step, and returns both when the step is started again.
Computations that yield no partial arrays are not stored.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any, cast

from engines.arrays import Arrays
from engines.runtime.array_names import absolute_arrays, add_prefix, select_prefix
from engines.runtime.step import Step, map_steps

FIT = "fit/done"
"""Where a step keeps the whole result of its fit."""


def finished_fit(partial: Mapping[str, Any]) -> Arrays:
    """Return the fit that a step has finished, without draws and without what is in flight.

    Where a step is tried again in smaller chunks its draws come out otherwise, so that only the
    fit may be taken over.
    """
    own = add_prefix(FIT, select_prefix(FIT, partial))
    return (own | absolute_arrays(partial)) if own else {}


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
            whole = select_prefix(done, self._kept)
            if whole:
                return unpack(whole | absolute_arrays(self._kept))
            begun = select_prefix(part, self._kept) or None
        steps = begin(begun)
        if not isinstance(steps, Generator):
            return steps
        last: Step | None = None

        def told(step: Step) -> Step:
            nonlocal last
            if step.partial is None:
                return step
            last = replace(step, partial=self._without(part) | add_prefix(part, step.partial))
            return last

        result = yield from map_steps(cast("Generator[Step, None, Any]", steps), told)
        if last is not None:
            self._kept = self._without(part) | add_prefix(done, pack(result))
            yield replace(last, partial=dict(self._kept))
        return result

    def _without(self, prefix: str) -> Arrays:
        start = prefix + "/"
        return {name: a for name, a in self._kept.items() if not name.startswith(start)}
