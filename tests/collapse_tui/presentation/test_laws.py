"""Which law a metric is compared with, and what is said where none is left."""

from dataclasses import replace

import numpy as np
import pytest

from collapse_tui.charts.text import Span
from collapse_tui.events import Curve, Intervened, absent_after
from collapse_tui.presentation.captions import comparison
from collapse_tui.presentation.laws import explain_end_of_laws, rank_laws
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot

GENERATIONS = 20


def law(name: str, values: object, start: int = -1, variance: object = None) -> Curve:
    """Return an exact law of the mean of `variance`."""
    numbers = np.asarray(values, np.float64)
    scatter = None if variance is None else np.full(numbers.size, variance, np.float64)
    label = f"from the state at {start}" if start >= 0 else "mean, exact"
    return Curve(name, label, "variance", "mean", "exact", numbers, scatter, "", start)


def after(start: int, value: float, last: int = GENERATIONS) -> Curve:
    """Return a law from a state on that has one value."""
    values = np.full(GENERATIONS + 1, np.nan)
    values[start + 1 : last + 1] = value
    return law(f"given@{start}", values, start, 0.04)


def scene(*curves: Curve, shown: int | None = None, changed: dict[str, object] | None = None,
          absent: dict[str, str] | None = None) -> Scene:  # fmt: skip
    """Return a run of 16 records with 4 replicates, whose settings changed at step 9."""
    rows = np.zeros((16, len(STATISTICS)))
    rows[:, STATISTICS.index("mean")] = np.linspace(1, 2.5, 16)
    rows[:, STATISTICS.index("n")] = 4
    changes = (Intervened(9, changed or {"policy.fresh": 0.2}),)
    snapshot = Snapshot(
        generation=15, generations=GENERATIONS, series={"variance": rows}, curves=curves,
        absent=absent or {}, interventions=changes, labels={"policy.fresh": "λ real data"},
    )  # fmt: skip
    return Scene(snapshot, topics=("variance",), shown=shown, replicates=4)


def text(spans: list[Span]) -> str:
    """Return the words of spans."""
    return "".join(part for part, _ in spans)


def test_after_a_change_the_law_from_the_state_is_compared() -> None:
    whole, given = law("whole", np.full(21, 5.0)), after(8, 2.4)
    assert rank_laws([whole, given], 8)[0] is whole
    assert rank_laws([whole, given], 9)[0] is given
    said = text(comparison(scene(whole, given)))
    assert "from the state at 8 2.4" in said
    # mean 2.5, 4 runs with variance 0.04
    assert "z +1.0" in said
    assert "mean, exact" not in said
    assert "exact 5" in text(comparison(scene(whole, given, shown=8)))


def test_the_newest_state_comes_first_and_an_approximation_last() -> None:
    early, late = after(3, 1.0), after(8, 2.0)
    rough = replace(after(9, 3.0), status="approximation")
    ranked = rank_laws([early, rough, late], 12)
    assert [one.name for one in ranked] == ["given@8", "given@3", "given@9"]


def test_where_none_is_left_it_is_said_why() -> None:
    ended = np.where(np.arange(21) > 8, np.nan, 1.0)
    key = absent_after("variance", 8)
    said = text(comparison(scene(law("ended", ended), absent={key: "no law starts from a state"})))
    assert said.endswith("theory ends at 8: λ real data changed, and no law starts from a state")
    lost = text(comparison(scene(law("ended", ended))))
    assert lost.endswith("and the state at 8 was not kept")
    assert "theory ends" not in text(comparison(scene(law("ended", ended), shown=8)))


def test_it_ended_at_the_first_change_that_no_law_has_outlived() -> None:
    ended = law("ended", np.where(np.arange(21) > 8, np.nan, 1.0))
    again = scene(ended, absent={absent_after("variance", 8): "none starts"})
    changes = (*again.snapshot.interventions, Intervened(12, {"schedule.size": 5}))
    both = replace(again.snapshot, interventions=changes)
    assert explain_end_of_laws(both, "variance", 15) == (
        "theory ends at 8: λ real data changed, and none starts"
    )
    outlived = replace(both, curves=(after(8, 2.0, last=11),))
    assert explain_end_of_laws(outlived, "variance", 15).startswith("theory ends at 11: size")


def test_another_seed_ends_nothing() -> None:
    only_seed = scene(changed={"seed": 3}).snapshot
    assert explain_end_of_laws(only_seed, "variance", 12) == ""
    assert "theory ends at 8" in explain_end_of_laws(scene().snapshot, "variance", 12)


def test_it_is_drawn_from_what_was_recorded_there() -> None:
    chart = metric_chart(scene(after(8, 2.4)), "variance")
    [line] = [line for line in chart.lines if line.label == "from the state at 8"]
    assert line.x.tolist() == list(range(8, 21))
    assert line.y[0] == pytest.approx(1.8)
    assert (line.y[1:] == 2.4).all()
