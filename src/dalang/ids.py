"""Identifiers: time-ordered UUIDs (version 7, RFC 9562), which look like the service's and append to an index."""

from __future__ import annotations

import secrets
from uuid import UUID

from dalang.clock import Clock


def new_id(clock: Clock) -> str:
    """A UUID whose first 48 bits are the time in milliseconds and whose other 74 free bits are random."""
    random = secrets.randbits(74)
    value = (clock() & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (random >> 62) << 64
    return str(UUID(int=value | 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF))


def is_id(text: str) -> bool:
    """Whether `text` could be an identifier of ours; anything else need not reach the store or a path."""
    if len(text) != 36:
        return False
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
