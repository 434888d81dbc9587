"""What went wrong unexpectedly: the details go to a file, the user gets one sentence."""

import os
import platform
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from collapse_tui.cli.library_warnings import LibraryWarnings
from collapse_tui.user_folders import user_folder
from collapse_tui.visible_text import to_visible
from engines.errors import ForeignFaultError, shorten
from engines.plugins import describe_error


def log_crash(error: Exception, arguments: Sequence[str]) -> str:
    """Write the traceback to a log and return an error message that names the file.

    Parameters
    ----------
    error : Exception
    arguments : sequence of str
        The command line that led to it.
    """
    where = _write_log("".join(traceback.format_exception(error)), arguments)
    if isinstance(error, ForeignFaultError):
        return f"{error}; {where}"
    what = describe_error(error)
    return f"internal error of collapse-tui ({what}): this is a bug of the program; {where}"


def log_warnings(kept: LibraryWarnings, arguments: Sequence[str]) -> str:
    """Write the warnings of libraries to a log and return a note that names the file.

    Parameters
    ----------
    kept : LibraryWarnings
        At least one.
    arguments : sequence of str
        The command line that led to them.
    """
    first = next(iter(kept.counts))
    times = "once" if kept.counts.total() == 1 else f"{kept.counts.total():,} times"
    return f"libraries warned {times} ({shorten(first)}); {_write_log(str(kept), arguments)}"


def _write_log(details: str, arguments: Sequence[str]) -> str:
    """Write a log and return a clause that says where it is."""
    now = datetime.now().astimezone()
    head = f"{now.isoformat()} collapse-tui {' '.join(arguments)}"
    machine = f"python {platform.python_version()} on {platform.platform()}"
    text = f"{head}\n{machine}\n{details}\n"
    path = _write_file(text, f"{now:%Y%m%d-%H%M%S}-{os.getpid()}.log")
    return f"the details are in {path}" if path else "no log could be written"


def places(name: str) -> Iterator[Path]:
    """Yield where a log of this name may be written, the best place first."""
    logs = user_folder("log")
    if logs is not None:
        yield logs / name
    with suppress(OSError):  # no folder for temporary files either
        yield Path(tempfile.gettempdir()) / f"collapse-tui-{name}"


def _write_file(text: str, name: str) -> Path | None:
    for path in places(name):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(to_visible(text), encoding="utf-8")
        except OSError:
            continue
        return path
    return None
