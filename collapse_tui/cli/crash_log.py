"""Unexpected errors: the traceback goes to a file, the user gets one sentence."""

import os
import platform
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from collapse_tui.user_folders import user_folder
from collapse_tui.visible_text import to_visible


def log_crash(error: Exception, arguments: Sequence[str]) -> str:
    """Write the traceback to a log and return an error message that names the file.

    Parameters
    ----------
    error : Exception
    arguments : sequence of str
        The command line that led to it.
    """
    now = datetime.now().astimezone()
    text = "\n".join(
        [
            f"{now.isoformat()} collapse-tui {' '.join(arguments)}",
            f"python {platform.python_version()} on {platform.platform()}",
            "".join(traceback.format_exception(error)),
        ]
    )
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    path = _write_log(text, f"{now:%Y%m%d-%H%M%S}-{os.getpid()}.log")
    where = f"the details are in {path}" if path else "no log could be written"
    return f"internal error of collapse-tui ({what}): this is a bug of the program; {where}"


def _places(name: str) -> Iterator[Path]:
    logs = user_folder("log")
    if logs is not None:
        yield logs / name
    with suppress(OSError):  # no folder for temporary files either
        yield Path(tempfile.gettempdir()) / f"collapse-tui-{name}"


def _write_log(text: str, name: str) -> Path | None:
    for path in _places(name):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(to_visible(text), encoding="utf-8")
        except OSError:
            continue
        return path
    return None
