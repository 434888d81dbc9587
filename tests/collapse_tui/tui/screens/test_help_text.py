"""The last words on a run that is left."""

from dataclasses import replace
from pathlib import Path

from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.tui.screens.help_text import leave_message


def test_nothing_is_said_to_be_saved_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    failed = replace(Snapshot(), phase="failed", generation=3, folder=str(tmp_path))
    assert leave_message(failed)[-1] == f"collapse-tui resume {tmp_path} --screen"
    gone = str(tmp_path / "gone")
    assert leave_message(replace(failed, folder=gone)) == [
        "Ended after generation 3; the folder of the run is gone:", gone,
    ]  # fmt: skip
