"""Keys and what is derived from them."""

from __future__ import annotations

import base64

from dalang.keys import webhook_secret


def test_a_webhook_secret_is_one_keys_and_one_folders_own() -> None:
    made = {webhook_secret(secret, key) for secret in (b"one", b"two") for key in ("key-1", "key-2")}
    assert len(made) == 4
    assert webhook_secret(b"one", "key-1") in made


def test_a_webhook_secret_is_written_as_standard_webhooks_says() -> None:
    prefix, _, encoded = webhook_secret(b"one", "key-1").partition("_")
    assert (prefix, len(base64.b64decode(encoded, validate=True))) == ("whsec", 32)
