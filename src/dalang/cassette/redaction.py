"""What a cassette keeps of a message: no key, no signature, nothing that names an account, and media by their digest.

A live request is brought into the same form before it is looked for, so that what was left out cannot tell it from the
recorded one.
"""

from __future__ import annotations

import hashlib
import re
from binascii import a2b_base64
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.requests import Request

from dalang.cassette.exchange import RecordedRequest
from dalang.validate.body import UNREADABLE

REMOVED = "removed"

SECRET_FIELDS = frozenset(
    {
        "account",
        "account_id",
        "api_key",
        "api_key_id",
        "apikey_id",
        "caller_parent_id",
        "caller_uid",
        "group",
        "key_id",
        "oss_access_key_id",
        "ossaccesskeyid",
        "parent_uid",
        "policy",
        "security-token",
        "security_token",
        "signature",
        "uid",
        "upload_dir",
        "user_id",
        "workspace",
        "workspace_id",
        "x_oss_security_token",
    }
)
"""Names of JSON members and query parameters whose values open something or tell whose it is."""

REQUEST_HEADERS = frozenset(
    {
        "content-type",
        "x-dalang-cancel",
        "x-dashscope-async",
        "x-dashscope-datainspection",
        "x-dashscope-ossresourceresolve",
    }
)

REPLY_HEADERS = frozenset({"content-type", "retry-after"})

ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)

SIGNS = re.compile(
    r"sign|token|secret|credential|access|expires|policy|passw|auth|key$|keyid$|^sig$|^x-(oss|amz|goog|cos)-",
    re.IGNORECASE,
)
"""In the name of a query parameter: the query is leave to read, and no part of the address."""

DATA = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)

OSS = "oss://"

OSS_FOLDER = re.compile(r"oss://[^\s\"'<>]*/")
"""It tells the account."""

DEEPEST = 100
"""Containers in containers."""


def kept(value: Any, uploads: Mapping[str, str]) -> Any:
    """JSON without secrets. `uploads`: the digest of what lies at an `oss://` address, by its key."""
    match value:
        case dict():
            return {name: _member(name, inner, uploads) for name, inner in value.items()}
        case list():
            return [kept(inner, uploads) for inner in value]
        case str():
            return _text(value, uploads)
    return value


def asked_by(request: Request, body: Any) -> RecordedRequest:
    """`body` is kept already."""
    return RecordedRequest(
        method=request.method,
        path=request.scope["path"],
        query=kept_query(request.scope["query_string"]),
        headers=kept_headers(request.headers, REQUEST_HEADERS),
        body=body,
    )


def kept_body(raw: bytes | bytearray, uploads: Mapping[str, str]) -> Any:
    """Of JSON or of any other text; None for nothing."""
    if not raw:
        return None
    return kept(decoded(raw), uploads)


def decoded(raw: bytes | bytearray) -> Any:
    """JSON, or the text where it is none or nests too deeply to be walked through."""
    with suppress(*UNREADABLE):
        content = msgspec.json.decode(raw)
        if not _is_deep(content):
            return content
    return raw.decode("utf-8", "replace")


def _is_deep(content: Any) -> bool:
    level = [content]
    for _ in range(DEEPEST):
        level = [inner for outer in level if isinstance(outer, dict | list) for inner in _inner(outer)]
    return bool(level)


def _inner(outer: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return outer.values() if isinstance(outer, dict) else outer


def kept_query(raw: bytes) -> dict[str, str]:
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
    return {name: REMOVED if _is_secret(name) else unsigned(value) for name, value in pairs}


def kept_headers(headers: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in sorted(headers.items()) if name in names}


def unsigned(text: str) -> str:
    """Without the queries of signed addresses and without passwords in addresses, wherever in `text` they stand."""
    return ADDRESS.sub(lambda found: _unsigned(found[0]), text) if "://" in text else text


def _unsigned(address: str) -> str:
    plain = re.sub(r"(?<=://)[^/?#]*@", "", address)
    try:
        query = urlsplit(plain).query
    except ValueError:  # no address: what is before the query may stay
        return plain.partition("?")[0]
    is_signed = any(SIGNS.search(name) for name, _ in parse_qsl(query, keep_blank_values=True))
    return plain.partition("?")[0] if is_signed else plain


def _member(name: str, value: Any, uploads: Mapping[str, str]) -> Any:
    return REMOVED if _is_secret(name) and value is not None else kept(value, uploads)


def _is_secret(name: str) -> bool:
    return name.lower() in SECRET_FIELDS


def _text(text: str, uploads: Mapping[str, str]) -> str:
    if head := DATA.match(text):
        return digest_of(_bytes(text, head.end()))
    if text.startswith(OSS):
        key = text.removeprefix(OSS)
        return uploads.get(key) or OSS + key.rpartition("/")[2]
    return OSS_FOLDER.sub(OSS, unsigned(text))


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _bytes(data_url: str, start: int) -> bytes:
    """What cannot be decoded stands for itself."""
    try:
        return a2b_base64(data_url[start:])
    except ValueError:
        return data_url.encode("utf-8", "replace")
