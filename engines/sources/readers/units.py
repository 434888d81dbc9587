"""Cuts a text into words, characters or bytes, in any script."""

import re
import unicodedata
from typing import Literal

Unit = Literal["word", "character", "byte"]
WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
JOINERS = "\u200c\u200d\u2060\u00ad"
"""Characters without a width within words of Persian and of Indian scripts; soft hyphens."""
SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese, which are written without spaces."""
MOST_SPACELESS = 0.1
"""Share of the characters of a text from which it counts as one without spaces."""
_BYTES = tuple(chr(b) if 32 <= b < 127 else f"\\x{b:02x}" for b in range(256))


def normalize(text: str) -> str:
    """Return a text whose letters with marks are one character where there is one (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tokenize(text: str, unit: Unit, *, lower: bool) -> list[str]:
    r"""Return the words of a text without its punctuation, or its characters or bytes.

    Marks belong to the letter that they follow, as in Tamil or in decomposed French: they end
    no word, and a character is a letter with its marks.

    Parameters
    ----------
    text : str
        It is read in Unicode's normal form C.
    unit : str
        ``"word"``; ``"character"``, a run of white space being one space; ``"byte"`` of UTF-8,
        those that are no printable ASCII written as ``\xNN``.
    lower : bool
        Whether capitals become small letters.
    """
    text = normalize(text.lower() if lower else text)
    if unit == "byte":
        return [_BYTES[byte] for byte in text.encode()]
    marks = "" if text.isascii() else "".join(sorted(filter(_is_mark, set(text))))
    if unit == "word":
        letters = rf"\w[\w{marks}]*"
        word = re.compile(rf"{letters}(?:['\u2019]{letters})*") if marks else WORD
        return word.findall(text)
    text = " ".join(text.split())
    return re.findall(rf"[^{marks}][{marks}]*|[{marks}]+", text) if marks else list(text)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or character in JOINERS


def lacks_spaces(text: str) -> bool:
    """Return whether much of a text is in a script without spaces between its words."""
    if text.isascii():
        return False
    found = sum(len(part) for part in SPACELESS.findall(text))
    return found > MOST_SPACELESS * len(text)
