"""For operators: alive, ready, metrics."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dalang.api.edge import Route, edge_of
from dalang.api.operation import TEXT, Operation, Reply


async def healthz(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """The store can be read and takes writes; workers may still be warming. Raises StoreError."""
    store = edge_of(request).store
    store.next_event()
    await store.ping()
    return PlainTextResponse("ready\n")


async def metrics(request: Request) -> Response:
    edge = edge_of(request)
    text = await edge.metrics.render(edge.store, edge.waiters.count)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _told(summary: str) -> Operation:
    return Operation(summary, (Reply("Text", TEXT, "text/plain"),), is_keyed=False)


routes = [
    Route("/healthz", healthz, about=_told("Whether the process answers")),
    Route("/readyz", readyz, about=_told("Whether the store can be read and takes writes")),
    Route("/metrics", metrics, about=_told("Counts for Prometheus")),
]
