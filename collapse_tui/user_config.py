"""The user's own settings of the screen: what ``config.toml`` may say, read and checked."""

import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast, get_args

from collapse_tui.charts.spec import Marker
from collapse_tui.os_errors import explain_os_error
from collapse_tui.user_folders import user_folder
from engines.errors import CollapseError, nearest

VARIABLE = "COLLAPSE_TUI_CONFIG"
BELLS = ("off", "bell", "notification")
MARKERS: tuple[Marker, ...] = get_args(Marker)
LAYOUTS = range(1, 10)
FULL_SPEED = "max"

TEMPLATE = f"""\
# Settings of the screen of collapse-tui. Every line is optional; options of the command line
# come first, then this file, then what was chosen on the screen the last time.

# theme = "auto"        # auto, dark, light, ansi, or any theme of Textual
# marker = "braille"    # {", ".join(MARKERS)}: the characters of curves
# layout = 1            # the number key of the layout that a run opens with
# pace = 30             # generations a second, or "{FULL_SPEED}"; without it a run takes about 20 s
# bell = "off"          # {", ".join(BELLS)}: when a run ends

[keys]
# pause = "p"           # an action, and the key or list of keys that it gets instead of its own;
# leave = ["q", "x"]    # `collapse-tui config` lists the actions with their keys
"""


class ConfigError(CollapseError):
    """A ``config.toml`` that cannot be used; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class UserConfig:
    """The settings of one user.

    Attributes
    ----------
    theme : str or None
        None where the file does not say; so for all others.
    marker : str or None
    layout : int or None
        The number key of a layout.
    pace : float or None
        Generations a second, infinity for full speed.
    bell : str or None
        ``"off"``, ``"bell"`` or ``"notification"``: what tells that a run has ended.
    keys : dict of str to tuple of str
        Action → its keys.
    """

    theme: str | None = None
    marker: Marker | None = None
    layout: int | None = None
    pace: float | None = None
    bell: str | None = None
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


def config_path() -> Path | None:
    """Return where the settings are: `COLLAPSE_TUI_CONFIG`, else the user's configuration folder.

    None for a user without a home.
    """
    stated = os.environ.get(VARIABLE)
    if stated:
        return Path(stated).expanduser().absolute()
    folder = user_folder("config")
    return folder / "config.toml" if folder else None


def read_config() -> UserConfig:
    """Return the user's settings, all None where there is no file.

    Raises
    ------
    ConfigError
        If the file cannot be read, is not TOML, or has an unknown key or a wrong value.
    """
    path = config_path()
    if path is None:
        return UserConfig()
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return UserConfig()
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text") from None
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {explain_os_error(error)}") from None
    try:
        return parse_config(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None


def parse_config(document: Mapping[str, Any]) -> UserConfig:
    """Return the settings that a document states.

    Raises
    ------
    ValueError
        With the key, what was received and what would be right.
    """
    known = [one.name for one in fields(UserConfig)]
    for key in document:
        if key not in known:
            raise ValueError(f"unknown key {key!r}; {nearest(key, known)}")
    return UserConfig(**{key: _READERS[key](key, value) for key, value in document.items()})


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} must be a name in quotes, got {value!r}")
    return value


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def read(key: str, value: Any) -> str:
        if value not in choices:
            raise ValueError(f"{key} must be one of {', '.join(choices)}, got {value!r}")
        return value

    return read


def _layout(key: str, value: Any) -> int:
    if isinstance(value, bool) or value not in LAYOUTS:
        raise ValueError(f"{key} must be a whole number from 1 to {LAYOUTS[-1]}, got {value!r}")
    return value


def _pace(key: str, value: Any) -> float:
    if value == FULL_SPEED:
        return math.inf
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError(f'{key} must be a number above 0 or "{FULL_SPEED}", got {value!r}')
    return float(value)


def _keys(key: str, value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError(f"{key} must be a table of actions and keys, got {value!r}")  # noqa: TRY004
    table = cast("dict[str, Any]", value)
    return {action: _key_list(f"{key}.{action}", names) for action, names in table.items()}


def _key_list(key: str, value: Any) -> tuple[str, ...]:
    names = cast("list[Any]", value) if isinstance(value, list) else [value]
    words = [name.strip() for name in names if isinstance(name, str) and name.strip()]
    if not words or len(words) < len(names):
        raise ValueError(f"{key} must be a key or a list of keys, got {value!r}")
    return tuple(words)


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "theme": _text,
    "marker": _one_of(MARKERS),
    "layout": _layout,
    "pace": _pace,
    "bell": _one_of(BELLS),
    "keys": _keys,
}
