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
"""Prefix of the arrays of a finished fit."""


def finished_fit(partial: Mapping[str, Any]) -> Arrays:
    """Return the arrays of the finished fit among those of an interrupted step; none without one.

    When a step is tried again in smaller chunks its draws come out differently, so that only
    the fit may be used again.
    """
    own = add_prefix(FIT, select_prefix(FIT, partial))
    return (own | absolute_arrays(partial)) if own else {}


class Journal:
    """The finished parts of one step.

    Parameters
    ----------
    stored : mapping of str to ndarray, or None
        The last `Step.partial` of the step if it was interrupted.
    """

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        self._stored: Arrays = dict(stored or {})

    def run(
        self,
        key: str,
        compute: Callable[[Arrays | None], Any],
        pack: Callable[[Any], Arrays],
        unpack: Callable[[Arrays], Any],
    ) -> Generator[Step, None, Any]:
        """Return the result of a computation: stored, or computed from where it was interrupted.

        Parameters
        ----------
        key : str
            Its name within the step.
        compute : callable
            Its last partial arrays or None → the result, or a generator of `Step`.
        pack, unpack : callable
            Result → arrays by name, and back.

        Yields
        ------
        Step
            Its `partial` holds all that the whole step can continue from.
        """
        done, part = f"{key}/done", f"{key}/part"
        partial: Arrays | None = None
        if self._stored:
            result = select_prefix(done, self._stored)
            if result:
                return unpack(result | absolute_arrays(self._stored))
            partial = select_prefix(part, self._stored) or None
        steps = compute(partial)
        if not isinstance(steps, Generator):
            return steps
        last: Step | None = None

        def add_finished_parts(step: Step) -> Step:
            nonlocal last
            if step.partial is None:
                return step
            last = replace(step, partial=self._without(part) | add_prefix(part, step.partial))
            return last

        result = yield from map_steps(cast("Generator[Step, None, Any]", steps), add_finished_parts)
        if last is not None:
            self._stored = self._without(part) | add_prefix(done, pack(result))
            yield replace(last, partial=dict(self._stored))
        return result

    def _without(self, prefix: str) -> Arrays:
        start = prefix + "/"
        return {name: a for name, a in self._stored.items() if not name.startswith(start)}
