"""Results on standard output, messages on standard error."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from collapse_tui.cli.errors import CommandError

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 200


def say(message: str) -> None:
    """Write a message on standard error; a terminal that hung up is no reason to fail."""
    with suppress(OSError):
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()


def put(text: str) -> None:
    """Write a result on standard output, at once.

    Raises
    ------
    BrokenPipeError
        If the reader left.
    CommandError
        If the disk behind it refuses.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"cannot write to standard output: {error.strerror or error}"
        raise CommandError(message, exit_code=1) from error


def console(width: int | None = None) -> "Console":
    """Return where tables go: as wide as asked, or the terminal, or wide enough in a pipe."""
    from rich.console import Console  # not every command prints tables

    if width is None and not sys.stdout.isatty():
        width = WIDE
    return Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False)


def put_table(*parts: Any, width: int | None = None) -> None:
    """Write tables and lines on standard output, without blanks at the ends of lines."""
    screen = console(width)
    with screen.capture() as capture:
        for part in parts:
            screen.print(part)
    put("\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n")))
