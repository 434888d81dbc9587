"""Results on standard output, messages on standard error, and what the terminal can do.

Everything that a command prints goes through here, and control characters end here: only the
colours of charts and tables, which the program makes itself, reach the terminal.
"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collapse_tui.cli.errors import CommandError
from collapse_tui.os_errors import explain_os_error
from collapse_tui.served import is_served
from collapse_tui.terminal_colours import find_depth, stated_background
from collapse_tui.visible_text import to_visible

if TYPE_CHECKING:
    from collapse_tui.presentation.report import Drawing

PIPE_WIDTH = 200


def write_message(message: str) -> None:
    """Write a line on standard error; a terminal that hung up is no reason to fail."""
    with suppress(OSError):
        sys.stderr.write(f"{to_visible(message)}\n")
        sys.stderr.flush()


def write_result(text: str) -> None:
    """Write a line on standard output and flush it.

    Raises
    ------
    BrokenPipeError
        If the reader has closed the pipe.
    CommandError
        If the text cannot be written, for example to a full disk.
    """
    _write_raw(to_visible(text))


def write_drawing(drawing: "Drawing") -> None:
    """Write a chart on standard output, in its colours."""
    # the escape codes in it are those of its colours: its cells hold none
    _write_raw(drawing.text)


def _write_raw(text: str) -> None:
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = explain_os_error(error)
        raise CommandError(f"cannot write to standard output: {reason}", exit_code=1) from error


def write_json(row: Mapping[str, Any]) -> None:
    """Write an object as one line of JSON on standard output."""
    write_result(json.dumps(row, ensure_ascii=False))


def write_table(*parts: Any) -> None:
    """Write what rich can print on standard output, without blanks at the ends of lines.

    The width is that of the terminal; in a pipe it is 200 columns.
    """
    from rich.console import Console  # not every command prints tables
    from rich.segment import Segments

    width = None if sys.stdout.isatty() else PIPE_WIDTH
    console = Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False)
    with console.capture() as capture:
        for part in parts:
            segments = console.render(part)
            console.print(Segments([s._replace(text=to_visible(s.text)) for s in segments]), end="")
    _write_raw("\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n")))


def write_file(target: Path, content: bytes, *, replace: bool) -> None:
    """Write a file, with errors that name it.

    Raises
    ------
    CommandError
        If it cannot be written, or exists and may not be replaced.
    """
    try:
        with target.open("wb" if replace else "xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise CommandError(f"{target} already exists; choose another name") from None
    except OSError as error:
        raise CommandError(f"cannot write {target}: {explain_os_error(error)}") from None
    write_message(f"wrote {target}")


def confirm(question: str, refusal: str) -> None:
    """Ask on standard error, if there is a user at a terminal to answer.

    Raises
    ------
    CommandError
        With the message `refusal`, if the answer is no.
    """
    if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        import typer

        if not typer.confirm(to_visible(question), err=True):
            raise CommandError(refusal)


def is_terminal() -> bool:
    """Return whether standard input and output are a terminal that a screen can be drawn on.

    Or a browser: see `serve`.
    """
    return is_served() or (
        sys.stdin is not None
        and sys.stdin.isatty()
        and sys.stdout.isatty()
        and os.environ.get("TERM") != "dumb"
    )


def is_unicode() -> bool:
    """Return whether standard output takes more than ASCII."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "").startswith("utf")


def palette_name() -> str:
    """Return the palette of charts on standard output: one of sixteen colours, or ``plain``."""
    depth = find_depth(os.environ)
    if not sys.stdout.isatty() or depth == "none":
        return "plain"
    # the sixteen colours of the terminal suit its background, which is seldom known
    if stated_background(os.environ) == "light":
        return "ansi-light"
    return "ansi-greys" if depth == "truecolor" else "ansi"
