"""How the saved runs are arranged: sorted, filtered, grouped, marked and pinned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from collapse_tui.presentation.comparison import LETTERS
from collapse_tui.presentation.run_columns import (
    Group,
    RunColumn,
    group_rows,
    make_columns,
    match_rows,
    order_rows,
)
from collapse_tui.presentation.run_rows import RunRow


@dataclass
class RunArrangement:
    """What the user has chosen of a list of runs.

    Attributes
    ----------
    wanted : str
        Words that must hold of a run.
    sorted_by : str
        Key of a column.
    falling : bool
        The largest value stands first.
    group : str
        Dotted key that runs are grouped by, empty for none.
    metric : str
        The metric shown, empty for the first one of each run.
    marks : list of Path
        In the order in which they were marked.
    pins : set of Path
        They stand first.
    """

    wanted: str = ""
    sorted_by: str = "date"
    falling: bool = True
    group: str = ""
    metric: str = ""
    marks: list[Path] = field(default_factory=list[Path])
    pins: set[Path] = field(default_factory=set[Path])

    @property
    def columns(self) -> Sequence[RunColumn]:
        """All columns."""
        return make_columns(self.metric)

    @property
    def letters(self) -> Mapping[Path, str]:
        """Marked runs and their letters, empty for those beyond the last one."""
        rest = [""] * max(0, len(self.marks) - len(LETTERS))
        return dict(zip(self.marks, [*LETTERS, *rest], strict=False))

    def arrange(self, rows: Iterable[RunRow]) -> list[Group]:
        """Return the rows that are wanted, in order and in groups; marks of gone runs go."""
        every = list(rows)
        there = {row.path for row in every}
        self.marks = [path for path in self.marks if path in there]
        column = next(one for one in self.columns if one.key == self.sorted_by)
        found = order_rows(match_rows(every, self.wanted), column, reverse=self.falling)
        found.sort(key=lambda row: row.path not in self.pins)
        return group_rows(found, self.group)

    def sort_by(self, key: str) -> None:
        """Sort by a column; by the one in force, the other way round."""
        if key == self.sorted_by:
            self.falling = not self.falling
            return
        self.sorted_by = key
        self.falling = next(one.falling for one in self.columns if one.key == key)

    def sort_by_next(self, shown: Sequence[RunColumn]) -> None:
        """Sort by the column to the right of the one in force."""
        keys = [column.key for column in shown]
        at = keys.index(self.sorted_by) if self.sorted_by in keys else -1
        self.sort_by(keys[(at + 1) % len(keys)])

    def toggle_mark(self, path: Path) -> None:
        """Mark a run, or take its mark away."""
        if path in self.marks:
            self.marks.remove(path)
        else:
            self.marks.append(path)

    def toggle_pin(self, path: Path) -> bool:
        """Pin a run, or take its pin away; return whether it is pinned now."""
        self.pins ^= {path}
        return path in self.pins

    def choose_metric(self, step: int, known: Sequence[str]) -> None:
        """Choose the metric that is `step` further, with "the first one of each run" among them."""
        names = ["", *known]
        at = names.index(self.metric) if self.metric in names else 0
        self.metric = names[(at + step) % len(names)]
