"""A run as events of TensorBoard: a scalar for each statistic of each metric."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collapse_tui.optional_packages import require_extra
from collapse_tui.storage.saved import STATISTICS, SavedRun
from engines.arrays import even_indices
from engines.thresholds import STAGES

VERSION = "brain.Event:2"
"""The first event of every file says so."""
MOST_RECORDS = 20_000
"""Records that are written, evenly spaced of a longer run: TensorBoard shows a thousand."""


def write_events(run: SavedRun, target: Path) -> None:
    """Write ``<metric>/<statistic>`` and ``stage/<diagnosis>`` by generation, and the settings.

    Parameters
    ----------
    run : SavedRun
    target : Path

    Raises
    ------
    MissingPackageError
        Without tensorboardX.
    """
    require_extra("tensorboard", "events of TensorBoard (.tfevents) need")
    records: Any = importlib.import_module("tensorboardX.record_writer")
    writer = records.RecordWriter(str(target))
    try:
        for event in _events(run):
            writer.write(event.SerializeToString())
    finally:
        writer.close()


def _events(run: SavedRun) -> Iterator[Any]:
    protocol: Any = importlib.import_module("tensorboardX.proto.event_pb2")
    summary: Any = importlib.import_module("tensorboardX.summary")
    times = {line["generation"]: float(line["at"]) for line in run.timings() if "at" in line}
    start = times.get(0, 0.0)
    yield protocol.Event(wall_time=start, file_version=VERSION)
    settings = f"```toml\n{run.experiment_text}\n```"
    yield protocol.Event(wall_time=start, summary=summary.text("experiment.toml", settings))
    for record in run.pick(even_indices(run.last + 1, MOST_RECORDS).tolist()):
        step = record["generation"]
        event = protocol.Event(wall_time=times.get(step, start), step=step)
        for tag, value in _scalars(record):
            event.summary.value.add(tag=tag, simple_value=value)
        yield event


def _scalars(record: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield tag and value of what is defined: a file of events has no missing values."""
    for metric, statistics in record["summary"].items():
        for statistic in STATISTICS:
            value = statistics.get(statistic)
            if value is not None:
                yield f"{metric}/{statistic}", float(value)
    for stage in STAGES:
        yield f"stage/{stage}", float(record["stage"].get(stage, 0))
