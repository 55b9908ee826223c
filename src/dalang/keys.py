"""API keys: made here, hashed in the store."""

from __future__ import annotations

import base64
import hmac
import secrets

from dalang.clock import Clock
from dalang.ids import new_id
from dalang.store import Key


def new_secret() -> str:
    """`sk-` and 192 random bits."""
    return f"sk-{secrets.token_hex(24)}"


def new_key(name: str, clock: Clock, account: str = "default") -> Key:
    """In region `local`, which offers every model; it cancels as the protocol says."""
    return Key(
        id=new_id(clock),
        account=account,
        workspace="default",
        region="local",
        name=name,
        cancel="pending",
        created=clock(),
    )


def webhook_secret(secret: bytes, key_id: str) -> str:
    """What callbacks for this key's tasks are signed with, as Standard Webhooks writes it: `whsec_` and base64.
    `secret` is the data folder's."""
    derived = hmac.digest(secret, f"webhook:{key_id}".encode(), "sha256")
    return "whsec_" + base64.b64encode(derived).decode()
