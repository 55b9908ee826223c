"""The recording reverse proxy: passes each call on, keeps what was said, and has links lead through itself."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from dalang.api.app import refuse
from dalang.api.body import Bodies, discard
from dalang.api.edge import request_id
from dalang.api.files import Film
from dalang.api.oss import refusal, refused
from dalang.api.uploads import paced
from dalang.cassette.event_stream import EVENT_STREAM, Blocks, Event, parsed, written
from dalang.cassette.exchange import Exchange, RecordedReply, RecordedRequest
from dalang.cassette.folder import Tape
from dalang.cassette.links import FILE_NAME, FILES, Links, Place, placed
from dalang.cassette.notes import Notes
from dalang.cassette.oss_error import said
from dalang.cassette.post import MAX_FILE, Post
from dalang.cassette.question import UPLOADS, question
from dalang.cassette.redaction import REPLY_HEADERS, asked_by, decoded, kept, kept_body, kept_headers
from dalang.cassette.upstream import Upstream, passed
from dalang.errors import NotFound, ProtocolError

log = logging.getLogger("dalang.record")


class Recorder:
    """The ASGI application of `dalang record`."""

    def __init__(self, upstream: Upstream, tape: Tape) -> None:
        self._upstream = upstream
        self._tape = tape
        self._bodies = Bodies()
        self._files = Notes()
        """The address upstream of each file that a reply has named."""
        self._hosts = Notes()
        """The upload host of each `upload_dir`."""
        self._uploads = Notes()
        """The digest of what lies at an `oss://` address, by its key."""
        self._fetches: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            reply = await self._answer(request)
        except ProtocolError as error:
            reply = await refuse(request, error)
        try:
            await reply(scope, receive, send)
        except ClientDisconnect:
            log.info("client left", extra={"path": request.scope["path"]})

    async def _answer(self, request: Request) -> Response:
        path: str = request.scope["path"]
        if path.startswith("/api/v1/"):
            return await self._pass_on(request)
        if path.startswith(FILES):
            return await self._download(path.removeprefix(FILES))
        if path == UPLOADS and request.method == "POST":
            return await self._upload(request)
        raise NotFound("Not found! This is a recorder: it passes on what begins with /api/v1/.")

    # Calls

    async def _pass_on(self, request: Request) -> Response:
        async with self._bodies.read(request, "") as body:
            reply = await self._upstream.ask(request, bytes(body))
            asked = asked_by(request, kept_body(body, self._uploads))
        if reply.headers.get("content-type", "").startswith(EVENT_STREAM):
            events = self._stream(request, asked, reply)
            return headed(StreamingResponse(events, reply.status_code), reply)
        try:
            raw = await self._upstream.read(reply)
        finally:
            await reply.aclose()
        return self._reply(request, asked, reply, raw)

    def _reply(self, request: Request, asked: RecordedRequest, reply: httpx.Response, raw: bytes) -> Response:
        content = decoded(raw) if raw else None
        self._note_policy(content)
        marked = self._mark(content)
        self._keep(asked, told_by(reply, kept(marked, self._uploads)), self._secrets(request))
        shown = placed(marked, own_place(request))
        return headed(Response(raw if shown == content else msgspec.json.encode(shown), reply.status_code), reply)

    async def _stream(self, request: Request, asked: RecordedRequest, reply: httpx.Response) -> AsyncIterator[bytes]:
        """Each event as it comes. What breaks off is not kept."""
        events: list[Event] = []
        blocks = Blocks()
        try:
            async for chunk in reply.aiter_bytes():
                for block in blocks.feed(chunk):
                    yield self._event(request, block, events)
            yield blocks.rest
        except httpx.RequestError as error:
            log.warning("stream broke off", extra={"path": request.scope["path"], "reason": repr(error)})
            return
        finally:
            await reply.aclose()
        self._keep(asked, told_by(reply, kept(events, self._uploads)), self._secrets(request))

    def _event(self, request: Request, block: bytes, events: list[Event]) -> bytes:
        event = parsed(block)
        if not event:
            return block + b"\n\n"
        marked: Event = {**event, "data": self._mark(event["data"])} if "data" in event else event
        events.append(marked)
        return written(placed(marked, own_place(request)))

    def _mark(self, content: Any) -> Any:
        return Links(content, self._files.note).mark(content)

    def _note_policy(self, content: Any) -> None:
        match content:
            case {"data": {"upload_host": str(host), "upload_dir": str(folder)}}:
                self._hosts.note(folder, host)

    def _keep(self, asked: RecordedRequest, told: RecordedReply, secrets: Iterator[str]) -> None:
        """A full disk must not cost the client a task that it pays for: it is told here, and the reply goes out."""
        kind = question(asked).kind
        try:
            file = self._tape.keep(kind, Exchange(asked, told), secrets)
        except OSError as error:
            log.error("exchange not kept", extra={"path": asked.path, "reason": error.strerror})
        else:
            log.info("kept", extra={"file": file, "status": told.status})

    def _secrets(self, request: Request) -> Iterator[str]:
        """Texts that a reply may repeat."""
        yield request.headers.get("authorization", "").rpartition(" ")[2]
        yield request.headers.get("x-dashscope-workspace", "")
        yield from request.cookies.values()
        yield self._upstream.workspace

    # Files

    async def _download(self, name: str) -> Response:
        if not FILE_NAME.fullmatch(name):
            raise NotFound("Not found!")
        if not self._tape.has(name):
            await self._fetch(name)
        file = self._tape.files / name
        return Film(file, media_type=None)

    async def _fetch(self, name: str) -> None:
        """Once, and whole; ranges are served from what is kept."""
        address = self._files.get(name)
        if address is None:
            raise NotFound("Not found! Query the task through this recorder first: its reply names the link.")
        async with self._fetches[name]:
            if not self._tape.has(name):
                await self._upstream.fetch(address, self._tape.files / name)
                log.info("kept", extra={"file": f"files/{name}"})

    # Uploads

    async def _upload(self, request: Request) -> Response:
        """Refusals in OSS's words and XML, as the place itself does it."""
        try:
            return await self._pass_form_on(request)
        except ProtocolError as error:
            await discard(request)
            return refused(error, request_id(request))

    async def _pass_form_on(self, request: Request) -> Response:
        check_length(request)
        post = Post(request.headers.get("content-type"), paced(request))
        fields = await post.read_fields()
        key = fields.get("key", "")
        host = self._hosts.get(key.rpartition("/")[0])
        if host is None:
            raise refusal("AccessDenied", "This recorder has passed on no upload policy for this key.")
        names = ("content-type", "content-length")
        headers = {name: value for name in names if (value := request.headers.get(name))}
        reply = await self._upstream.post(host, headers, post.raw())
        if reply.is_success:
            self._uploads.note(key, post.digest)
        told = RecordedReply(status=reply.status_code, body=said(reply.text) if reply.is_error else None)
        self._keep(post.asked(key), told, form_secrets(fields))
        return Response(reply.content, reply.status_code, media_type=reply.headers.get("content-type"))


def headed(answer: Response, reply: httpx.Response) -> Response:
    """With the headers of `reply`, byte for byte."""
    answer.raw_headers += passed(reply.headers.raw)
    return answer


def told_by(reply: httpx.Response, body: Any) -> RecordedReply:
    return RecordedReply(status=reply.status_code, headers=kept_headers(reply.headers, REPLY_HEADERS), body=body)


def own_place(request: Request) -> Place:
    """Under the address that the client used."""
    base = str(request.base_url).rstrip("/")
    return lambda path: base + path


def check_length(request: Request) -> None:
    if int(request.headers.get("content-length", 0)) > MAX_FILE + (1 << 20):
        raise refusal("EntityTooLarge", f"A file may have {MAX_FILE >> 20} MB at most.")


def form_secrets(fields: dict[str, str]) -> Iterator[str]:
    for name in ("policy", "signature", "ossaccesskeyid", "x-oss-security-token"):
        yield fields.get(name, "")
    yield fields.get("key", "").rpartition("/")[0]
