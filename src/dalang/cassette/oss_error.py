"""A refused upload, out of OSS's XML and into it again: its code and sentence. The rest of it names the account."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from starlette.responses import Response

from dalang.api.oss import refused
from dalang.errors import ProtocolError

MEMBER = re.compile(r"<(Code|Message)>(.*?)</\1>", re.DOTALL)


def said(xml: str) -> dict[str, str]:
    """`{"code": …, "message": …}`."""
    return {name.lower(): unescape(text) for name, text in MEMBER.findall(xml)}


def told(status: int, body: Any, request_id: str) -> Response:
    """`body` as `said` gives it."""
    match body:
        case {"code": str(code), "message": str(message)}:
            return refused(ProtocolError(message, code=code, status=status), request_id)
    return Response(status_code=status)
