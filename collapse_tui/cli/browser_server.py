"""The server of `serve`: the screen in a browser, for whoever has the address and for nobody else.

Whoever reaches the program may do what its user may. So the server listens on this machine alone,
and every address holds a token that cannot be guessed. A page of another site can send requests
here, but does not know the token; one that gives its own name this machine's number (DNS
rebinding) is told by the Host header, and a socket that its script opens by the Origin.
"""

import asyncio
import hmac
import re
import secrets
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from textual_serve.server import Server, to_int

from collapse_tui.cli.served_program import ServedProgram

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST_MESSAGE = 1 << 20
"""Bytes of a message from the page at most: a text that is pasted."""
_OTHER_PLACES = re.compile(r"<link[^>]*https://[^>]*>")
ICON = '<link rel="icon" href="data:,">'
REFUSED = "403: this address needs the token that was printed\n"


class BrowserServer(Server):
    """Serves pages that hold the program.

    Parameters
    ----------
    arguments : sequence of str
        Of `collapse-tui`.
    host : str
    port : int
        0: any that is free.

    Attributes
    ----------
    token : str
    programs : set of ServedProgram
        Those of the pages that are open.
    """

    def __init__(self, arguments: Sequence[str], host: str, port: int) -> None:
        super().__init__("collapse-tui", host=host, port=port)  # pyright: ignore[reportUnknownMemberType]
        self.arguments = [sys.executable, "-m", "collapse_tui", *arguments]
        self.token: str = secrets.token_urlsafe(24)
        self.programs: set[ServedProgram] = set()
        self.set_port(port)

    @property
    def address(self) -> str:
        """What is to be opened in the browser."""
        return f"{self.public_url}/?token={self.token}"

    def set_port(self, port: int) -> None:
        """Take the port that the system has given."""
        self.port: int = port
        name = f"[{self.host}]" if ":" in self.host else self.host
        self.public_url: str = f"http://{name}:{port}"

    def make_application(self) -> web.Application:
        """Return the application: the page, its socket, and the files of textual-serve."""
        application = web.Application(middlewares=[self._guard])
        loader = jinja2.FileSystemLoader(self.templates_path)
        setup: Any = aiohttp_jinja2.setup
        setup(application, loader=loader)
        application.add_routes([
            web.get("/", self.open_page, name="index"),
            web.get(f"/{self.token}/ws", self.open_program, name="websocket"),
            web.static(f"/{self.token}/static", self.statics_path, name="static"),
        ])  # fmt: skip
        application.on_shutdown.append(self._end_programs)
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._is_allowed(request):
            raise web.HTTPForbidden(text=REFUSED)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(self._headers())
        return response

    def _is_allowed(self, request: web.Request) -> bool:
        own = self.public_url.removeprefix("http://")
        if request.headers.get("Host") != own:
            return False
        if request.headers.get("Origin", self.public_url) != self.public_url:
            return False
        path = request.path
        given = request.query.get("token", "") if path == "/" else path.split("/")[1]
        return hmac.compare_digest(given.encode(), self.token.encode())

    def _headers(self) -> dict[str, str]:
        socket = self.public_url.replace("http://", "ws://")
        policy = (
            "default-src 'self'; script-src 'self' 'unsafe-inline';"
            " style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
            f" connect-src 'self' {socket}; frame-ancestors 'none'; base-uri 'none';"
            " form-action 'none'"
        )
        return {
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }

    async def open_page(self, request: web.Request) -> web.Response:
        """Return textual-serve's page, which then asks nobody else for a font or an icon."""
        page: Any = await self.handle_index(request)
        page.text = _OTHER_PLACES.sub(ICON, page.text, count=1)
        return page

    async def open_program(self, request: web.Request) -> web.WebSocketResponse:
        """Run the program for as long as the page's socket is open."""
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=LARGEST_MESSAGE)
        await socket.prepare(request)
        program = ServedProgram(self.arguments, socket)
        self.programs.add(program)
        width, height = (
            to_int(request.query.get(name, ""), usual)
            for name, usual in (("width", 80), ("height", 24))
        )
        try:
            await program.run(width, height)
        finally:
            self.programs.discard(program)
        return socket

    async def _end_programs(self, application: web.Application) -> None:
        del application
        await asyncio.gather(*(program.end() for program in list(self.programs)))


async def run_server(
    server: BrowserServer, stop: asyncio.Event, say_address: Callable[[], object]
) -> None:
    """Serve until `stop` is set; then end every program.

    Parameters
    ----------
    server : BrowserServer
    stop : asyncio.Event
    say_address : callable
        Called once requests are answered.

    Raises
    ------
    OSError
        If the port is taken.
    """
    runner = web.AppRunner(server.make_application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, server.host, server.port).start()
        server.set_port(runner.addresses[0][1])
        say_address()
        await stop.wait()
    finally:
        await runner.cleanup()
