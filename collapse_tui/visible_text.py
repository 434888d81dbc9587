r"""Text from outside, made harmless where it leaves for a terminal, a picture or a file.

Titles, names of folders and messages come from files that anybody may have written. A control
character among them could move the cursor, write the clipboard or turn the direction of
reading, so each is shown as the escape that Python, JSON and TOML have for it: ``\u001b``.
"""

import re

CONTROLS = (
    (0x00, 0x1F),  # C0: escape begins every sequence that a terminal obeys
    (0x7F, 0x9F),  # DEL and C1: 0x9b and 0x9d begin sequences too
    (0x061C, 0x061C),  # Arabic letter mark
    (0x180E, 0x180E),  # no width, as the next ones: two names that differ would look the same
    (0x200B, 0x200B),
    (0x200E, 0x200F),  # marks of direction
    (0x2028, 0x202E),  # separators of lines and paragraphs; embeddings and overrides of direction
    (0x2060, 0x2064),  # no width
    (0x2066, 0x2069),  # isolates of direction
    (0xD800, 0xDFFF),  # lone surrogates: bytes of a file name that are no UTF-8
    (0xFEFF, 0xFEFF),  # no width
    (0xFFF9, 0xFFFB),  # begin and end annotations of lines
)
"""First and last code point of what is never written as it is.

The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji are spelt with them.
"""

UNSHOWN = "▯"
"""Stands in a cell for a character that takes two cells or is not printable."""

_CLASS = "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in CONTROLS)
_IN_LINES = re.compile(f"(?![\n\t])[{_CLASS}]")
_IN_ONE_LINE = re.compile(f"[{_CLASS}]")


def to_visible(text: str) -> str:
    """Return `text` with control characters as escapes; newlines and tabs stay.

    Text that is JSON stays JSON, and means the same.
    """
    return _IN_LINES.sub(_escape, text)


def to_visible_line(text: str) -> str:
    """Return `text` for a place that has one line: newlines and tabs become escapes too."""
    return _IN_ONE_LINE.sub(_escape, text)


def to_visible_cells(text: str, sign: str = UNSHOWN) -> str:
    """Return `text` for a place that is laid out already: one sign for a control character."""
    return _IN_ONE_LINE.sub(sign, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
