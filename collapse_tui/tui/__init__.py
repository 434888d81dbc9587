"""The screen. Nothing is imported here: start with `collapse_tui.tui.app`."""
