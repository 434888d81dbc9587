"""How many colours a terminal shows, and whether its background is dark."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Literal

Depth = Literal["truecolor", "256", "16", "none"]
Background = Literal["dark", "light"]

TRUECOLOR = ("truecolor", "24bit")
"""What COLORTERM says of a terminal with 16 million colours."""
RICH_TERMINALS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
RICH_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty")
"""Beginnings of TERM, and values of TERM_PROGRAM, of terminals with 16 million colours."""
WITHIN = ("tmux", "screen")
"""Beginnings of TERM within a multiplexer: TERM_PROGRAM may be that of the terminal outside."""
NO_COLOURS = ("dumb", "unknown")
MANY, SOME = 256, 8
"""Colours that terminfo must state for a palette of 256, and of sixteen."""
BRIGHT = 128.0
"""Brightness of 0 to 255 from which on a background is light."""

ASK_BACKGROUND = b"\x1b]11;?\x1b\\\x1b[c"
"""OSC 11, and the question what the terminal is: that is answered by all, and after the first."""
_REPLY = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")
_LAST = re.compile(rb"\x1b\[\?[\d;]*c")
PATIENCE, REMOTE_PATIENCE = 0.2, 1.0
"""Seconds within which a terminal answers, here and at the other end of ssh: what comes later
would be taken for keys."""


def colours_in_terminfo(name: str) -> int | None:
    """Return how many colours the terminal's description states, 2^24 for direct colours.

    None where there is no description.
    """
    with suppress(ImportError):
        import curses

        with suppress(curses.error, OSError, ValueError):
            curses.setupterm(name, 1)
            if any(curses.tigetflag(flag) > 0 for flag in ("Tc", "RGB")):
                return 1 << 24
            return max(curses.tigetnum("colors"), 0)
    return None


def find_depth(
    environment: Mapping[str, str],
    terminfo: Callable[[str], int | None] = colours_in_terminfo,
) -> Depth:
    """Return how many colours the terminal shows, by what the environment says of it.

    Parameters
    ----------
    environment : mapping
    terminfo : callable
        Name of a terminal → how many colours its description states, None for no description.
    """
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR") or term in NO_COLOURS:
        return "none"
    program = "" if term.startswith(WITHIN) else environment.get("TERM_PROGRAM", "")
    direct = term.startswith(RICH_TERMINALS) or term.endswith("-direct")
    if environment.get("COLORTERM") in TRUECOLOR or direct or program in RICH_PROGRAMS:
        return "truecolor"
    stated = terminfo(term) if term else None
    if stated is not None and stated > MANY:
        return "truecolor"
    if "256" in term or (stated or 0) >= MANY:
        return "256"
    return "none" if stated is not None and stated < SOME else "16"


def stated_background(environment: Mapping[str, str]) -> Background | None:
    """Return the background by COLORFGBG, as in ``15;0``; None where it does not say.

    Its last number is one of the sixteen colours: 7 and those from 9 on are light.
    """
    _, _, last = environment.get("COLORFGBG", "").rpartition(";")
    if not last.isdecimal():
        return None
    return "light" if int(last) == 7 or 9 <= int(last) <= 15 else "dark"


def parse_background(reply: bytes) -> Background | None:
    """Return the background by a terminal's answer to OSC 11, None where it gives none."""
    found = _REPLY.search(reply)
    if found is None:
        return None
    red, green, blue = (255 * int(text, 16) / (16 ** len(text) - 1) for text in found.groups())
    return "light" if 0.299 * red + 0.587 * green + 0.114 * blue >= BRIGHT else "dark"


def find_background(environment: Mapping[str, str]) -> Background:
    """Return whether the background is dark: as COLORFGBG says or the terminal, else dark."""
    return stated_background(environment) or parse_background(_ask(environment)) or "dark"


def _ask(environment: Mapping[str, str]) -> bytes:
    """Return what the terminal answers to `ASK_BACKGROUND`, nothing where there is none."""
    remote = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
    with suppress(ImportError, OSError):
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        try:
            return ask_terminal(descriptor, REMOTE_PATIENCE if remote else PATIENCE)
        finally:
            os.close(descriptor)
    return b""


def ask_terminal(descriptor: int, patience: float) -> bytes:
    """Return what a terminal answers to `ASK_BACKGROUND` in time, without showing it.

    Parameters
    ----------
    descriptor : int
        A terminal, which is left as it was.
    patience : float
        Seconds.
    """
    import select
    import termios
    import time
    import tty

    reply, end = b"", time.monotonic() + patience
    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        return reply
    try:
        tty.setcbreak(descriptor, termios.TCSANOW)
        os.write(descriptor, ASK_BACKGROUND)
        while not _LAST.search(reply) and (left := end - time.monotonic()) > 0:
            if select.select([descriptor], [], [], left)[0]:
                reply += os.read(descriptor, 1024)
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
    return reply
