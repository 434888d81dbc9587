"""From the console script to an exit code: all the ways in which a command can end.

====  ==========================================================================
0     done
1     the run failed, or an internal error (the message names its log)
2     bad input, or something is missing; nothing was started
3     a claim failed
130   SIGINT; 143 SIGTERM; 129 SIGHUP; 141 the reader of standard output is gone
====  ==========================================================================
"""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from collapse_tui.cli.library_warnings import LibraryWarnings, collect_warnings
from collapse_tui.cli.machine_faults import find_machine_fault
from collapse_tui.cli.packages import check_packages
from collapse_tui.cli.signals import INTERRUPTED, CommandReply
from collapse_tui.cli.streams import prepare_streams, silence
from collapse_tui.signal_watch import SignalWatch
from collapse_tui.user_folders import PROGRAM
from collapse_tui.visible_text import to_visible

if TYPE_CHECKING:
    from engines.errors import CollapseError

READER_GONE = 141


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
    if arguments is not None:
        return _answer(list(arguments), None)
    # Modules create objects that stay: the default of 700 collects hundreds of times.
    gc.set_threshold(50_000, 20, 20)
    # They need not be examined once more when the process ends.
    atexit.register(gc.freeze)
    # To look for plugins of pydantic is to read what every installed package provides.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    reply = CommandReply()
    watch = SignalWatch(reply)
    code = _answer(sys.argv[1:], watch)
    # after a signal it stays, because what is left at the end may take long too
    if reply.number is None:
        watch.close()
    return reply.exit_code or code


def _answer(arguments: list[str], watch: SignalWatch | None) -> int:
    """Run one command, whatever the machine and its users do meanwhile."""
    prepare_streams()
    try:
        if watch is not None:
            watch.open()
        problem = check_packages()
        if problem is not None:
            return report_error(problem)
        with collect_warnings() as kept:
            code = _run(arguments)
        if kept.counts and "--quiet" not in arguments:
            _note_warnings(kept, arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        return READER_GONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (OSError, MemoryError, RuntimeError) as error:
        fault = find_machine_fault(error)
        if fault is None:
            raise
        # what is left in the buffer may be what does not fit
        silence(sys.stdout)
        return report_error(*fault)
    return code


def _run(arguments: list[str]) -> int:
    import typer  # after the check for shadowed packages

    from collapse_tui.cli.app import app
    from collapse_tui.cli.groups import usage_message
    from engines.errors import CollapseError

    command: Any = typer.main.get_command(app)
    try:
        return int(command.main(arguments, prog_name=PROGRAM, standalone_mode=False) or 0)
    except CollapseError as error:
        return _report_known(error, arguments)
    except typer.TyperException as error:
        return report_error(usage_message(error))
    except typer.Abort:
        return INTERRUPTED
    except SystemExit as ending:
        # typer ends the process itself when the reader of standard output is gone
        if isinstance(ending.__context__, BrokenPipeError):
            raise ending.__context__ from None
        raise
    except Exception as error:  # noqa: BLE001 - the last stop before a traceback
        return _report_unexpected(error, arguments)


def _note_warnings(kept: LibraryWarnings, arguments: list[str]) -> None:
    from collapse_tui.cli.crash_log import log_warnings  # rarely needed
    from collapse_tui.cli.output import write_message

    write_message(f"note: {log_warnings(kept, arguments)}")


def _report_known(error: "CollapseError", arguments: list[str]) -> int:
    from engines.errors import ForeignFaultError

    message = str(error)
    if isinstance(error, ForeignFaultError):
        from collapse_tui.cli.crash_log import log_crash  # its authors need the traceback

        message = log_crash(error, arguments)
    return report_error(message, getattr(error, "exit_code", 2))


def _report_unexpected(error: Exception, arguments: list[str]) -> int:
    from collapse_tui.cli.crash_log import log_crash
    from engines.plugins import find_foreign_fault

    fault = find_machine_fault(error)
    if fault is not None:
        return report_error(*fault)
    foreign = find_foreign_fault(error)
    if foreign is None:
        return report_error(log_crash(error, arguments), 1)
    foreign.__cause__ = error
    return _report_known(foreign, arguments)


def report_error(message: str, code: int = 2) -> int:
    """Write an error message on one line of standard error and return the exit code."""
    try:
        sys.stderr.write(f"error: {to_visible(' '.join(message.split()))}\n")
        sys.stderr.flush()
    except OSError:
        # the terminal hung up: the exit code is all that is left
        silence(sys.stderr)
    return code
