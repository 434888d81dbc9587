"""Records of a run that are already on disk, as events."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collapse_tui.events import Generation


def read_stored_events(folder: Path, last: int) -> Iterator[Generation]:
    """Yield the records 0 … `last` of a run folder.

    Parameters
    ----------
    folder : Path
    last : int

    Yields
    ------
    Generation
        Without the numbers of single replicates, which the screen does not show.
    """
    from collapse_tui.storage.saved import SavedRun

    saved = SavedRun.open(folder)
    for record in saved.records(0, last + 1):
        n = int(record["generation"])
        summary: dict[str, dict[str, Any]] = {
            metric: {key: math.nan if value is None else value for key, value in row.items()}
            for metric, row in record["summary"].items()
        }
        yield Generation(
            n, {}, summary, record.get("stage", {}), record.get("flags", {}), saved.view(n)
        )
