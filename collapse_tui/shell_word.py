"""Words of a command that is shown, to be pasted into a shell."""

import os
import shlex

from collapse_tui.visible_text import to_visible_line


def to_shell_word(text: str) -> str:
    r"""Return `text` quoted as one word that a shell takes for `text`.

    A control character, or blanks that a sentence would join, would be lost on the way through
    the terminal: such a word is written as bytes, ``$'a\x0ab'``, which bash, zsh and ksh know.
    """
    word = shlex.quote(text)
    if to_visible_line(word) == word == " ".join(word.split()):
        return word
    return f"$'{''.join(map(_to_escape, os.fsencode(text)))}'"


def _to_escape(byte: int) -> str:
    char = chr(byte)
    return char if char.isascii() and (char.isalnum() or char in "/._-+=:,@%") else f"\\x{byte:02x}"
