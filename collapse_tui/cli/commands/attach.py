"""`attach`: a run that another process works on, followed in the screen."""

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.open_screen import open_on, require_terminal
from collapse_tui.shell_word import to_shell_word


def attach(
    context: typer.Context, run: opt.Run, *, marker: opt.Marker = None, theme: opt.Theme = None
) -> int:
    """Follow a run of another process in the screen, read-only."""
    from collapse_tui.storage.catalogue import open_run

    require_terminal("attach", f"collapse-tui show {to_shell_word(run)}")
    saved = open_run(run, context.obj)
    from collapse_tui.tui.first_screen import attach_screen

    return open_on(attach_screen(saved.path), context.obj, {"marker": marker, "theme": theme})
