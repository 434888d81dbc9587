"""Characters that a stream cannot take become similar ones, as wide as they were."""

import io
import sys

import pytest

from collapse_tui.cli.streams import prepare_streams, similar_character


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("ascii", "W1 |-+ . e l -3"), ("latin-1", "W1 |-+ · é l -3"), ("utf-8", "W₁ │─╭ · é λ −3")],
)
def test_what_an_encoding_lacks_becomes_similar(
    monkeypatch: pytest.MonkeyPatch, encoding: str, written: str
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    prepare_streams()
    stream.write("W₁ │─╭ · é λ −3")
    stream.flush()
    assert raw.getvalue().decode(encoding) == written


def test_every_character_becomes_one_of_ascii() -> None:
    for number in [*range(0x80, 0x3000), 0xDCFF, 0x1F600]:
        similar = similar_character(chr(number))
        assert len(similar) == 1
        assert similar.isascii()
