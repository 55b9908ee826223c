"""Standard Webhooks 1.0: how a receiver knows that a message is ours, fresh, and not one it has had before."""

from __future__ import annotations

import base64
import hmac


def signed(secret: str, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers of a message. `secret` is `whsec_` and base64; `seconds` since the epoch, of this try."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
