"""A run in the formats of other programs, chosen by the suffix of the file.

==================  ================================================================
``.csv``            one row a generation: ``<metric>_<statistic>`` over the replicates
                    (n, mean, var, q05 … q95) and ``stage_<diagnosis>`` counts
``.replicates.csv`` one row a generation and replicate, one column a metric
``.parquet``        the same rows; undefined is null; the experiment is in its metadata
``.json``           name, experiment, provenance and the records as they are stored
                    (above 100 replicates without their values: use the others)
``.npz``            ``generation`` (records,), ``<metric>`` (records, R),
                    ``<metric>_<statistic>`` and ``stage_<diagnosis>`` (records,)
``.tfevents``       TensorBoard's events: scalars ``<metric>/<statistic>``, ``stage/<diagnosis>``
==================  ================================================================

What is undefined is an empty field, null or NaN. Infinities are kept above 100 replicates;
up to 100 the record's line holds null for them, and its flags say which.
"""

import csv
import importlib
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from collapse_tui.storage.column_file import ColumnFile
from collapse_tui.storage.encoding import finite
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.file_names import is_own_name, is_temporary
from collapse_tui.storage.files import replacement, translate_os_errors
from collapse_tui.storage.layout import is_run
from collapse_tui.storage.saved import STATISTICS, SavedRun, summaries_of
from collapse_tui.visible_text import to_visible
from engines.thresholds import STAGES

Writer = Callable[[SavedRun, Path], None]

_ROWS_AT_ONCE = 1 << 14
_WITH_VALUES = {".replicates.csv", ".npz", ".parquet"}
_WITH_EXPERIMENT = {".json", ".parquet", ".tfevents"}
"""Suffixes of exports that hold values of single replicates; that hold the experiment."""


def export(
    run: SavedRun,
    target: Path,
    *,
    more: Mapping[str, Writer] = MappingProxyType({}),
    force: bool = False,
) -> tuple[str, ...]:
    """Write what is complete of `run` to `target`; a kill leaves no half of a file.

    Parameters
    ----------
    run : SavedRun
    target : Path
        Its suffix names the format, see the module.
    more : dict of str to callable
        Suffix → what writes it: formats that are not known here.
    force : bool
        Whether a file already there may be replaced.

    Returns
    -------
    tuple of str
        What is wrong with files of the run that the export does not need, one sentence each.
    """
    writers = {**_WRITERS, **more}
    end = next((end for end in writers if target.name.lower().endswith(end)), None)
    if end is None:
        raise ExportError(
            f"{target} must end in one of {' '.join(writers)}, got {target.suffix or 'no suffix'}"
        )
    check_target(target, force=force)
    notes = run.verify_records(values=end in _WITH_VALUES)
    if end in _WITH_EXPERIMENT:
        run.verify_experiment()
    write_target(target, lambda path: writers[end](run, path))
    return notes


def check_target(target: Path, *, force: bool) -> None:
    """Raise ExportError if a file of that name cannot be written, or must not be.

    Parameters
    ----------
    target : Path
    force : bool
        Whether a file already there may be replaced.
    """
    if target.is_dir():
        raise ExportError(f"{target} is a folder; give the name of a file in it")
    _refuse_files_of_runs(target)
    if target.exists() and not force:
        raise ExportError(f"{target} already exists; choose another name, or --force to replace it")
    if not target.absolute().parent.is_dir():
        raise ExportError(f"{target.absolute().parent} is not a folder; make it first")


