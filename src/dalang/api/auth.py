"""The bearer key → account, workspace, region."""

from __future__ import annotations

from dalang.errors import InvalidApiKey
from dalang.store import Key, Store


def bearer_key(store: Store, authorization: str | None) -> Key:
    """Raises InvalidApiKey with the service's sentences."""
    scheme, _, secret = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise InvalidApiKey("No API-key provided.")
    key = store.find_key(secret.strip())
    if key is None:
        raise InvalidApiKey("Invalid API-key provided.")
    return key
