"""The ASGI application: routes, the one place where errors become replies, and the count and log of every answer."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dalang.api import dashscope, files, ops
from dalang.api.body import discard
from dalang.api.dashscope import json_reply
from dalang.api.edge import Edge, request_id
from dalang.errors import DalangError, InternalError, InvalidParameter, NotFound, ProtocolError

log = logging.getLogger("dalang.api")


def create_app(edge: Edge) -> Starlette:
    """All parts are in `edge`; the app holds nothing of its own."""
    cors = Middleware(CORSMiddleware, allow_origins=edge.config.cors_origins, allow_methods=["*"], allow_headers=["*"])
    app = Starlette(
        routes=[*dashscope.routes, *files.routes, *ops.routes],
        middleware=[Middleware(Observed), *([cors] if edge.config.cors_origins else [])],
        exception_handlers={ProtocolError: refuse, HTTPException: refuse_http, Exception: fail},
    )
    app.router.redirect_slashes = False  # a redirected POST loses its body
    app.state.edge = edge
    return app


async def refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProtocolError)
    reply = json_reply(request, {"code": error.code, "message": error.message}, error.status)
    if error.status == 429:
        reply.headers["retry-after"] = "1"
    await discard(request)
    log.info("refused", extra={"request_id": request_id(request), "code": error.code, "reason": error.message})
    return reply


async def refuse_http(request: Request, error: Exception) -> Response:
    """What the router says, in the protocol's words."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return await refuse(request, InvalidParameter(f"Request method '{request.method}' is not supported."))
    return await refuse(request, NotFound("Not found!"))


async def fail(request: Request, error: Exception) -> Response:
    """A fault of ours. Its text stays in the log, unless it was written for a person."""
    log.error("request failed", exc_info=error, extra={"request_id": request_id(request)})
    count(request.scope, InternalError.status)  # Starlette answers this one outside of Observed
    detail = f" {error}" if isinstance(error, DalangError) else ""
    return await refuse(request, InternalError(InternalError.SENTENCE + detail))


def count(scope: Scope, status: int) -> None:
    endpoint = scope.get("endpoint")
    scope["app"].state.edge.metrics.answered(endpoint.__name__ if endpoint else "unmatched", status)


class Observed:
    """Counts each answer by endpoint and status."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def observe(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                count(scope, message["status"])
            await send(message)

        await self._app(scope, receive, observe)
        return None
