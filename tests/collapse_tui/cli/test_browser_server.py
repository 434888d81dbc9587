"""The server of `serve`: who is answered, and what becomes of its programs."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest

from collapse_tui.cli.browser_server import BrowserServer, run_server

ROOT = Path(__file__).parents[3]
Get = Callable[..., Awaitable[int]]


@asynccontextmanager
async def serving(*arguments: str) -> AsyncGenerator[BrowserServer]:
    """Give a server in this process, on a port of its own."""
    server, stop, ready = BrowserServer(arguments, "127.0.0.1", 0), asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(run_server(server, stop, ready.set))
    try:
        await ready.wait()
        yield server
    finally:
        stop.set()
        await task


async def status(
    session: aiohttp.ClientSession, address: str, headers: dict[str, str] | None = None
) -> int:
    async with session.get(address, headers=headers) as response:
        return response.status


async def test_only_the_address_with_its_token_is_answered() -> None:
    async with serving() as server, aiohttp.ClientSession() as session:
        base, token = server.public_url, server.token
        assert len(token) >= 32
        assert await status(session, server.address) == 200
        assert await status(session, f"{base}/{token}/static/js/textual.js") == 200
        for path in (
            "", "/?token=", f"/?token={token[:-1]}", f"/?token={token}x", "/static/js/textual.js",
            "/x/static/js/textual.js", "/ws", "/x/ws", "/download/1", f"/{token[:-1]}/ws",
        ):  # fmt: skip
            assert await status(session, base + path) == 403, path
        # the token opens nothing but the page, its socket and textual-serve's own files
        for path in ("static/", "static/../server.py", "static/%2e%2e/server.py", "download/1", ""):
            assert await status(session, f"{base}/{token}/{path}") in {403, 404}, path


async def test_other_names_of_this_machine_and_other_sites_are_refused() -> None:
    async with serving() as server, aiohttp.ClientSession() as session:
        for name in ("evil.example", f"evil.example:{server.port}", "127.0.0.1"):
            assert await status(session, server.address, {"Host": name}) == 403
        socket = f"{server.public_url}/{server.token}/ws"
        for origin in ("http://evil.example", "null", f"http://localhost:{server.port}"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(socket, headers={"Origin": origin})
            assert refused.value.status == 403
        assert not server.programs


async def test_the_page_may_load_nothing_from_elsewhere() -> None:
    async with (
        serving() as server,
        aiohttp.ClientSession() as session,
        session.get(server.address) as response,
    ):
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
    assert policy.startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy


async def test_a_page_that_is_closed_ends_its_program(tmp_path: Path) -> None:
    async with serving("--runs", str(tmp_path)) as server, aiohttp.ClientSession() as session:
        socket = f"{server.public_url}/{server.token}/ws?width=90&height=30"
        async with session.ws_connect(socket) as page:
            first = await page.receive(60)
            assert first.type == aiohttp.WSMsgType.BINARY
            (child,) = psutil.Process().children()
            assert "collapse_tui" in " ".join(child.cmdline())
            await page.send_json(["ping", 7])
            while (message := await page.receive(60)).type != aiohttp.WSMsgType.TEXT:
                pass
            assert json.loads(message.data) == ["pong", 7]
        await asyncio.to_thread(psutil.wait_procs, [child], 20)
        assert not child.is_running()


async def test_what_is_no_message_closes_the_page(tmp_path: Path) -> None:
    async with serving("--runs", str(tmp_path)) as server, aiohttp.ClientSession() as session:
        socket = f"{server.public_url}/{server.token}/ws"
        for text in ("{", "[]", '["resize", {}]', '["stdin", 5]', "7"):
            async with session.ws_connect(socket) as page:
                await page.send_str(text)
                while (await page.receive(60)).type == aiohttp.WSMsgType.BINARY:
                    pass
                assert page.closed, text


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_program_outlives_the_server(tmp_path: Path, number: signal.Signals) -> None:
    """At SIGINT it ends them; where it is killed they find their input closed."""
    options = ("--port", "0", "--preset", "shumailov", "--generations", "100000")
    server = subprocess.Popen(
        [sys.executable, "-m", "collapse_tui", "--runs", str(tmp_path), "serve", *options],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert server.stdout is not None
    with server:
        address, token = server.stdout.readline().strip().split("/?token=")

        def has_started() -> bool:
            return bool(list(tmp_path.glob("*/metrics.jsonl")))

        async def open_and_end() -> list[psutil.Process]:
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(f"{address}/{token}/ws") as page,
            ):
                while not has_started():
                    await page.receive(60)
                children = psutil.Process(server.pid).children(recursive=True)
                server.send_signal(number)
                while (await page.receive(60)).type == aiohttp.WSMsgType.BINARY:
                    pass
            return children

        children = asyncio.run(open_and_end())
        assert children
        _, left = psutil.wait_procs(children, timeout=30)
        assert not left
        server.wait(30)
        assert server.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL)
    (folder,) = tmp_path.glob("shumailov-*")
    state = json.loads((folder / "status.json").read_text())["state"]
    assert state == "interrupted"
