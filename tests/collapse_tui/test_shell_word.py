"""A command that is shown means, to a shell, the word that it was made of."""

import shutil
import subprocess

import pytest

from collapse_tui.shell_word import to_shell_word
from collapse_tui.visible_text import to_visible_line

PLAIN = ("run-1", "with space", 'it\'s "quoted"', "$HOME", "новый", " ends ", "")
STRANGE = ("a\nb", "two  blanks", "tab\t", "\x1b]0;t\x07", "\u202eturned", "\udcff", "no\xa0break",
           "it's\n`$x`\\", "\u200b", "\x1b1")  # fmt: skip


@pytest.mark.parametrize("text", [*PLAIN, *STRANGE])
def test_a_shell_reads_the_text(text):
    word = to_shell_word(text)
    assert word == to_visible_line(word) == " ".join(word.split())
    assert word.startswith("$'") == (text in STRANGE)
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    said = subprocess.run([bash, "-c", f"printf %s {word}"], capture_output=True, check=True)
    assert said.stdout == text.encode(errors="surrogateescape")
