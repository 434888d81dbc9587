"""What a step in flight has finished is handed back to it."""

from collections.abc import Generator
from typing import Any

import numpy as np

from engines.runtime.journal import Journal, finished_fit
from engines.runtime.step import Step


def test_a_journal_keeps_whole_results_alone_for_another_try() -> None:
    journal = Journal()

    def long(begun: Any) -> Generator[Step, None, dict[str, Any]]:
        yield Step(0.1, "half", {"half": np.array(1 if begun is None else 2)})
        return {"whole": np.array(3)}

    steps = journal.run("fit", long, dict, dict)
    assert next(steps).partial == {"fit/part/half": np.array(1)}
    told = [step.partial for step in steps]
    assert told == [{"fit/done/whole": np.array(3)}]
    half = journal.run("draw/1", long, dict, dict)
    partial = next(half).partial or {}
    assert partial.keys() == {"fit/done/whole", "draw/1/part/half"}
    assert finished_fit(partial).keys() == {"fit/done/whole"}
    assert next(Journal(partial).run("draw/1", long, dict, dict)).partial == {
        "fit/done/whole": np.array(3),
        "draw/1/part/half": np.array(2),
    }
