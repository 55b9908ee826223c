"""The sentences that refuse a URL."""

from __future__ import annotations

from dalang.errors import InvalidURL

DOCUMENTED = "Invalid URL provided in your request."


def refused(reason: str) -> InvalidURL:
    """The service's documented sentence, then ours: `reason`, without its full stop."""
    return InvalidURL(f"{DOCUMENTED} {reason}.")


def too_large(shown: str, max_bytes: int) -> InvalidURL:
    """`shown`: the address, without its secrets."""
    return refused(f"{shown} sends more than {max_bytes / 2**20:g} MB")
