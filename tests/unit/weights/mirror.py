"""A mirror of the hub on loopback, whole or at fault."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote

REVISION = "0123456789abcdef0123456789abcdef01234567"

CHECKPOINT: dict[str, bytes] = {
    "README.md": b"not for us",
    "evil.py": b"import os",
    "model_index.json": b'{"_class_name": "WanPipeline"}',
    "scheduler/scheduler_config.json": b"{}",
    "tokenizer/spiece.model": b"pieces" * 40,
    "transformer/config.json": b'{"layers": 2}',
    "transformer/a.safetensors": bytes(range(256)) * 20_000,
    "transformer/b.safetensors": b"weights " * 9_000,
    "transformer/pickle.bin": b"cos\nsystem\n",
}
"""By path; five megabytes of weights, so that a file comes in several pieces."""

WEIGHTS = {path for path in CHECKPOINT if path.endswith((".safetensors", ".json", ".model"))}


class Asked(NamedTuple):
    path: str
    range: str | None


class Mirror:
    """What it holds can be changed while it runs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.files: dict[str, bytes] = dict(CHECKPOINT)
        self.listing: list[dict[str, Any]] | None = None
        """In place of the true one."""
        self.told: bytes | None = None
        """In place of any."""
        self.headers: dict[str, str] = {}
        """Of every reply, beside its own."""
        self.sent: dict[str, bytes] = {}
        """In place of the true bytes."""
        self.cuts: dict[str, int] = {}
        """Bytes of a file after which the connection breaks, once."""
        self.failures: list[int] = []
        """Status codes of the next replies."""
        self.has_ranges = True
        self.elsewhere: str | None = None
        """Address of the host that has the files, to which this one leads."""
        self.missing = ""
        """Part of the names of repositories that it has not."""
        self.asked: list[Asked] = []

    def fetched(self) -> list[str]:
        return [asked.path for asked in self.asked if asked.path != "listing"]

    def siblings(self) -> list[dict[str, Any]]:
        return [_sibling(path, content) for path, content in self.files.items()]


def _sibling(path: str, content: bytes) -> dict[str, Any]:
    """Large files have a SHA-256, small ones git's digest, as on the hub."""
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    told: dict[str, Any] = {"rfilename": path, "size": len(content), "blobId": blob}
    if path.endswith((".safetensors", ".model")):
        sha256 = hashlib.sha256(content).hexdigest()
        told["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 135}
    return told


class Server(ThreadingHTTPServer):
    held: Mirror

    def handle_error(self, *_: object) -> None:
        """Clients that are killed hang up."""


class Reply(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        held = self.server.held
        if held.failures:
            held.asked.append(Asked("failure", None))
            self.send({}, b"", held.failures.pop(0))
        elif held.missing and held.missing in self.path:
            self.send({}, b"", 404)
        elif self.path.startswith("/api/models/"):
            held.asked.append(Asked("listing", None))
            listing = held.siblings() if held.listing is None else held.listing
            listed = json.dumps({"sha": REVISION, "siblings": listing}).encode()
            self.send({}, listed if held.told is None else held.told)
        else:
            self.send_file(held, unquote(self.path.rpartition(f"/resolve/{REVISION}/")[2].removeprefix("/")))

    def send_file(self, held: Mirror, path: str) -> None:
        wanted = self.headers.get("Range")
        held.asked.append(Asked(path, wanted))
        content = held.sent.get(path, held.files.get(path))
        if held.elsewhere:
            self.send({"Location": held.elsewhere + self.path}, b"", 302)
        elif content is None:
            self.send({}, b"", 404)
        elif wanted and held.has_ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            told = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            self.send(told, content[start:], 206, held.cuts.pop(path, None))
        else:
            self.send({}, content, 200, held.cuts.pop(path, None))

    def send(self, headers: dict[str, str], body: bytes, status: int = 200, cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in (self.server.held.headers | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        self.close_connection = cut is not None

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def mirror() -> Iterator[Mirror]:
    with Server(("127.0.0.1", 0), Reply) as server:
        server.held = Mirror(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.held
        finally:
            server.shutdown()
            thread.join()
