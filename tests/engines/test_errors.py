"""Messages: what was received is quoted, but not all of it."""

from engines.errors import InvalidExperimentError, shorten


def test_a_long_word_is_cut_and_its_length_said():
    message = f"unknown key '{'k' * 5_000_000}': did you mean 'size'?"
    short = shorten(message)
    assert len(short) < 300
    assert short.startswith("unknown key 'kkkk")
    assert short.endswith("k': did you mean 'size'?")
    assert "5,000,0" in short


def test_a_long_message_is_cut_in_the_middle():
    short = shorten("word " * 10_000)
    assert len(short) < 4000
    assert "(50,000 characters)" in short


def test_paths_and_short_messages_stay():
    path = "/" + "folder/" * 100
    assert shorten(f"{path} is missing") == f"{path} is missing"
    assert str(InvalidExperimentError("seed must be an integer")) == "seed must be an integer"
