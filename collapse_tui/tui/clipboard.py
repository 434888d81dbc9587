"""Text for the clipboard, also over ssh, and what can truly be said of where it went.

A program sends text to a terminal with the control sequence OSC 52. Most terminals give no
answer, and some drop it, so "copied" would often be untrue.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping

from collapse_tui.os_errors import explain_os_error
from collapse_tui.user_folders import user_folder

FILE = "copied.txt"
PATIENCE = 2.0
"""Seconds that tmux may take."""
SENT = "sent to the terminal's clipboard, which does not say whether it took it"


def copy_text(
    text: str, send: Callable[[str], object], environment: Mapping[str, str] = os.environ
) -> str:
    """Put a text where it can be pasted from, and return in one sentence where that is.

    Parameters
    ----------
    text : str
    send : callable
        Sends a text to the terminal by OSC 52.
    environment : mapping of str to str

    Returns
    -------
    str
    """
    if environment.get("TMUX") and shutil.which("tmux"):
        refusal = _give_tmux(text)
        if not refusal:
            return "copied into tmux's buffer (prefix ] pastes it)"
        return _keep(text, f"tmux did not take it: {refusal}")
    refusal = why_no_clipboard(environment)
    if refusal:
        return _keep(text, refusal)
    send(text)
    return SENT


def why_no_clipboard(environment: Mapping[str, str]) -> str:
    """Return why the terminal is known to drop what OSC 52 sends, empty if it is not known to."""
    if environment.get("STY"):
        return "screen does not pass it to the terminal"
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return "Apple's Terminal takes no text from programs"
    if environment.get("VTE_VERSION"):
        return "terminals of the VTE family take no text from programs"
    if environment.get("TERM", "").startswith("linux"):
        return "the console has no clipboard"
    return ""


def _give_tmux(text: str) -> str:
    """Give tmux a text, for itself and for the terminal around it; return why it was refused."""
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],  # noqa: S607 - tmux as the user's path has it
            input=text.encode(), capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stderr.decode(errors="replace").strip() if done.returncode else ""


def _keep(text: str, reason: str) -> str:
    """Write a text to a file of the user's, and return the sentence about it."""
    folder = user_folder("state")
    if folder is None:
        return f"not copied: {reason}"
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        return f"not copied: {reason}, and {path} cannot be written: {explain_os_error(error)}"
    return f"not copied: {reason}; it is in {path}"
