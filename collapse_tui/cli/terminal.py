"""Whether somebody sits there."""

import os
import sys


def can_ask() -> bool:
    """Return whether a question on standard error would be answered."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def is_screen() -> bool:
    """Return whether standard input and output are one terminal that can be drawn on."""
    return (
        sys.stdin is not None
        and sys.stdin.isatty()
        and sys.stdout.isatty()
        and os.environ.get("TERM") != "dumb"
    )


def is_unicode() -> bool:
    """Return whether standard output takes more than ASCII."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "").startswith("utf")
