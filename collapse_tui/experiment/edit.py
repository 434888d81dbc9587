"""An experiment with one thing changed; only what the change can affect is checked again."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from collapse_tui.experiment import document as text
from collapse_tui.experiment.checks import check_experiment
from collapse_tui.experiment.end_condition import EndCondition
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.interventions import read_interventions, setups_of
from collapse_tui.experiment.schema import Top
from collapse_tui.experiment.validation import build, configure
from engines.errors import InvalidExperimentError
from engines.neural.devices import choose_device


def with_intervention(experiment: Experiment, at: int, settings: Mapping[str, Any]) -> Experiment:
    """Return an experiment with one more intervention, and without the claims of its paper.

    Raises
    ------
    InvalidExperimentError
        If a setting may not be changed, or its value is wrong.
    """
    entry = {"at": at, "set": dict(settings)}
    entries = [*experiment.document.get("interventions", []), entry]
    return _checked(replace(experiment, claims=()), interventions=entries, claims=[])


def with_interventions_until(experiment: Experiment, step: int) -> Experiment:
    """Return an experiment without the interventions after a step."""
    kept = [item for item in experiment.interventions if item.at <= step]
    if len(kept) == len(experiment.interventions):
        return experiment
    entries = [{"at": item.at, "set": dict(item.settings)} for item in kept]
    return _checked(experiment, interventions=entries)


def without_interventions(experiment: Experiment) -> Experiment:
    """Return an experiment without its interventions, but for the first ones that it needs.

    A list of five sizes may run on as a constant schedule from generation 5: without that
    intervention there is no experiment.
    """
    for step in (0, *(item.at for item in experiment.interventions[:-1])):
        with suppress(InvalidExperimentError):
            return with_interventions_until(experiment, step)
    return experiment


def with_generations(experiment: Experiment, generations: int) -> Experiment:
    """Return an experiment with another number of generations.

    Raises
    ------
    InvalidExperimentError
        If it is not a number of generations, or a schedule or policy does not allow so many.
    """
    number = configure(Top, "experiment", {"generations": generations}).generations
    return _checked(replace(experiment, generations=number), generations=number)


def with_ends(experiment: Experiment, ends: Iterable[EndCondition]) -> Experiment:
    """Return an experiment that ends by other conditions; it must measure their metrics."""
    chosen = tuple(ends)
    return _checked(replace(experiment, ends=chosen), stop=[str(each) for each in chosen])


def on_device(experiment: Experiment, wanted: str) -> Experiment:
    """Return an experiment that computes on a device.

    Parameters
    ----------
    experiment : Experiment
    wanted : str
        ``"auto"`` (the fastest that its engine can use here), ``"cpu"``, ``"cuda"``,
        ``"cuda:N"`` or ``"mps"``.

    Raises
    ------
    InvalidExperimentError
        If its engine does not run on the device, or this machine has no such device.
    """
    engine = experiment.setup(0).engine
    device = choose_device(wanted, engine.name, engine.devices)
    setups = tuple(
        (at, replace(setup, engine=setup.engine.on_device(device)))
        for at, setup in experiment.setups
    )
    return replace(experiment, device=device, setups=setups)


def with_device_settings(experiment: Experiment, device: str) -> Experiment:
    """Return an experiment whose engine's keys that depend on the device are fixed for it."""
    keys = experiment.setup(0).engine.device_settings(device)
    if not keys:
        return experiment
    fixed = _checked(experiment, engine=experiment.document["engine"] | keys)
    return replace(fixed, left_out=experiment.left_out)


def _checked(experiment: Experiment, **entries: Any) -> Experiment:
    """Return an experiment with other tables, lists or values in its document, validated."""
    merged = experiment.document | entries
    document = {key: merged[key] for key in text.TOP if key not in text.LISTS or merged.get(key)}
    first = experiment.setup(0)
    if "engine" in entries:
        first = replace(
            first, engine=build("engine", document["engine"]).on_device(experiment.device)
        )
    interventions = read_interventions(document.get("interventions", []))
    changed = replace(
        experiment,
        document=document,
        left_out={},  # the document names its metrics
        interventions=interventions,
        setups=setups_of(document, first, interventions, experiment.device),
    )
    check_experiment(changed)
    return changed
