"""The sentence that refuses a URL."""

from __future__ import annotations

from dalang.errors import InvalidURL


def refused(reason: str) -> InvalidURL:
    """The service's documented sentence, then ours: `reason`, without its full stop."""
    return InvalidURL(f"Invalid URL provided in your request. {reason}.")
