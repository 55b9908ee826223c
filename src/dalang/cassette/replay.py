"""Answers from a cassette, before an app that answers what is not on it, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dalang.api.app import refuse
from dalang.api.body import Bodies, discard
from dalang.api.edge import request_id
from dalang.api.files import Film
from dalang.api.oss import done, refused
from dalang.api.uploads import PLACE as ENGINE_UPLOADS
from dalang.api.uploads import paced
from dalang.cassette.event_stream import EVENT_STREAM, written
from dalang.cassette.exchange import RecordedReply
from dalang.cassette.folder import Cassette, Take
from dalang.cassette.links import FILE_NAME, FILES, PLACE, placed
from dalang.cassette.notes import Notes
from dalang.cassette.oss_error import told as told_as_oss
from dalang.cassette.overhearing import overhear
from dalang.cassette.post import Post
from dalang.cassette.question import UPLOADS, Key, Question, differences, nearest, question
from dalang.cassette.redaction import asked_by, kept_body
from dalang.errors import ProtocolError
from dalang.ids import random_id

log = logging.getLogger("dalang.replay")

Absolute = Callable[[Request, str], str]
"""A path of this server to the address under which that client finds it, as `Edge.absolute`."""

API = "/api/v1/"

MOST_TOLD = 5
"""Differences in a sentence."""


class Reel:
    """What was answered to one question, in order; the last of it again and again."""

    def __init__(self, takes: Sequence[Take]) -> None:
        self._takes = takes
        good = [place for place, take in enumerate(takes) if take.exchange.reply.status < 400]
        self._end = good[-1] if good else len(takes) - 1
        self._next = 0

    def play(self, *, to_end: bool = False) -> Take:
        """The next; or, `to_end`, the last one that is no refusal, if any."""
        place = self._end if to_end else min(self._next, len(self._takes) - 1)
        self._next = place + 1
        return self._takes[place]

    def rewind(self) -> None:
        self._next = 0


class Replay:
    """An ASGI app before `app`. `miss`: what becomes of calls under `/api/v1/` that are not on the cassette; `refuse`
    answers 404, `engine` leaves them to `app`, and with them the uploads. What is under other paths is `app`'s."""

    def __init__(self, app: ASGIApp, cassette: Cassette, miss: Literal["refuse", "engine"], absolute: Absolute) -> None:
        self._app, self._absolute = app, absolute
        self._refuses = miss == "refuse"
        self._files = cassette.files
        self._bodies = Bodies()
        self._uploads = Notes()
        """The digest of what lies at an `oss://` address, by its key."""
        self._recorded = [(question(take.exchange.request), take) for take in cassette.takes]
        takes: dict[Key, list[Take]] = {}
        for asked, take in self._recorded:
            takes.setdefault(asked.key, []).append(take)
        self._reels = {key: Reel(those) for key, those in takes.items()}

    def rewind(self) -> None:
        """As when it was new."""
        self._uploads.clear()
        for reel in self._reels.values():
            reel.rewind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith((API, PLACE)):
            await self._reply(scope, receive, send)
        else:
            await self._leave(scope, receive, send)

    async def _reply(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            reply = await self._answer(request)
        except ProtocolError as error:
            reply = await refuse(request, error)
        await reply(scope, receive, send)

    async def _leave(self, scope: Scope, receive: Receive, send: Send) -> None:
        """To the app. Of files that it takes the digests are noted, since creates that name them may be recorded."""
        if scope["type"] == "http" and scope["path"] == ENGINE_UPLOADS and scope["method"] == "POST":
            await overhear(self._app, scope, receive, send, self._uploads)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, request: Request) -> ASGIApp:
        path: str = request.scope["path"]
        if path.startswith(FILES):
            return self._film(path.removeprefix(FILES))
        if path == UPLOADS and request.method == "POST":
            return await self._upload(request)
        return await self._call(request)

    # Calls

    async def _call(self, request: Request) -> ASGIApp:
        body = await self._body(request)
        asked = question(asked_by(request, kept_body(body, self._uploads)))
        reel = self._reels.get(asked.key)
        if reel is None or (asked.kind == "policy" and not self._refuses):
            return self._miss(request, asked, body)
        take = reel.play(to_end=_waits(request, asked))
        log.info("replayed", extra={"file": take.file, "path": request.scope["path"]})
        return self._told(request, take.exchange.reply)

    async def _body(self, request: Request) -> bytes:
        """Of calls that bring none it is left unread, for whoever waits for the client to leave."""
        if request.method in ("GET", "HEAD"):
            return b""
        async with self._bodies.read(request, "") as body:
            return bytes(body)

    def _told(self, request: Request, told: RecordedReply) -> Response:
        body = placed(told.body, lambda path: self._absolute(request, path))
        reply = Response(encoded(with_folder(body), told.headers), told.status)
        reply.raw_headers += [(name.encode("latin-1"), text.encode("latin-1")) for name, text in told.headers.items()]
        return reply

    def _miss(self, request: Request, asked: Question, body: bytes) -> ASGIApp:
        """Raises ProtocolError."""
        if not self._refuses:
            return resent(self._app, body) if body else self._app
        sentence = f"The cassette has no reply to this {request.method} {request.scope['path']}."
        raise ProtocolError(f"{sentence} {self._nearest(asked)}".rstrip(), code="NotRecorded", status=404)

    def _nearest(self, asked: Question) -> str:
        found = nearest(asked, [recorded for recorded, _ in self._recorded])
        if found is None:
            return ""
        file = next(take.file for recorded, take in self._recorded if recorded is found)
        parts = differences(asked, found)
        told = ", ".join(map(str, parts[:MOST_TOLD])) + (", …" if len(parts) > MOST_TOLD else "")
        return f"The nearest that it has, {file}, differs in {told}."

    # Files and uploads

    def _film(self, name: str) -> Response:
        """Raises ProtocolError."""
        file = self._files / name
        if not (FILE_NAME.fullmatch(name) and file.is_file()):
            sentence = "The cassette has no such file: it was not downloaded while it was recorded."
            raise ProtocolError(sentence, code="NotRecorded", status=404)
        return Film(file, media_type=None)

    async def _upload(self, request: Request) -> Response:
        """Any file is taken, and nothing of it kept but its digest: the create call that names it tells what it is."""
        try:
            post = Post(request.headers.get("content-type"), paced(request))
            fields = await post.read_fields()
            await post.skip()
        except ProtocolError as error:
            await discard(request)
            return refused(error, request_id(request))
        key = fields.get("key", "")
        reel = self._reels.get(question(post.asked(key)).key)
        told = reel.play().exchange.reply if reel else None
        if told and told.status >= 400:
            return told_as_oss(told.status, told.body, request_id(request))
        self._uploads.note(key, post.digest)
        return done(fields.get("success_action_status", ""), key)


def with_folder(body: Any) -> Any:
    """A policy with an `upload_dir` of its own: of two files of one name, each needs another address."""
    match body:
        case {"data": {"upload_dir": str()} as data}:
            return {**body, "data": {**data, "upload_dir": f"dashscope-instant/{random_id()}"}}
    return body


def encoded(body: Any, headers: dict[str, str]) -> bytes:
    kind = headers.get("content-type", "")
    if body is None:
        return b""
    if isinstance(body, list) and kind.startswith(EVENT_STREAM):
        return b"".join(map(written, body))
    if isinstance(body, str) and "json" not in kind:
        return body.encode()
    return msgspec.json.encode(body)


def _waits(request: Request, asked: Question) -> bool:
    """Whether the query is one that is answered when the task has ended."""
    return asked.kind == "query" and request.query_params.get("wait", "0").strip("0.") != ""


def resent(app: ASGIApp, body: bytes) -> ASGIApp:
    """`app`, for a request whose body was read already."""

    async def again(scope: Scope, receive: Receive, send: Send) -> None:
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def received() -> Message:
            return waiting.pop() if waiting else await receive()

        await app(scope, received, send)

    return again
