"""The program behind one page of `serve`: a process, and what goes between it and the browser.

Textual's web driver speaks in packets: a letter (D keys or what is drawn, M a message), the length
in four bytes, the content. The page speaks in JSON, and takes what is drawn as bytes.
"""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from collapse_tui.served import DRIVER, WEB_DRIVER

PRELUDE = b"__GANGLION__\n"
"""What the driver writes first."""
SAVING = 12.0
"""Seconds in which the program of a closed page has saved its runs and ended."""
LARGEST = 1000
"""Columns and rows of a page at most: a screen of any size would be computed."""


class ServedProgram:
    """One program.

    Parameters
    ----------
    command : sequence of str
    socket : WebSocketResponse
        To the page; it is open.
    """

    def __init__(self, command: Sequence[str], socket: web.WebSocketResponse) -> None:
        self._command = command
        self._socket = socket
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, width: int, height: int) -> None:
        """Run the program until it ends or its page is closed; then nothing of it is left.

        Parameters
        ----------
        width, height : int
            Cells of the page.
        """
        pipe = asyncio.subprocess.PIPE
        size = {"COLUMNS": str(_limit(width)), "ROWS": str(_limit(height))}
        # a session of its own: ctrl+c reaches the server alone, which ends the programs in order
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, start_new_session=True,
            env=os.environ | ENVIRONMENT | size,
        )  # fmt: skip
        streams: Any = process  # both are there, as both were asked for
        drawn = asyncio.create_task(self._forward(streams.stdout))
        try:
            await self._listen(streams.stdin)
        finally:
            await asyncio.shield(self.end())
            drawn.cancel()
            await asyncio.gather(drawn, return_exceptions=True)

    async def end(self) -> None:
        """End the program as a closed terminal does: its runs are saved."""
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGHUP)
        try:
            await asyncio.wait_for(process.wait(), SAVING)
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def _listen(self, program: asyncio.StreamWriter) -> None:
        """Hand on keys and sizes until the page is closed; what is no message closes it."""
        async for message in self._socket:
            if message.type != WSMsgType.TEXT:
                continue
            try:
                packet = await self._translate(json.loads(message.data))
            except (ValueError, TypeError, LookupError, AttributeError):
                return
            if packet:
                program.write(packet)
                with suppress(ConnectionError):  # the program has ended, and the page will
                    await program.drain()

    async def _translate(self, message: Any) -> bytes:
        """Return what a message of the page is to the program; nothing for one that is answered."""
        match message[0]:
            case "stdin":
                return _packet(b"D", message[1].encode())
            case "resize":
                size = {name: _limit(int(message[1][name])) for name in ("width", "height")}
                return _packet(b"M", json.dumps({"type": "resize", **size}).encode())
            case "focus" | "blur":
                return _packet(b"M", json.dumps({"type": message[0]}).encode())
            case "ping":
                await self._socket.send_json(["pong", message[1]])
                return b""
            case _:
                return b""

    async def _forward(self, program: asyncio.StreamReader) -> None:
        """Hand on what is drawn; the page is closed when the program has ended."""
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            await program.readuntil(PRELUDE)
            while True:
                head = await program.readexactly(5)
                content = await program.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D":
                    await self._socket.send_bytes(content)
                elif head[:1] == b"M" and json.loads(content).get("type") == "exit":
                    break
        await self._socket.close()


ENVIRONMENT = {
    DRIVER: WEB_DRIVER,
    "TEXTUAL_FPS": "60",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "COLORTERM": "truecolor",
    "TERM": "xterm-256color",
    "PYTHONIOENCODING": "utf-8",
}
"""What the program is told of the page."""


def _packet(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "big") + content


def _limit(cells: int) -> int:
    return min(max(cells, 1), LARGEST)
