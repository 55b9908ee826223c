"""A server of open weights on the loopback, with the `/v1/videos` of OpenAI, as kind or as hostile as a test says.

What it was asked is counted, and each of its answers can be withheld: so a test knows at which point of an order it
kills whoever has placed it.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Video:
    """One that was ordered."""

    id: str
    fields: dict[str, str]
    picture: bytes | None
    status: str = "completed"
    progress: int = 0
    error: dict[str, str] | None = None
    deleted: bool = False

    @property
    def shown(self) -> dict[str, Any]:
        about = {"id": self.id, "object": "video", "status": self.status, "progress": self.progress}
        return about | {"model": self.fields["model"], "error": self.error}


@dataclass
class Door:
    """One kind of call: how it is answered, and whether it may be yet."""

    answer: Callable[[Call], None]
    open: threading.Event = field(default_factory=threading.Event)
    knocked: threading.Event = field(default_factory=threading.Event)
    """Somebody has asked, and what they asked for is done."""
    count: int = 0

    def shut(self) -> None:
        self.open.clear()
        self.knocked.clear()


class Farm(ThreadingHTTPServer):
    """`doors` by kind of call: create, look, content, delete, health. `film` is what every video looks like."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, film: bytes, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Call)
        self.film = film
        self.closing = threading.Event()
        self.doors: dict[str, Door] = {}
        self.forget()

    def forget(self) -> None:
        """As new; whoever stands at a door is let go."""
        for door in self.doors.values():
            door.open.set()
        self.status = "completed"
        """Of new videos."""
        self.videos: dict[str, Video] = {}
        self.keys: set[str | None] = set()
        self.doors = {
            "create": Door(Call.create),
            "look": Door(Call.look),
            "content": Door(Call.content),
            "delete": Door(Call.delete),
            "health": Door(Call.models),
        }
        for door in self.doors.values():
            door.open.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def ordered(self) -> list[Video]:
        return list(self.videos.values())

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are the point of some tests."""


PATHS = (
    ("POST", r"/v1/videos", "create"),
    ("GET", r"/v1/videos/(\w+)", "look"),
    ("GET", r"/v1/videos/(\w+)/content", "content"),
    ("DELETE", r"/v1/videos/(\w+)", "delete"),
    ("GET", r"/v1/models", "health"),
)


class Call(BaseHTTPRequestHandler):
    server: Farm

    def _serve(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.keys.add(self.headers.get("authorization"))
        for method, pattern, kind in PATHS:
            if self.command == method and (found := re.fullmatch(pattern, self.path)):
                self.video_id = found.group(1) if found.groups() else ""
                door = self.server.doors[kind]
                door.count += 1
                door.answer(self)
                return
        self.reply({"detail": "Not Found"}, 404)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815  the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def reply(self, content: dict[str, Any], status: int = 200, **headers: str) -> None:
        self.send(json.dumps(content).encode(), status, **headers)

    def send(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def hang_up(self) -> None:
        """Without a word."""
        self.close_connection = True

    # The protocol

    def take(self) -> Video:
        """The order stands, whatever the answer will be."""
        fields: dict[str, str] = {}
        picture = None
        for part in self._parts():
            if part.is_multipart():
                continue
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if part.get_filename():
                picture = content
            else:
                fields[str(part.get_param("name", header="content-disposition"))] = content.decode()
        video = Video(f"video_{secrets.token_hex(8)}", fields, picture, self.server.status)
        self.server.videos[video.id] = video
        return video

    def _parts(self) -> Iterator[Message]:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        return message_from_bytes(head + self.body).walk()

    def create(self) -> None:
        video = self.take()
        self.wait_at("create")
        self.reply(video.shown)

    def look(self) -> None:
        self.wait_at("look")
        video = self.server.videos.get(self.video_id)
        if video is None or video.deleted:
            self.reply({"detail": "Video not found"}, 404)
        else:
            self.reply(video.shown)

    def content(self) -> None:
        self.wait_at("content")
        self.send(self.server.film, etag='"film"')

    def delete(self) -> None:
        self.server.videos[self.video_id].deleted = True
        self.wait_at("delete")
        self.reply({"id": self.video_id, "object": "video.deleted", "deleted": True})

    def models(self) -> None:
        self.wait_at("health")
        self.reply({"object": "list", "data": []})

    def wait_at(self, kind: str) -> None:
        door = self.server.doors[kind]
        door.knocked.set()
        while not (door.open.wait(0.05) or self.server.closing.is_set()):
            pass


@contextmanager
def farm(film: bytes, port: int = 0) -> Iterator[Farm]:
    with Farm(film, port) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
