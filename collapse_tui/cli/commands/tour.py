"""`tour`: six short chapters on the screen, with captions."""

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.open_screen import open_on, require_terminal


def tour(context: typer.Context, *, marker: opt.Marker = None, theme: opt.Theme = None) -> int:
    """Show what model collapse is, in six chapters of under a minute each."""
    require_terminal("the tour", "collapse-tui batch --preset shumailov")
    from collapse_tui.tui.first_screen import tour_screen

    return open_on(tour_screen(), context.obj, {"marker": marker, "theme": theme})
