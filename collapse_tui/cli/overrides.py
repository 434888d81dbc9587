"""From options to an experiment: what was asked for, validated before anything is written."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collapse_tui.cli.errors import CommandError
from collapse_tui.experiment import document
from engines.neural.devices import NAMES

if TYPE_CHECKING:
    from collapse_tui.experiment.experiment import Experiment

GIVEN_NAME = re.compile(r"-\d{8}-\d{6}-[0-9a-f]{4}$")


def settings_of(assignments: Sequence[str], **options: str | None) -> dict[str, Any]:
    """Return dotted keys and their values.

    Parameters
    ----------
    assignments : sequence of str
        What ``--set`` got.
    **options : str or None
        Top-level keys that have an option of their own, which wins.
    """
    values = dict(document.parse_assignment(text) for text in assignments)
    chosen = {key: document.parse_value(text) for key, text in options.items() if text is not None}
    return values | chosen


def experiment_from(preset: str, settings: Mapping[str, Any]) -> "Experiment":
    """Return the experiment of a preset with some values changed."""
    from collapse_tui.experiment.loader import resolve  # the screen checks without it

    name, text = document.read(preset)
    return resolve(name, document.with_settings(text, settings))


def require_device(device: str) -> None:
    """Refuse what is no device; whether it is there is asked when the engine is known.

    Raises
    ------
    CommandError
    """
    if not NAMES.fullmatch(device):
        message = f"--device must be auto, cpu, cuda, cuda:N or mps, got {device!r}"
        raise CommandError(message)


def whole(text: str | None, option: str, *, least: int = 0) -> int | None:
    """Return the integer that an option means, None for none; 1e3 is 1000."""
    if text is None:
        return None
    value = document.parse_value(text)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        message = f"{option} must be an integer from {least} on, got {text!r}"
        raise CommandError(message)
    return value


def new_name(base: str) -> str:
    """Return the default name of a run folder: ``<base>-<date-time>-<4 hex>``.

    Parameters
    ----------
    base : str
        A preset's name, or a run's, whose own date is dropped.
    """
    stem = GIVEN_NAME.sub("", base)
    return f"{stem}-{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def runs_below(option: str | None) -> Path:
    """Return the runs folder: the option, else the variable, else the platform's."""
    from collapse_tui.storage import runs_folder

    return runs_folder(option)
