"""Our two themes, in the hues of the charts, and the names by which themes are chosen."""

from textual.theme import Theme

from collapse_tui.terminal_colours import Background, Depth

NAMES = ("auto", "dark", "light", "ansi")
"""Short names; every theme that Textual knows is accepted too."""

DARK = Theme(
    "collapse-dark",
    primary="#56b4e9",
    secondary="#2fbf95",
    accent="#e69f00",
    success="#2fbf95",
    warning="#e69f00",
    error="#e8743b",
    foreground="#d6dae0",
    background="#14171c",
    surface="#1b1f26",
    panel="#232932",
    dark=True,
)

LIGHT = Theme(
    "collapse-light",
    primary="#0072b2",
    secondary="#007a5a",
    accent="#b85c00",
    success="#007a5a",
    warning="#b85c00",
    error="#c2410c",
    foreground="#1f2937",
    background="#ffffff",
    surface="#f3f4f6",
    panel="#e5e7eb",
    dark=False,
)


def find_theme(name: str, depth: Depth, background: Background) -> str:
    """Return the theme of Textual behind a name.

    Parameters
    ----------
    name : str
        A short name, or that of a theme itself.
    depth : str
        Colours of the terminal. With sixteen or none the screen is in the terminal's own.
    background : str
        Of the terminal.
    """
    name = {DARK.name: "dark", LIGHT.name: "light"}.get(name, name)
    if name not in NAMES:
        return name
    ground = name if name in {"dark", "light"} else background
    own = name == "ansi" or depth in {"16", "none"}
    return f"ansi-{ground}" if own else {"dark": DARK, "light": LIGHT}[ground].name
