"""The settings that the screen starts with: options first, then config.toml, then the last time."""

from dataclasses import dataclass, field

from textual.theme import BUILTIN_THEMES

from collapse_tui.charts.spec import Marker
from collapse_tui.terminal_colours import Background, Depth
from collapse_tui.tui.keys import LIVE_ACTIONS, Action, remap_actions
from collapse_tui.tui.remembered import Remembered
from collapse_tui.tui.themes import DARK, LIGHT, NAMES
from collapse_tui.user_config import (
    BELLS,
    LAYOUTS,
    MARKERS,
    ConfigError,
    UserConfig,
    config_path,
    read_config,
)
from engines.errors import nearest

KNOWN_THEMES = (*NAMES, *BUILTIN_THEMES, DARK.name, LIGHT.name)


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """What is in force as the screen starts.

    Attributes
    ----------
    theme : str
    marker : str
    layout : int
        The number key of the layout.
    pace : float or None
        Generations a second; None lets a run take about 20 s.
    bell : str
        ``"off"``, ``"bell"`` or ``"notification"``.
    actions : tuple of Action
        Those of the live screen, with the user's keys.
    remembered : Remembered
        Where what is chosen on the screen is kept for the next time.
    depth : str
        How many colours the terminal shows.
    background : str
        Of the terminal.
    """

    theme: str = "dark"
    marker: Marker = "braille"
    layout: int = LAYOUTS[0]
    pace: float | None = None
    bell: str = BELLS[0]
    actions: tuple[Action, ...] = LIVE_ACTIONS
    remembered: Remembered = field(default_factory=lambda: Remembered(None))
    depth: Depth = "truecolor"
    background: Background = "dark"


def resolve_settings(
    theme: str | None = None, marker: Marker | None = None, *, unicode: bool = True
) -> ScreenSettings:
    """Return the settings in force.

    Parameters
    ----------
    theme, marker : str or None
        Options of the command line.
    unicode : bool
        Whether the terminal takes more than ASCII; if it does not, only an option or the file
        asks for another marker than ``"ascii"``.

    Raises
    ------
    ConfigError
        If the file or a key in it cannot be used.
    """
    config, remembered = read_config(), Remembered.of_user()
    last = remembered.read()
    chosen = config.theme or (last.get("theme") if last.get("theme") in KNOWN_THEMES else None)
    usual = last["marker"] if unicode and last.get("marker") in MARKERS else None
    usual = usual or ("braille" if unicode else "ascii")
    layout = last["layout"] if last.get("layout") in LAYOUTS else LAYOUTS[0]
    return ScreenSettings(
        theme or _check_theme(config) or chosen or NAMES[0],
        marker or config.marker or usual,
        config.layout or layout,
        config.pace,
        config.bell or BELLS[0],
        _remap(config),
        remembered,
    )


def _check_theme(config: UserConfig) -> str | None:
    if config.theme is not None and config.theme not in KNOWN_THEMES:
        known = nearest(config.theme, KNOWN_THEMES)
        raise ConfigError(f"{config_path()}: there is no theme {config.theme!r}; {known}")
    return config.theme


def _remap(config: UserConfig) -> tuple[Action, ...]:
    try:
        return remap_actions(LIVE_ACTIONS, config.keys)
    except ConfigError as error:
        raise ConfigError(f"{config_path()}: {error}") from None


def check_settings() -> None:
    """Raise ConfigError if the file of the user's settings cannot be used."""
    resolve_settings()


def describe_settings() -> list[str]:
    """Return the settings in force, and the actions with their keys, one a line."""
    settings, path = resolve_settings(), config_path()
    there = path is not None and path.exists()
    pace = "a run takes about 20 s" if settings.pace is None else f"{settings.pace:g} a second"
    rows = {
        "theme": settings.theme,
        "marker": settings.marker,
        "layout": settings.layout,
        "pace": pace.replace("inf a second", "full speed"),
        "bell": settings.bell,
    }
    actions = settings.actions
    width = max(len(action.id) for action in actions)
    state = "" if there else " (not there: everything is as at first)"
    return [
        f"{path or 'no folder for settings'}{state}",
        "",
        *(f"{name:8}{value}" for name, value in rows.items()),
        "",
        "[keys]",
        *(f"{one.id:{width}}  {one.label:8}  {one.help}" for one in actions),
    ]
