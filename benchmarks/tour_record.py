"""Make the record of a language model that the tour shows: ``python -m benchmarks.tour_record``.

It is a run of the preset without what only its computation needs: checkpoints, clock readings and
the machine that it ran on.
"""

import shutil
import tempfile
from pathlib import Path

from collapse_tui import load, run
from collapse_tui.storage import file_names as names

PRESET = "opt-tiny"
KEPT = (names.EXPERIMENT, names.RECORDS, names.VIEWS)
FOLDER = Path(__file__).parents[1] / "presets" / "tour" / PRESET


def main() -> None:
    """Run the preset and keep its record."""
    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / PRESET
        for _ in run(load(PRESET), folder=stored):
            pass
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        for name in KEPT:
            copy = shutil.copytree if (stored / name).is_dir() else shutil.copy
            copy(stored / name, FOLDER / name)


if __name__ == "__main__":
    main()
