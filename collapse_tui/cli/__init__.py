"""The command line: what `collapse-tui` does before a screen opens, or without one."""

from collapse_tui.cli.entry import main

__all__ = ["main"]
