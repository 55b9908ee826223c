"""What an account's videos of a month come to; ours."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dalang.api import schema
from dalang.api.edge import Route, edge_of, json_reply
from dalang.api.operation import Operation, Parameter, Reply
from dalang.errors import InvalidParameter
from dalang.statement import GROUPS, Month, as_json, month_of, read_month, spent_in
from dalang.store import GroupBy


async def usage(request: Request) -> Response:
    """Of the key's own account."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    asked = request.query_params
    by, month = _group(asked.get("by")), _month(asked.get("month"), edge.clock())
    return json_reply(request, as_json(month, by, await spent_in(edge.store, month, by, key.account)))


def _group(text: str | None) -> GroupBy:
    for group in GROUPS:
        if group == ("key" if text is None else text):
            return group
    raise InvalidParameter(f"by must be one of {', '.join(GROUPS)}.")


def _month(text: str | None, now: int) -> Month:
    if text is None:
        return month_of(now)
    try:
        return read_month(text)
    except ValueError:
        raise InvalidParameter("month must be written YYYY-MM, such as 2026-11.") from None


SUMS = Operation(
    "What the account's videos of a month come to (ours)",
    (Reply("Sums by group", schema.UsageReply),),
    query=(
        Parameter("month", "Default: this one", {"type": "string", "examples": ["2026-11"]}),
        Parameter("by", "What to sum by; default key", {"type": "string", "enum": GROUPS}),
    ),
    refusals={400: ("InvalidParameter",)},
)

routes = [Route("/api/v1/usage", usage, about=SUMS)]
