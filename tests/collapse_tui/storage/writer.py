"""Writes runs until it is killed: `writer.py append PATH R` or `writer.py create FOLDER`."""

import sys
from itertools import count
from pathlib import Path

from collapse_tui.storage.folder import RunFolder
from tests.collapse_tui.storage.conftest import make_folder, make_record, make_state


def append(path: Path, replicates: int) -> None:
    """Go on with the run at `path`, with a checkpoint after every fifth record."""
    with RunFolder.open(path) as folder:
        _say_ready()
        for number in count(folder.last + 1):
            folder.append(make_record(number, replicates), seconds=None)
            if number % 5 == 0:
                folder.save_checkpoint(number, make_state(number))


def create(parent: Path) -> None:
    """Make one run after another."""
    _say_ready()
    for number in count():
        path = parent / f"run-{number}"
        if not path.exists():
            make_folder(path, 150).close()


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "append":
        append(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        create(Path(sys.argv[2]))
