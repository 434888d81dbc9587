"""Our two themes, in the hues of the charts, and their short names."""

from textual.theme import Theme

THEMES = {"dark": "collapse-dark", "light": "collapse-light", "ansi": "ansi-dark"}
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
