"""What a run would be, found out without running it: its form, its cost, or why it cannot be.

Nothing of the size of the run is allocated: the costs are added up from what each part says of
itself, and the law of a source is made only where it is small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import presets
from collapse_tui.experiment.calibration import machine_speed
from collapse_tui.experiment.capacity import describe_bytes, needed_bytes, needed_seconds
from collapse_tui.experiment.claim import read_claims
from collapse_tui.experiment.disk import disk_costs
from collapse_tui.experiment.document import Document, is_table, read, with_settings
from collapse_tui.experiment.downloads import downloads_of
from collapse_tui.experiment.examination import Examination
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.form import form_fields, metrics_field
from collapse_tui.experiment.form_field import FormField
from collapse_tui.experiment.loader import resolve, source_bytes
from collapse_tui.number_format import format_bytes, format_rough_duration
from engines.errors import CollapseError, InvalidExperimentError
from engines.external.hub import MissingDownloadError, seems_cached

MOST_SOURCE = 1e8
"""Bytes of a source's law above which the rest is left to the start of the run."""
MENTIONED = 1e6
"""Bytes of memory from which on they are mentioned."""
MENTIONED_DISK = 1e8
"""Bytes of the disk from which on they are mentioned."""
DEVICE = "device"
"""The key of the field that chooses the device: it is no setting of the experiment."""


def examine(preset: str, settings: Mapping[str, Any], device: str = "auto") -> Examination:
    """Return what a run of a preset with some settings changed would be.

    Parameters
    ----------
    preset : str
        A name, or the path of a TOML file.
    settings : mapping
        By dotted key; ``device`` among them stands for the argument.
    device : str
        What it would compute on.

    Raises
    ------
    InvalidExperimentError
        If there is no such preset; all else that is wrong is part of the answer.
    """
    name, document = read(preset)
    chosen = {key: value for key, value in settings.items() if key != DEVICE}
    named = {key: value for key, value in chosen.items() if key.endswith(".name")}
    fields, claims = list[FormField](), list[str]()
    try:
        fields = form_fields(_with_known(document, named))
        claims = [claim.text for claim in read_claims(document.get("claims", []))]
        changed = with_settings(document, chosen)
        large = _describe_large_source(changed)
        if large:
            return Examination(fields, claims, large)
        experiment = resolve(name, changed, preset)
        fields = [_with_default(one, experiment.document) for one in fields]
        fields += [metrics_field(experiment), *_device_fields(experiment, device)]
        wanted = str(settings.get(DEVICE, device))
        return Examination(fields, claims, describe_estimate(experiment, wanted))
    except CollapseError as error:
        lacks = isinstance(error, MissingDownloadError)
        at = _named_key(str(error), fields)
        return Examination(fields, claims, refusal=str(error), at=at, lacks_data=lacks)


def _with_default(one: FormField, document: Document) -> FormField:
    """Return a field with the value that a run takes where the preset has none."""
    if one.value is not None:
        return one
    value: Any = document
    for part in one.key.split("."):
        value = value.get(part) if is_table(value) else None
    return replace(one, value=value)


def describe_estimate(experiment: Experiment, device: str = "auto") -> str:
    """Return how large a run is and what it takes of this machine, in a line."""
    replicates = experiment.replicates
    plural = "s" if replicates > 1 else ""
    memory = needed_bytes(experiment)
    disk = sum(cost.memory for cost in disk_costs(experiment))
    parts = [
        f"{experiment.generations:,} generations × {replicates:,} replicate{plural}",
        _describe_time(experiment, device),
        f"{format_bytes(int(memory))} of memory" if memory >= MENTIONED else "",
        f"{format_bytes(int(disk))} of disk" if disk >= MENTIONED_DISK else "",
    ]
    return " · ".join(part for part in parts if part)


def _describe_time(experiment: Experiment, device: str) -> str:
    engine = experiment.setup(0).engine
    if device != "cpu" and len(engine.devices) > 1 and _accelerators(engine.devices):
        return "the time on a GPU is not estimated"
    seconds = needed_seconds(experiment) * machine_speed()
    core = " on one core" if len(engine.devices) > 1 else " at full speed"
    return f"{format_rough_duration(seconds)}{core}"


def _with_known(document: Document, named: Mapping[str, Any]) -> Document:
    """Return a document with other names of its tables, without those that are unknown."""
    try:
        return with_settings(document, named)
    except CollapseError:
        return document


def _describe_large_source(document: Document) -> str:
    """Return what is known of a run whose source is large; empty for any other."""
    values = document.get("source")
    if not is_table(values):
        return ""
    memory = source_bytes(values)
    if memory <= MOST_SOURCE:
        return ""
    return (
        f"the real data alone take about {describe_bytes(memory)}; all else is checked at the start"
    )


def _device_fields(experiment: Experiment, device: str) -> list[FormField]:
    """Return the field for the device, where there is more than one to choose from."""
    engine = experiment.setup(0).engine
    found = _accelerators(engine.devices)
    choices = {"auto": "the fastest that there is", "cpu": "", **dict.fromkeys(found, "")}
    if not found:
        return []
    return [FormField(DEVICE, "choice", device, "what it computes on", choices)]


def _accelerators(kinds: Sequence[str]) -> list[str]:
    """Return the accelerators of this machine that an engine runs on; slow the first time."""
    if set(kinds) <= {"cpu"}:
        return []
    from engines.neural.devices import accelerators

    return [name for name in accelerators() if name.partition(":")[0] in kinds]


def _named_key(sentence: str, fields: Sequence[FormField]) -> str:
    """Return the key of a field that a sentence names first, the longest of those there."""
    places = [(sentence.find(one.key), -len(one.key), one.key) for one in fields]
    named = [place for place in places if place[0] >= 0]
    return min(named)[2] if named else ""


def list_lacking() -> dict[str, str]:
    """Return the presets whose model or data are not on this machine: name → what to type."""
    return {name: f"collapse-tui fetch {name}" for name in presets.names() if _lacks_download(name)}


def _lacks_download(name: str) -> bool:
    try:
        _, document = read(name)
        if "dataset" not in document.get("source", {}) and "model" not in document["engine"]:
            return False
        return not all(map(seems_cached, downloads_of(document)))
    except InvalidExperimentError:  # what is wrong with it is said where it is examined
        return False