def write_target(target: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place and rename it; a kill leaves no half of a file.

    Parameters
    ----------
    target : Path
    write : callable
        Gets the path to write; errors of the system name `target`.
    """
    mark = f"partial-{os.getpid()}"
    with translate_os_errors(target), replacement(target, mark) as temporary:
        write(temporary)


def _refuse_files_of_runs(target: Path) -> None:
    """Raise ExportError if a run, this or another, has or may get a file of that name itself."""
    place = target.expanduser().absolute().parent.resolve() / target.name
    for folder in place.parents:
        name = place.relative_to(folder).as_posix()
        if (is_own_name(name) or is_temporary(name)) and is_run(folder):
            raise ExportError(
                f"{target} is the name of a file of the run in {folder}; choose another name"
            )


def _spans(run: SavedRun) -> Iterator[tuple[int, int]]:
    """Yield ranges of records that fit in memory; all end at the last of this moment."""
    count = run.last + 1
    step = max(1, _ROWS_AT_ONCE // run.layout.replicates)
    for start in range(0, count, step):
        yield start, min(start + step, count)


def _field(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else repr(value)


def _summary_csv(run: SavedRun, target: Path) -> None:
    count = run.last + 1
    columns = [(metric, statistic) for metric in run.metric_names for statistic in STATISTICS]
    with target.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        header = [f"{metric}_{statistic}" for metric, statistic in columns]
        table.writerow(["generation", *header, *(f"stage_{stage}" for stage in STAGES)])
        for record in run.records(0, count):
            summary, counts = record["summary"], record["stage"]
            numbers = [_field(summary[metric].get(statistic)) for metric, statistic in columns]
            table.writerow([record["generation"], *numbers, *(counts.get(s, 0) for s in STAGES)])


def _replicates_csv(run: SavedRun, target: Path) -> None:
    with target.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["generation", "replicate", *run.metric_names])
        for start, stop in _spans(run):
            columns = list(run.columns(start, stop).values())
            for row in range(stop - start):
                fields = ([_field(value) for value in column[row].tolist()] for column in columns)
                for replicate, numbers in enumerate(zip(*fields, strict=True)):
                    table.writerow([start + row, replicate, *numbers])


def _json(run: SavedRun, target: Path) -> None:
    head = {
        "format": 1,
        "name": run.name,
        "experiment": _plain(run.document),
        "provenance": finite(run.provenance),
    }
    count = run.last + 1
    with target.open("w", encoding="utf-8") as file:
        text = json.dumps(head, ensure_ascii=False, allow_nan=False)
        # as escapes, which mean the same, so that the file can be looked at in a terminal
        file.write(to_visible(text[:-1]) + ', "records": [')
        # the stored lines as they are: their numbers pass through no second conversion
        for number, line in enumerate(run.lines(0, count)):
            file.write(",\n" * (number > 0) + line.decode().rstrip("\n"))
        file.write("]}\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    if isinstance(value, list):
        return [_plain(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float) else str(value)


def _npz(run: SavedRun, target: Path) -> None:
    columns = [(metric, statistic) for metric in run.metric_names for statistic in STATISTICS]
    stages = [f"stage_{stage}" for stage in STAGES]
    widths: dict[str, int | None] = {"generation": None}
    widths |= dict.fromkeys(run.metric_names, run.layout.replicates)
    widths |= {f"{metric}_{statistic}": None for metric, statistic in columns}
    widths |= dict.fromkeys(stages)
    integers = frozenset(["generation", *stages])
    with ColumnFile(target.parent, run.last + 1, widths, integers) as file:
        for start, stop in _spans(run):
            records = list(run.records(start, stop))
            file.put("generation", start, np.arange(start, stop))
            for metric, values in run.columns(start, stop, records).items():
                file.put(metric, start, values)
            for metric, statistics in summaries_of(records, run.metric_names).items():
                for statistic, values in statistics.items():
                    file.put(f"{metric}_{statistic}", start, values)
            for stage, name in zip(STAGES, stages, strict=True):
                counts = [record["stage"].get(stage, 0) for record in records]
                file.put(name, start, np.array(counts))
        file.write_npz(target)


def _parquet(run: SavedRun, target: Path) -> None:
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    columns = [(metric, arrow.float64()) for metric in run.metric_names]
    schema = arrow.schema(
        [("generation", arrow.int64()), ("replicate", arrow.int32()), *columns],
        metadata={"experiment.toml": run.experiment_text, "name": run.name},
    )
    replicates = np.arange(run.layout.replicates, dtype=np.int32)
    with parquet.ParquetWriter(os.fspath(target), schema) as writer:
        for start, stop in _spans(run):
            generation = np.repeat(np.arange(start, stop), replicates.size)
            replicate = np.tile(replicates, stop - start)
            values = (column.ravel() for column in run.columns(start, stop).values())
            # from_pandas: NaN becomes null, infinities stay
            data = [arrow.array(each, from_pandas=True) for each in values]
            batch = [arrow.array(generation), arrow.array(replicate), *data]
            writer.write_table(arrow.Table.from_arrays(batch, schema=schema))


def _tfevents(run: SavedRun, target: Path) -> None:
    from collapse_tui.storage.tensorboard_export import write_events

    write_events(run, target)


_WRITERS: dict[str, Writer] = {
    ".replicates.csv": _replicates_csv,
    ".csv": _summary_csv,
    ".json": _json,
    ".npz": _npz,
    ".parquet": _parquet,
    ".tfevents": _tfevents,
}
DATA_SUFFIXES = tuple(_WRITERS)
"""The formats that are known here."""
