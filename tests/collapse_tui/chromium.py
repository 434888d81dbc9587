"""A page in a headless Chromium, driven through its debugging protocol."""

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60.0
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run",
    "--disable-background-networking", "--window-size=1200,900", "about:blank",
)  # fmt: skip


class Page:
    """One page.

    Attributes
    ----------
    requests : list of str
        Every address that it asked for.
    faults : list of str
        Exceptions of its scripts, and what its policy or the browser refused.
    received : list of bytes
        What its sockets were sent.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.received: list[bytes] = []

    async def listen(self) -> None:
        """Take what the browser sends until it closes."""
        async for message in self._socket:
            received = json.loads(message.data)
            given = received.get("params", {})
            match received.get("method"):
                case None:
                    answer = self._answers.pop(received["id"])
                    if "error" in received:
                        answer.set_exception(RuntimeError(str(received["error"])))
                    else:
                        answer.set_result(received["result"])
                case "Network.requestWillBeSent":
                    self.requests.append(given["request"]["url"])
                case "Network.webSocketFrameReceived" if given["response"]["opcode"] == 2:
                    self.received.append(base64.b64decode(given["response"]["payloadData"]))
                case "Runtime.exceptionThrown":
                    self.faults.append(json.dumps(given["exceptionDetails"]))
                case "Log.entryAdded" if given["entry"]["level"] == "error":
                    self.faults.append(given["entry"]["text"])
                case _:
                    pass

    async def call(self, method: str, **given: object) -> Any:
        """Send one command and return its result."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": given})
        return await asyncio.wait_for(self._answers[number], SECONDS)

    async def open(self, address: str) -> None:
        """Open an address and wait until it has loaded."""
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=address)
        await self.until("document.readyState === 'complete'")

    async def value(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""
        given = {"returnByValue": True, "awaitPromise": True}
        result = await self.call("Runtime.evaluate", expression=expression, **given)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Wait for an expression to become true, and return its value."""
        for _ in range(int(SECONDS / 0.05)):
            with suppress(AssertionError):  # what it speaks of may not be there yet
                found = await self.value(expression)
                if found:
                    return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"never true: {expression}; {self.faults}")

    async def press(self, key: str, text: str = "", code: int = 0) -> None:
        """Press and release a key, which writes `text`."""
        shared = {"key": key, "windowsVirtualKeyCode": code}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **shared)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **shared)

    async def move(self, x: float, y: float) -> None:
        """Move the pointer."""
        await self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)


@asynccontextmanager
async def open_chromium(profile: Path) -> AsyncGenerator[Page]:
    """Start a browser of its own and give its page; the browser ends with the block."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program is not None, f"one of {', '.join(NAMES)} must be on PATH"
    process = await asyncio.create_subprocess_exec(
        program, f"--user-data-dir={profile}", *FLAGS,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        place = await _read_place(process.stderr)
        drain = asyncio.create_task(process.stderr.read())
        async with aiohttp.ClientSession() as session:
            async with session.put(f"http://{place}/json/new?about:blank") as made:
                address = (await made.json(content_type=None))["webSocketDebuggerUrl"]
            async with (
                session.ws_connect(address, max_msg_size=0) as socket,
                _reading(socket) as page,
            ):
                yield page
        drain.cancel()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _read_place(stream: asyncio.StreamReader) -> str:
    """Return the host and port that the browser listens on, once it says so."""
    while True:
        line = (await asyncio.wait_for(stream.readline(), SECONDS)).decode()
        assert line, "the browser ended at once"
        place = re.search(r"ws://([\d.:]+)/", line)
        if place is not None:
            return place[1]


@asynccontextmanager
async def _reading(socket: aiohttp.ClientWebSocketResponse) -> AsyncGenerator[Page]:
    page = Page(socket)
    reader = asyncio.create_task(page.listen())
    try:
        yield page
    finally:
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader
