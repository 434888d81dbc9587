"""From the console script to an exit code: every way in which a command can end.

====  ==========================================================================
0     done
1     the run failed, or a fault of ours (the log is named)
2     bad input, or nothing to do it with; nothing was started
3     a claim failed
130   SIGINT; 143 SIGTERM; 129 SIGHUP; 141 the reader of standard output left
====  ==========================================================================
"""

import os
import sys
from collections.abc import Sequence
from typing import IO, Any

from collapse_tui.cli.packages import shadow

PROGRAM = "collapse-tui"
INTERRUPTED = 130
READER_LEFT = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments : sequence of str or None
        Without the program's name; None: those of the process.

    Returns
    -------
    int
    """
    _print_anything()
    hidden = shadow()
    if hidden is not None:
        return complain(hidden)
    try:
        code = _ended(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget(sys.stdout)
        return READER_LEFT
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _ended(arguments: list[str]) -> int:
    import typer  # after the check for shadowed packages

    from collapse_tui.cli.app import app
    from collapse_tui.cli.groups import sentence
    from engines.errors import CollapseError

    command: Any = typer.main.get_command(app)
    try:
        return int(command.main(arguments, prog_name=PROGRAM, standalone_mode=False) or 0)
    except CollapseError as error:
        return complain(str(error), getattr(error, "exit_code", 2))
    except typer.TyperException as error:
        return complain(sentence(error))
    except typer.Abort:
        return INTERRUPTED
    except SystemExit as left:
        # typer ends the process itself when the reader has left
        if isinstance(left.__context__, BrokenPipeError):
            raise left.__context__ from None
        raise
    except Exception as error:  # noqa: BLE001 - the last stop before a traceback
        from collapse_tui.cli.crash_log import record

        return complain(record(error, arguments), 1)


def complain(message: str, code: int = 2) -> int:
    """Say on standard error what was wrong, on one line, and return the exit code."""
    try:
        sys.stderr.write(f"error: {' '.join(message.split())}\n")
        sys.stderr.flush()
    except OSError:
        # a terminal that hung up: the exit code still says it
        _forget(sys.stderr)
    return code


def _print_anything() -> None:
    # "W₁" must not end a program whose terminal only knows ASCII
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _forget(stream: IO[str]) -> None:
    # what is left in the buffer would be a second error when the interpreter ends
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
