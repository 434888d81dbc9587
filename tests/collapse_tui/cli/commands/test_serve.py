"""`serve`: what is refused before anything listens."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

Cli = Callable[..., Any]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "http"], "--port must be an integer"),
        (["--port", "70000"], "--port must be at most 65535, got 70000"),
        (["--host", "0.0.0.0"], "got '0.0.0.0': whoever reaches the program may do what you may"),  # noqa: S104
        (["--preset", "borjy"], "did you mean 'borji'?"),
        (["--seed", "3"], "need --preset"),
        (["--device", "tpu"], "device"),
    ],
)
def test_bad_input_is_refused(cli: Cli, arguments: list[str], words: str) -> None:
    ended = cli("serve", *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert ended.out == ""


def test_a_port_that_is_taken_is_named(cli: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = cli("serve", "--port", port)
    assert ended.code == 2
    assert f"cannot listen on 127.0.0.1, port {port}: " in ended.err
    assert "--port" in ended.err


def test_without_textual_serve_a_sentence_says_what_to_install(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collapse_tui.optional_packages.find_spec", lambda _: None)
    ended = cli("serve")
    assert ended.code == 2
    assert "pip install 'collapse-tui[serve]'" in ended.err
