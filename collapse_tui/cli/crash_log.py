"""A fault of ours: the traceback goes to a file, the user gets one sentence."""

import os
import platform
import tempfile
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from platformdirs import user_log_path


def record(error: Exception, arguments: Sequence[str]) -> str:
    """Write the traceback to a log and return the sentence that names it.

    Parameters
    ----------
    error : Exception
    arguments : sequence of str
        The command line that led to it.

    Returns
    -------
    str
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
    path = _written(text, f"{now:%Y%m%d-%H%M%S}-{os.getpid()}.log")
    where = f"the details are in {path}" if path else "no log could be written"
    return f"a fault of collapse-tui, not yours ({what}); {where}"


def _written(text: str, name: str) -> Path | None:
    for folder in (user_log_path("collapse-tui", appauthor=False), Path(tempfile.gettempdir())):
        path = folder / f"collapse-tui-{name}" if folder.name != "collapse-tui" else folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return path
    return None
