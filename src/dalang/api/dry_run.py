"""A create call with `dry_run=true`, which is ours: looked at by all rules that create has, those of this server and of
the key among them. Nothing is kept, nothing fetched and no service asked."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from dalang.api.admission import way_of
from dalang.api.edge import Edge, headers_of, json_reply
from dalang.api.replies import drawn_by
from dalang.api.uploads import find_upload
from dalang.errors import ProtocolError
from dalang.regions import check_model
from dalang.store import Key
from dalang.validate.address import Address
from dalang.validate.report import as_json, told
from dalang.validate.walk import Walk, check_content, walk


async def dry_run(edge: Edge, request: Request, key: Key, body: bytearray) -> Response:
    """Problems stand in the order of create: the first is the one that it would answer. How much the account does at
    once is no problem of the call. Raises Throttling: it counts as a question, apart from creates."""
    edge.check_rate(key, "dry_run")
    inspection = headers_of(request).get("x-dashscope-datainspection")
    call = await asyncio.to_thread(walk, body, partial(check_model, key), inspection)
    warnings = _moderated(edge, call)
    way = _way(edge, request, call)
    for address in call.addresses:
        await _check_medium(edge, request, key, call, address)
    report = await asyncio.to_thread(told, call, key.region, warnings)
    return json_reply(request, {"output": {"dalang": as_json(report) | (way if report.is_valid else {})}})


def _way(edge: Edge, request: Request, call: Walk) -> dict[str, str]:
    """What would draw it."""
    if call.spec is None:
        return {}
    try:
        way = way_of(edge, request, call.spec.name)
    except ProtocolError as refusal:
        call.refuse(refusal)
        return {}
    return drawn_by(way)


def _moderated(edge: Edge, call: Walk) -> tuple[str, ...]:
    """Warnings. By word list only; a moderation service looks at tasks."""
    if call.asked is None:
        return ()
    try:
        edge.moderator.inspect_text(call.asked)
    except ProtocolError as refusal:
        call.refuse(refusal.at("input.prompt"))
    return edge.moderator.warnings(call.asked)


async def _check_medium(edge: Edge, request: Request, key: Key, call: Walk, address: Address) -> None:
    if address.url[:6].lower() != "oss://":
        await asyncio.to_thread(check_content, call, address)
    elif call.spec:
        resolves = headers_of(request).get("x-dashscope-ossresourceresolve") == "enable"
        try:
            await find_upload(edge, key, call.spec.name, address.url, resolves=resolves)
        except ProtocolError as refusal:
            call.refuse(refusal.at(address.field))
