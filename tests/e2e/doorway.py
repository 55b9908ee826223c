"""A way to a server that lets every call in and its answer out only when a test opens it; or never."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.e2e.running import TRUST

PASSED_ON = (
    *("authorization", "content-type", "host", "range", "idempotency-key"),
    *("x-dashscope-async", "x-dashscope-ossresourceresolve", "x-dalang-cancel"),
)


class Doorway(ThreadingHTTPServer):
    """`open` is set at first. `came` counts the answers that were to be let out, by method."""

    daemon_threads = True

    def __init__(self, inside: str) -> None:
        super().__init__(("127.0.0.1", 0), Passage)
        self.inside = inside
        self.open = threading.Event()
        self.open.set()
        self.came: Counter[str] = Counter()
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are the point."""


class Passage(BaseHTTPRequestHandler):
    server: Doorway

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        with httpx.Client(verify=TRUST, trust_env=False, timeout=60) as http:
            answer = http.request(self.command, self.server.inside + self.path, content=body, headers=headers)
        self.server.came[f"{self.command} {self.path.partition('?')[0]}"] += 1
        while not (self.server.open.wait(0.05) or self.server.closing.is_set()):
            pass
        self.send_response(answer.status_code)
        for name in ("content-type", "retry-after", "etag", "content-range"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = _pass  # noqa: N815  the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def doorway(inside: str) -> Iterator[Doorway]:
    with Doorway(inside) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
