"""The science of model collapse: one recursion over sources, engines and policies.

Nothing here writes files, draws charts or knows of a command line. Start with
`engines.recursion`, the loop that every paper studies.
"""

COLLAPSE_TUI_PACKAGE = "engines"
"""Marker by which the command line recognises this package (see `collapse_tui.cli`)."""
