"""API keys: made here, hashed in the store."""

from __future__ import annotations

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
