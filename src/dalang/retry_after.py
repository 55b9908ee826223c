"""The header with which a server says when to come back."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime


def read_retry_after(text: str | None, now: int) -> int | None:
    """Milliseconds from `now`, less than none of a date that is past, for `120` or an HTTP date (RFC 9110, 10.2.3);
    None for anything else."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9]) * 1000
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000) - now
