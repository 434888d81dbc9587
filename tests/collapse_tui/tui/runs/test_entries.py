"""What the picker lists: presets under what they show, then saved runs."""

from itertools import groupby
from pathlib import Path

import pytest

import presets
from collapse_tui.experiment.document import read
from collapse_tui.experiment.schema import GROUPS, group_of
from collapse_tui.tui.runs.entries import list_entries


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_says_what_one_sees(name: str) -> None:
    assert group_of(read(name)[1]) in set(GROUPS) - {"other"}


def test_entries_stand_under_their_groups_in_order(tmp_path: Path) -> None:
    entries = list_entries(tmp_path)
    assert [group for group, _ in groupby(entries, key=lambda entry: entry.group)] == list(GROUPS)[
        :-1
    ]
    assert all(entry.about == GROUPS[entry.group] for entry in entries)
    assert sorted(entry.name for entry in entries) == presets.names()
    borji = next(entry for entry in entries if entry.name == "borji")
    assert borji.run is not None
    assert borji.run.watch.startswith("The three modes merge")
    assert borji.line == borji.run.title


def test_a_file_without_a_group_or_with_another_is_listed_under_other() -> None:
    assert group_of({}) == group_of({"group": "mine"}) == group_of({"group": 3}) == "other"
