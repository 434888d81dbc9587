"""From the texts of options to values and an experiment, checked before anything is written."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from collapse_tui.cli.errors import CommandError
from collapse_tui.experiment import document
from engines.neural.devices import NAMES

if TYPE_CHECKING:
    from collapse_tui.experiment.experiment import Experiment


def parse_settings(
    assignments: Sequence[str],
    options: Mapping[str, str | None],
    stop: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return dotted keys and their values.

    Parameters
    ----------
    assignments : sequence of str
        The values of ``--set``, each ``key=value``.
    options : dict of str to str or None
        Top-level keys that have an option of their own, which wins over ``--set``.
    stop : sequence of str or None
        The values of ``--stop``; they win over the key of that name.
    """
    values = dict(document.parse_assignment(text) for text in assignments)
    chosen = {key: document.parse_value(text) for key, text in options.items() if text is not None}
    return values | chosen | ({"stop": list(stop)} if stop else {})


def load_experiment(preset: str, settings: Mapping[str, Any]) -> "Experiment":
    """Return the experiment of a preset with some values changed."""
    from collapse_tui.experiment.loader import resolve  # the screen does not need it

    name, text = document.read(preset)
    return resolve(name, document.with_settings(text, settings), preset)


def check_device(device: str | None) -> None:
    """Refuse a name that is no device; None is fine.

    Whether the machine has the device is checked later, when the engine is known.

    Raises
    ------
    CommandError
    """
    if device is not None and not NAMES.fullmatch(device):
        raise CommandError(f"--device must be auto, cpu, cuda, cuda:N or mps, got {device!r}")


def parse_integer(text: str | None, option: str, *, least: int = 0) -> int | None:
    """Return the integer that an option was given, None without one; 1e3 is 1000.

    Raises
    ------
    CommandError
        If the text is no integer, or one below `least`.
    """
    if text is None:
        return None
    value = document.parse_value(text)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise CommandError(f"{option} must be an integer, at least {least}, got {text!r}")
    return value
