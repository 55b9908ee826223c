"""The application as test mode serves it: every call is written down, and may be befallen by what was declared."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dalang.api import oss, replies
from dalang.api.app import refuse
from dalang.api.body import discard
from dalang.api.edge import Refused, flat, json_reply, request_id
from dalang.api.videos import replies as videos
from dalang.clock import Clock
from dalang.errors import ProtocolError
from dalang.task import Task
from dalang.testbed.body import parsed, read_ahead, shortened, understood
from dalang.testbed.connection import hang_up
from dalang.testbed.fault import Answer, Drop, Forget, Refuse, Truncate
from dalang.testbed.faults import Faults
from dalang.testbed.form_outline import outlined
from dalang.testbed.journal import Entry, Journal
from dalang.testbed.outlet import Outlet
from dalang.testbed.subject import Subject, classify, is_aside

BY_FILE = "http.response.pathsend"
"""ASGI's way to have the server send a file, which then cannot break off."""


class TestApp:
    """`find_task` looks up the task that a path names. `polled` is told of a query before it is answered, and returns
    True for a task that its queries alone move on. `drop` closes the connection of a scope."""

    __test__ = False  # for pytest, which takes the name for a suite

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        journal: Journal,
        find_task: Callable[[str], Task | None],
        polled: Callable[[str], Awaitable[bool]],
        now: Clock,
        drop: Callable[[Scope], None] = hang_up,
    ) -> None:
        self._app = app
        self._faults = faults
        self._journal = journal
        self._find_task = find_task
        self._polled = polled
        self._now = now
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_aside(scope["path"]):
            await self._app(scope, receive, send)
            return
        subject = classify(scope["method"], scope["path"])
        entry = self._journal.begin(subject, scope, request_id(Request(scope)), self._now())
        subject, receive = await self._read(subject, scope, receive, entry)
        try:
            await self._meet(subject, scope, receive, send, entry)
        except ProtocolError as error:  # magic that is none, or a connection that cannot be dropped
            reply = await refuse(Request(scope, receive), error, _words(subject))
            await reply(scope, receive, Outlet(send, entry))

    async def _read(self, subject: Subject, scope: Scope, receive: Receive, entry: Entry) -> tuple[Subject, Receive]:
        """All that can be known of a request, and its body anew."""
        match subject.call:
            case "create":
                body, receive = await read_ahead(scope, receive)
                kind = entry.call.headers.get("content-type")
                asked, request = parsed(body, subject, kind), understood(body, subject, kind)
                entry.amend(body=shortened(asked), request=request)
                subject = subject.with_words(asked)
                return subject._replace(model=subject.model or (request.model if request else None)), receive
            case "upload":
                return subject, outlined(receive, entry)
            case "policy":
                return subject._replace(model=entry.call.query.get("model")), receive
        task = self._find_task(subject.task_id) if subject.task_id else None
        return (subject._replace(model=task.model, prompt=task.request.prompt) if task else subject), receive

    async def _meet(self, subject: Subject, scope: Scope, receive: Receive, send: Send, entry: Entry) -> None:
        """Raises ProtocolError before anything has gone out."""
        befalling = self._faults.for_call(subject)
        entry.amend(faults=befalling.faults)
        outlet = Outlet(send, entry, befalling.delay)
        match befalling.outcome:
            case None:
                await self._app(await self._after_poll(subject, scope), receive, outlet)
            case Truncate(part):
                outlet.break_off_after(part)
                await self._app(_streamed(scope), receive, outlet)
            case Drop(moment):
                if moment == "after":
                    await self._app(scope, receive, _unheard)
                await asyncio.sleep(befalling.delay)
                self._drop(scope)
            case Refuse() | Answer() | Forget() as outcome:
                reply = await _reply(outcome, subject, Request(scope, receive))
                await reply(scope, receive, outlet)

    async def _after_poll(self, subject: Subject, scope: Scope) -> Scope:
        """The scope of a call that goes its usual way. A query of a task that is kept where it is by polls does not
        wait for its end, which would be in vain."""
        is_of_task = subject.call == "query" and subject.model is not None
        if is_of_task and subject.task_id and await self._polled(subject.task_id):
            return {**scope, "query_string": _without_wait(scope["query_string"])}
        return scope


async def _reply(outcome: Refuse | Answer | Forget, subject: Subject, request: Request) -> Response:
    match outcome:
        case Refuse():
            return await _refusal(outcome, subject, request)
        case Answer(status, body, headers):
            await discard(request)
            return Response(body, status, headers)
        case Forget() if subject.is_openai_style:
            return videos.refused(request, videos.not_found(subject.path.rpartition("/")[2]))
        case Forget():
            return json_reply(request, {"output": replies.unknown(subject.task_id or "")})


async def _refusal(refusal: Refuse, subject: Subject, request: Request) -> Response:
    error = ProtocolError(refusal.message or "", code=refusal.code, status=refusal.status)
    if subject.call == "upload":
        await discard(request)
        reply = oss.refused(error, request_id(request))
    else:
        reply = await refuse(request, error, _words(subject))
    if refusal.retry_after is not None:
        reply.headers["retry-after"] = str(refusal.retry_after)
    return reply


def _words(subject: Subject) -> Refused:
    return videos.refused if subject.is_openai_style else flat


async def _unheard(message: Message) -> None:
    """An ASGI `send` to nobody."""


def _streamed(scope: Scope) -> Scope:
    extensions = scope.get("extensions") or {}
    return {**scope, "extensions": {name: value for name, value in extensions.items() if name != BY_FILE}}


def _without_wait(query: bytes) -> bytes:
    return b"&".join(part for part in query.split(b"&") if not part.startswith(b"wait="))
