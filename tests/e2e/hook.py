"""A receiver of callbacks on the loopback. Each path has its habit."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.e2e.until import PATIENCE, until


class Call(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class Hook(ThreadingHTTPServer):
    """`calls` holds what came so far; at `/busy` the first call of each task is answered 503."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Habit)
        self.calls: list[Call] = []

    def url(self, path: str = "/", host: str = "localhost") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def of(self, task: str) -> list[Call]:
        return [call for call in self.calls if call.event["id"] == task]

    def wait_for(self, task: str, calls: int = 1, within: float = PATIENCE) -> list[Call]:
        return until(lambda: found if len(found := self.of(task)) >= calls else None, f"{task} is told", within)


class Habit(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        call = Call(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.calls.append(call)
        if self.path == "/moved":
            self.send_response(307)
            self.send_header("Location", self.server.url("/there"))
        elif self.path == "/gone":
            self.send_response(410)
        else:
            is_first = len(self.server.of(call.event["id"])) == 1
            self.send_response(503 if self.path == "/busy" and is_first else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def hook() -> Iterator[Hook]:
    receiver = Hook()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()
