"""Upload policies: leave to put files into one folder for some minutes, signed by us, and the only credential of the
POST that uses it. They look like Alibaba OSS's, whose clients read nothing in them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from dalang.api.oss import refusal
from dalang.clock import Clock
from dalang.ids import FORM, new_id

ROOT = "dashscope-instant"

KEY = re.compile(rf"{ROOT}/[0-9a-f]{{16}}/({FORM.pattern})/([^/\x00-\x1f\x7f]{{1,255}})")
"""`ROOT/ACCOUNT/ID/NAME`: the account's digest, the policy's identifier, the file's name."""


class Grant(msgspec.Struct, frozen=True):
    """What a policy allows."""

    account: str
    model: str
    folder: str
    expires: int
    """Milliseconds."""
    max_bytes: int


class Document(msgspec.Struct, frozen=True):
    """A policy before base64. The first two members are OSS's, for whoever looks; we go by the third."""

    expiration: str
    conditions: tuple[tuple[str | int, ...], ...]
    dalang: Grant


class Signed(NamedTuple):
    policy: str
    """Base64 of the document."""
    signature: str


def new_folder(account: str, clock: Clock) -> str:
    """No two policies share one: clients upload several files of one name side by side."""
    digest = hashlib.sha256(account.encode()).hexdigest()
    return f"{ROOT}/{digest[:16]}/{new_id(clock)}"


def sign(grant: Grant, secret: bytes) -> Signed:
    """`secret` is the data folder's."""
    expiration = datetime.fromtimestamp(grant.expires / 1000, UTC).isoformat(timespec="milliseconds")
    document = Document(
        expiration=expiration.replace("+00:00", "Z"),
        conditions=(("content-length-range", 1, grant.max_bytes), ("starts-with", "$key", f"{grant.folder}/")),
        dalang=grant,
    )
    policy = base64.b64encode(msgspec.json.encode(document)).decode()
    return Signed(policy, _signature(policy, secret))


def read(signed: Signed, secret: bytes, now: int) -> Grant:
    """Raises ProtocolError (AccessDenied, SignatureDoesNotMatch) with OSS's sentences."""
    if not hmac.compare_digest(_signature(signed.policy, secret).encode(), signed.signature.encode()):
        raise refusal("SignatureDoesNotMatch")
    try:
        grant = msgspec.json.decode(base64.b64decode(signed.policy), type=Document).dalang
    except (msgspec.MsgspecError, binascii.Error) as error:  # of another version of this program
        raise refusal("AccessDenied", "Policy can not be read.") from error
    if grant.expires <= now:
        raise refusal("AccessDenied", "Policy expired.")
    return grant


def upload_id(key: str) -> str | None:
    """Where storage and store have the file of this key; None for what is no key of ours. Its first 48 bits are the
    time of the policy, as in every identifier; the rest is the key's digest, since a policy may bring several files."""
    match = KEY.fullmatch(key)
    if match is None:
        return None
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{match[1][:13]}-8{digest[:3]}-a{digest[3:6]}-{digest[6:18]}"


def _signature(policy: str, secret: bytes) -> str:
    purpose = hmac.digest(secret, b"upload policy", "sha256")
    return base64.b64encode(hmac.digest(purpose, policy.encode(), "sha256")).decode()
