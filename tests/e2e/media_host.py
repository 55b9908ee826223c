"""A host of media on the loopback, as kind or as hostile as a path says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

from PIL import Image


def picture(width: int = 320, height: int = 240, kind: str = "JPEG") -> bytes:
    """A gradient, so that a stretched or shifted copy differs from it."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


class MediaHost(ThreadingHTTPServer):
    """`asked` holds the paths asked for so far; `gate` lets `/gated.jpg` go on."""

    daemon_threads = True
    request_queue_size = 128
    """As many may connect at once; the default is 5."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.closing = threading.Event()

    def url(self, path: str, host: str = "localhost") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are the point of some tests."""


class Answer(BaseHTTPRequestHandler):
    server: MediaHost

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path, _, query = self.path.partition("?to=")
        if query:
            self._head(302, location=query)
            return
        ANSWERS[path](self)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _head(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def whole(self) -> None:
        self._send(picture())

    def gated(self) -> None:
        while not (self.server.gate.wait(0.1) or self.server.closing.is_set()):
            pass
        self._send(picture())

    def drip(self) -> None:
        """A byte now and then, for ever."""
        self._head(content_type="image/jpeg")
        while not self.server.closing.wait(0.1):
            self.wfile.write(b"\xff")

    def steady(self) -> None:
        """At a pace that is borne with, for minutes."""
        self._head(content_type="image/jpeg")
        while not self.server.closing.wait(0.1):
            self.wfile.write(bytes(8 << 10))

    def endless(self) -> None:
        """As fast as it is taken, for ever."""
        self._head(content_type="image/jpeg")
        block = bytes(1 << 20)
        while not self.server.closing.is_set():
            self.wfile.write(block)

    def gone(self) -> None:
        self._head(404)

    def _send(self, content: bytes) -> None:
        self._head(content_type="image/jpeg", content_length=str(len(content)))
        self.wfile.write(content)


ANSWERS = {
    "/picture.jpg": Answer.whole,
    "/gated.jpg": Answer.gated,
    "/drip.jpg": Answer.drip,
    "/steady.jpg": Answer.steady,
    "/endless.jpg": Answer.endless,
    "/gone.jpg": Answer.gone,
}


@contextmanager
def media_host() -> Iterator[MediaHost]:
    with MediaHost() as host:
        threading.Thread(target=host.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield host
        finally:
            host.closing.set()
            host.shutdown()
