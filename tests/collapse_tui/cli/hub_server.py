"""A Hub of our own: repositories held in memory, served over HTTP to the program under test."""

import json
import threading
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlparse

from typing_extensions import override

COMMIT = "c" * 40
LARGE = 5_000
"""Bytes from which a file has a sha256, as large files of the Hub do."""

Files = dict[str, bytes]
Headers = dict[str, str]


class HubServer(ThreadingHTTPServer):
    """Repositories by ``models/owner/name`` or ``datasets/owner/name``.

    Attributes
    ----------
    repositories : dict of str to dict of str to bytes
    broken : set of str
        Names of files whose connection is cut in the middle.
    stuck : set of str
        Names of files that stop in the middle until the server closes.
    halfway : threading.Event
        Set when half of a stuck file was sent.
    sent : list of str
        Names of files that were asked for, in order.
    """

    daemon_threads = True

    def __init__(self, repositories: dict[str, Files]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories = repositories
        self.broken: set[str] = set()
        self.stuck: set[str] = set()
        self.halfway = threading.Event()
        self.closing = threading.Event()
        self.sent: list[str] = []

    @property
    def address(self) -> str:
        """What HF_ENDPOINT is set to."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @override
    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    @override
    def handle_error(self, *_: object) -> None:
        """Say nothing: clients are killed here."""


def _facts(name: str, content: bytes) -> dict[str, object]:
    """Return what the Hub says of a file."""
    git = sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    found = {"type": "file", "path": name, "rfilename": name, "size": len(content)}
    found |= {"oid": git, "blobId": git}
    if len(content) >= LARGE:
        found["lfs"] = {"oid": _digest(content), "sha256": _digest(content), "size": len(content)}
        found["lfs"] |= {"pointerSize": 130}
    return found


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HubServer

    @override
    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = [unquote(part) for part in urlparse(self.path).path.strip("/").split("/")]
        if parts[0] == "api":
            self._describe("/".join(parts[1:4]), parts[4:5] == ["tree"])
            return
        if parts[0] != "datasets":
            parts.insert(0, "models")
        files = self.server.repositories.get("/".join(parts[:3]), {})
        name = "/".join(parts[5:])
        if name in files:
            self._send_file(name, files[name])
        else:
            self._answer(404, b"", {"X-Error-Code": "EntryNotFound"})

    def _describe(self, repository: str, tree: bool) -> None:
        files = self.server.repositories.get(repository)
        if files is None:
            self._answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            return
        listing = [_facts(*item) for item in files.items()]
        name = repository.partition("/")[2]
        whole = {"id": name, "sha": COMMIT, "private": False, "siblings": listing, "tags": []}
        body = json.dumps(listing if tree else whole).encode()
        self._answer(200, body, {"Content-Type": "application/json"})

    def _send_file(self, name: str, content: bytes) -> None:
        facts = _facts(name, content)
        tag = _digest(content) if "lfs" in facts else facts["oid"]
        begin = int(self.headers.get("Range", "bytes=0-").partition("=")[2].partition("-")[0])
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{tag}"', "Accept-Ranges": "bytes"}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        body, half = content[begin:], len(content) // 2
        if self.command == "GET":
            self.server.sent.append(name)
            if name in self.server.broken | self.server.stuck:
                self._answer(206 if begin else 200, body, headers, body[: half - begin])
                if name in self.server.stuck:
                    self.server.halfway.set()
                    self.server.closing.wait(60)
                self.close_connection = True
                return
        self._answer(206 if begin else 200, body, headers)

    def _answer(self, code: int, body: bytes, headers: Headers, sent: bytes | None = None) -> None:
        self.send_response(code)
        for key, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body if sent is None else sent)
            self.wfile.flush()
