"""The ASGI application: routes, the one place where errors become replies, and the count of every answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dalang.api import create, files, models, openapi, ops, query, tasks, uploads, usage, videos
from dalang.api.body import discard
from dalang.api.edge import Edge, Refused, Route, flat, request_id
from dalang.errors import DalangError, InternalError, InvalidParameter, NotFound, ProtocolError, Throttling

log = logging.getLogger("dalang.api")

PARTS = (query, create, videos, tasks, files, uploads, models, usage, ops)
"""Tried in this order: polls are by far the most frequent, and the create calls come before what looks like them."""

Endpoint = Callable[[Request], Awaitable[Response]]


class Path(NamedTuple):
    """A route, ready to be looked for."""

    form: re.Pattern[str]
    methods: frozenset[str]
    endpoint: Endpoint
    refused: Refused
    first: str
    """Name in the path."""


def create_app(edge: Edge, more: Sequence[Route] = ()) -> ASGIApp:
    """All parts are in `edge`; the app holds nothing of its own. `more` are routes beside the usual ones."""
    routes = [route for part in PARTS for route in part.routes]
    return App(edge, [*routes, openapi.described(routes), *more])


def with_cors(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """`app` for pages from `origins` too; around whatever else answers."""
    return CORSMiddleware(app, allow_origins=origins, allow_methods=["*"], allow_headers=["*"]) if origins else app


class App:
    """Starlette's requests and responses without its application, whose layers cost a poll a third of its time and
    answer an unexpected error outside of everything that counts and translates."""

    def __init__(self, edge: Edge, routes: Sequence[Route]) -> None:
        self._edge = edge
        self._paths = [_path(route) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        scope["dalang.edge"] = self._edge
        request = Request(scope, receive)
        name, reply = await self._answer(request)

        async def counted(message: Message) -> None:
            """A file decides on its status only now, when it looks at the range that was asked for."""
            if message["type"] == "http.response.start":
                self._edge.metrics.answered(name, message["status"])
            await send(message)

        try:
            await reply(scope, receive, counted)
        except Exception:  # too late for another reply
            log.exception("reply broke off", extra={"request_id": request_id(request)})

    async def _answer(self, request: Request) -> tuple[str, Response]:
        """The endpoint's name and what it says, or what its error says. The wall of the edge: a bug of ours must be
        answered too."""
        name = "unmatched"
        try:
            endpoint = self._find(request)
            name = endpoint.__name__
            return name, await endpoint(request)
        except ProtocolError as error:
            return name, await refuse(request, error, self._words(request))
        except Exception as error:
            log.exception("request failed", extra={"request_id": request_id(request)})
            # A text of ours was written for a person; any other stays in the log.
            detail = f" {error}" if isinstance(error, DalangError) else ""
            return name, await refuse(request, InternalError(InternalError.SENTENCE + detail), self._words(request))

    def _words(self, request: Request) -> Refused:
        """Of the protocol whose paths begin as this one does."""
        first = _first(request.scope["path"])
        return next((path.refused for path in self._paths if path.first == first), flat)

    def _find(self, request: Request) -> Endpoint:
        """What the router says, it says in the protocol's words. Raises NotFound or InvalidParameter."""
        is_known = False
        for path in self._paths:
            if match := path.form.fullmatch(request.scope["path"]):
                if request.method in path.methods:
                    request.scope["path_params"] = match.groupdict()
                    return path.endpoint
                is_known = True
        if is_known:
            raise InvalidParameter(f"Request method '{request.method}' is not supported.")
        raise NotFound("Not found!")


def _path(route: Route) -> Path:
    return Path(_form(route.path), frozenset(route.methods), route.endpoint, route.refused, _first(route.path))


def _first(path: str) -> str:
    return path.removeprefix("/").partition("/")[0]


def _form(path: str) -> re.Pattern[str]:
    """`/tasks/{task_id}` matches one name there, `/services/{rest:path}` whatever follows."""
    form = re.sub(r"{(\w+):path}", r"(?P<\1>.*)", path)
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", form))


async def refuse(request: Request, error: ProtocolError, refused: Refused = flat) -> Response:
    await discard(request)
    reply = refused(request, error)
    if isinstance(error, Throttling):
        reply.headers["retry-after"] = str(error.retry_after)
    log.info("refused", extra={"request_id": request_id(request), "code": error.code, "reason": error.message})
    return reply
