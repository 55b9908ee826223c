"""A moderation service on the loopback, which answers as a test says."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModerationHost(ThreadingHTTPServer):
    """`answer` is given each request; `asked` holds (path, headers, JSON) of those so far."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ask)
        self.answer: Callable[[Ask], None] = results({"flagged": False})
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are the point of some tests."""


class Ask(BaseHTTPRequestHandler):
    server: ModerationHost

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        self.json = json.loads(content)
        self.server.asked.append((self.path, dict(self.headers), self.json))
        self.server.answer(self)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def results(*results: dict[str, Any]) -> Callable[[Ask], None]:
    body = {"id": "modr-1", "model": "m", "results": list(results)}
    return lambda ask: ask.reply(json.dumps(body).encode())


def silence(ask: Ask) -> None:
    ask.server.closing.wait()


def drip(ask: Ask) -> None:
    ask.reply(b"{")
    while not ask.server.closing.wait(0.01):
        ask.wfile.write(b" ")


def endless(ask: Ask) -> None:
    ask.reply(b'{"results": [')
    while not ask.server.closing.is_set():
        ask.wfile.write(b" " * 65536)


def hang_up(ask: Ask) -> None:
    ask.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def moderation_host() -> Iterator[ModerationHost]:
    with ModerationHost() as host:
        threading.Thread(target=host.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield host
        finally:
            host.closing.set()
            host.shutdown()
